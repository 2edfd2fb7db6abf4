#include "support/git_builder.hpp"

#include <stdexcept>
#include <utility>

#include "base/process.hpp"

namespace support {
namespace {

base::RunResult run_git(const std::filesystem::path& directory, std::vector<std::string> arguments,
                        std::string_view input) {
  base::Command command;
  command.arguments = std::move(arguments);
  command.directory = directory;
  command.environment = {
      {"GIT_DIR", std::nullopt}, {"GIT_CONFIG_NOSYSTEM", "1"}, {"GIT_CONFIG_GLOBAL", "/dev/null"}};
  base::RunResult result = base::run(command, input);
  if (!result.status.success())
    throw std::runtime_error(command.arguments.at(1) + " in " + directory.native() + ": " + result.error);
  return result;
}

std::string data(std::string_view content) {
  return "data " + std::to_string(content.size()) + "\n" + std::string(content) + "\n";
}

}  // namespace

GitBuilder::GitBuilder(std::filesystem::path directory, const std::string& format)
    : directory_(std::move(directory)) {
  std::filesystem::create_directories(directory_);
  git({"init", "--quiet", "--bare", "--initial-branch=main", "--object-format=" + format, "."});
}

GitBuilder& GitBuilder::put(std::string_view path, std::string_view content, std::string_view mode) {
  changes_ += "M " + std::string(mode) + " inline " + std::string(path) + "\n" + data(content);
  return *this;
}

GitBuilder& GitBuilder::submodule(std::string_view path) {
  changes_ += "M 160000 " + std::string(40, '1') + " " + std::string(path) + "\n";
  return *this;
}

GitBuilder& GitBuilder::remove(std::string_view path) {
  changes_ += "D " + std::string(path) + "\n";
  return *this;
}

GitBuilder& GitBuilder::start_over() {
  has_parent_ = false;
  return *this;
}

// Format: git-fast-import(1).
std::string GitBuilder::commit(const std::string& branch) {
  const std::string reference = "refs/heads/" + branch;
  std::string stream;
  if (!has_parent_) stream += "reset " + reference + "\n";
  stream +=
      "commit " + reference + "\ncommitter Tester <tester@example.org> 1700000000 +0000\n" + data("A change");
  if (has_parent_) stream += "from " + reference + "^0\n";
  stream += changes_ + "done\n";
  run_git(directory_, {"git", "fast-import", "--quiet", "--force", "--done"}, stream);
  changes_.clear();
  has_parent_ = true;
  return git({"rev-parse", reference});
}

std::string GitBuilder::git(const std::vector<std::string>& arguments) const {
  std::vector<std::string> command = {"git"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  std::string output = run_git(directory_, std::move(command), {}).output;
  while (!output.empty() && output.back() == '\n') output.pop_back();
  return output;
}

}  // namespace support
