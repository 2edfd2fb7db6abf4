// The C++ that is written for the queries of one file.
#pragma once

#include <string>
#include <vector>

#include "inspect.hpp"

namespace sqlgen {

struct GeneratedFile {
  std::string name;  // inside src/store/generated
  std::string content;
};

/// The header and the source for each file; the same input always gives the same bytes.
std::vector<GeneratedFile> emit(const std::vector<TypedFile>& files);

}  // namespace sqlgen
