// Golden files: a folder of inputs, each with the text expected for it beside it.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace support {

/// The bytes of a file; fails the running test when it cannot be read.
std::string read_file(const std::filesystem::path& path);

/// For every file NAME.EXTENSION in `folder` (below the repository) compares answer(bytes) with the bytes of
/// NAME.expected. Expects at least `at_least` inputs, and no NAME.expected without its input. With
/// VDS_UPDATE_GOLDEN=1 in the environment it writes the expected files instead: read the difference before
/// committing it.
void check_golden_files(const std::filesystem::path& folder, const std::string& extension,
                        std::size_t at_least, const std::function<std::string(const std::string&)>& answer);

}  // namespace support
