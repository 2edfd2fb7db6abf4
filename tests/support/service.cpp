#include "support/service.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <csignal>

#include "base/files.hpp"
#include "support/eventually.hpp"
#include "support/http_client.hpp"

namespace support {

Service::Service(const Program& program, const std::string& name, const std::string& roles)
    : log_(program.directory() / name), process_(start(program, roles)) {
  if (roles.find("api") == std::string::npos) return;
  EXPECT_TRUE(eventually([&] { return log().find(" listening ") != std::string::npos; })) << log();
  const std::string text = log();
  port_ = std::stoi(text.substr(text.find(" port=", text.find(" listening ")) + 6));
}

base::Process Service::start(const Program& program, const std::string& roles) const {
  base::Command command = program.command({"serve", "--role", roles, "--listen", "127.0.0.1:0"});
  const base::Fd log = base::open_file(log_, O_WRONLY | O_CREAT | O_APPEND);
  command.output = base::Stream::null();
  command.error = base::Stream::file(log);
  return base::Process(command);
}

std::string Service::log() const {
  return base::read_file(log_);
}

std::string Service::get(const std::string& target) const {
  return http_exchange(port_, "GET", target);
}

std::string Service::post(const std::string& target, const std::string& body) const {
  return http_exchange(port_, "POST", target, body);
}

std::string Service::ask_for_sync(const std::string& sources) const {
  const std::string answer = post("/api/jobs/sync", R"({"sources":[)" + sources + "]}");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 202 ")) << answer;
  const std::string id = json_member(answer, "id");
  return id.substr(1, id.size() - 2);
}

bool Service::waits_for_job(const std::string& id, const std::string& state) const {
  return eventually([&] { return json_member(get("/api/v1/jobs/" + id), "state") == '"' + state + '"'; });
}

void Service::kill() {
  process_.signal(SIGKILL);
  process_.wait();
}

base::ExitStatus Service::stop() {
  return process_.terminate(std::chrono::minutes(2));
}

}  // namespace support
