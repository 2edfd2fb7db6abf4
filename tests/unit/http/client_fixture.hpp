// A client that does not wait between its attempts, and the server that it talks to.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <vector>

#include "base/files.hpp"
#include "http/client.hpp"
#include "support/files.hpp"
#include "support/http_server.hpp"

namespace http {

class ClientTest : public testing::Test {
 protected:
  // A proxy of the machine the tests run on is none of their business.
  ClientTest() {
    for (const char* variable :
         {"http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})
      ::unsetenv(variable);
    settings_.attempts = 3;
    settings_.wait = [this](Milliseconds delay, const std::stop_token&) {
      waits_.push_back(delay);
      return true;
    };
  }

  std::filesystem::path file() const { return directory_.path() / "file"; }
  std::string content() const { return base::read_file(file()); }
  bool exists(const std::string& ending = "") const {
    return std::filesystem::exists(file().native() + ending);
  }
  /// The names of what lies in the directory of the file.
  std::vector<std::string> left_over() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(directory_.path()))
      names.push_back(entry.path().filename().native());
    return names;
  }

  base::TemporaryDirectory directory_;
  Settings settings_;
  std::vector<Milliseconds> waits_;
};

/// Message and status of the http::Error that `action` throws; ("", -1) when it throws none.
inline std::pair<std::string, int> failure_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return {error.what(), error.status()};
  }
  return {"", -1};
}

/// Answers in their order, the last one again and again.
inline support::HttpServer::Handler script(std::vector<support::HttpAnswer> answers) {
  return [answers = std::move(answers), at = std::size_t{0}](const support::HttpRequest&) mutable {
    return answers[std::min(at++, answers.size() - 1)];
  };
}

}  // namespace http
