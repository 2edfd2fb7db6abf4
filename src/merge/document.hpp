// The decisions about every field, put together into one document and its columns.
#pragma once

#include <string_view>

#include "advisory/vulnerability.hpp"
#include "merge/work.hpp"

namespace merge {

/// The version of the OSV schema that documents follow.
inline constexpr std::string_view schema_version = "1.7.5";

/// Decides every field and builds the document, without its canonical text and hash.
advisory::Vulnerability assemble(Work& work);

}  // namespace merge
