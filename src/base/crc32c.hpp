// CRC-32C, the checksum that Google Cloud Storage keeps of every object.
#pragma once

#include <cstdint>
#include <string_view>

namespace base {

/// CRC-32C of `bytes` (RFC 3720, appendix B.4: reflected polynomial 0x82F63B78, first and last value
/// inverted). A stream goes through in pieces: hand in the value so far.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t so_far = 0);

}  // namespace base
