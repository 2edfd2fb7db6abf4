// How many files and connections a service may have open.
#pragma once

#include <cstddef>
#include <cstdint>

namespace cli {

/// Raises this process's soft limit of open files to the hard one, as far as that is allowed. Returns what
/// holds then.
std::uint64_t raise_descriptor_limit();

/// The ceiling of clients' connections, `wanted` or fewer: what `descriptors` leave beside the database's
/// `pool` and two hundred for everything else, but at least 64.
std::size_t connections_that_fit(std::uint64_t descriptors, int pool, std::size_t wanted);

}  // namespace cli
