// The bytes of messages, against those of the upstream encoder.
#include "jobs/message.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/hash.hpp"
#include "jobs/broker.hpp"
#include "jobs/keys.hpp"

namespace jobs {
namespace {

std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  return bytes;
}

TEST(Message, ATaskHasTheBytesOfUpstream) {
  TaskMessage message;
  message.type = "email:send";
  message.payload = R"({"id":42})";
  message.id = "11111111-2222-3333-4444-555555555555";
  message.queue = "default";
  message.retry = 25;
  message.timeout = 1800;
  EXPECT_EQ(
      base::to_hex(encode(message)),
      "0a0a656d61696c3a73656e6412097b226964223a34327d1a2431313131313131312d323232322d333333332d343434342d"
      "353535353535353535353535220764656661756c74281940880e");
}

constexpr const char* full_task =
    "0a01741202ff001a0369643122017128ac0230023a04626f6f6d401e4880e2cfaa065201755881e2cfaa06603c6882e2cfaa0672"
    "016"
    "77a060a016b120176";

TEST(Message, EveryFieldIsReadAndWritten) {
  const auto message = decode_task(from_hex(full_task));
  ASSERT_TRUE(message);
  EXPECT_EQ(message->type, "t");
  EXPECT_EQ(message->payload, std::string("\xff\0", 2));
  EXPECT_EQ(message->retry, 300);
  EXPECT_EQ(message->retried, 2);
  EXPECT_EQ(message->error_msg, "boom");
  EXPECT_EQ(message->timeout, 30);
  EXPECT_EQ(message->deadline, 1700000000);
  EXPECT_EQ(message->unique_key, "u");
  EXPECT_EQ(message->last_failed_at, 1700000001);
  EXPECT_EQ(message->retention, 60);
  EXPECT_EQ(message->completed_at, 1700000002);
  EXPECT_EQ(message->group_key, "g");
  EXPECT_EQ(message->headers.at("k"), "v");
  EXPECT_EQ(base::to_hex(encode(*message)), full_task);
}

TEST(Message, FieldsOfNewerPeersStay) {
  const std::string unknown = from_hex("fa010178");  // field 31: "x"
  auto message = decode_task(from_hex(full_task) + unknown);
  ASSERT_TRUE(message);
  message->retried = 3;
  EXPECT_THAT(encode(*message), testing::HasSubstr(unknown));
  EXPECT_EQ(decode_task(encode(*message))->retried, 3);
}

TEST(Message, TextThatIsNotUtf8IsRefusedAndNeverWritten) {
  EXPECT_FALSE(decode_task(from_hex("0a01ff")));
  EXPECT_FALSE(decode_task("no message"));
  TaskMessage message;
  message.error_msg = "a\xff\xe2\x82z";
  EXPECT_EQ(decode_task(encode(message))->error_msg, "a\uFFFD\uFFFD\uFFFDz");
}

TEST(Message, IsWrittenInOneWayWhateverTheOrderOfItsMaps) {
  const ServerInfo server{"h", 7, "s", 4, {{"c", 3}, {"a", 1}, {"d", 4}, {"b", 2}}, true, "active", 0, 1};
  EXPECT_THAT(base::to_hex(encode(server)), testing::HasSubstr("2a050a01611001"
                                                               "2a050a01621002"
                                                               "2a050a01631003"
                                                               "2a050a01641004"));
}

TEST(Message, ATimeThatNanosecondsCannotHoldIsCutOff) {
  // Field 8, a timestamp of the largest and the smallest second there is.
  EXPECT_EQ(decode_server(from_hex("420a08ffffffffffffffff7f"))->start_nanos, 9223372035000000000);
  EXPECT_EQ(decode_server(from_hex("420b0880808080808080808001"))->start_nanos, -9223372035000000000);
}

TEST(Message, AServerAndAnEntryHaveTheBytesOfUpstream) {
  const ServerInfo server{"h", 7, "s", 4, {{"q", 3}}, true, "active", 1700000000000000500, 1};
  EXPECT_EQ(base::to_hex(encode(server)),
            "0a016810071a017320042a050a0171100330013a0661637469766542090880e2cfaa0610f4034801");
  EXPECT_EQ(decode_server(encode(server))->start_nanos, server.start_nanos);
  const SchedulerEntry entry{"e",        "@every 1m", "t", "p", {"Queue(\"q\")", "MaxRetry(3)"},
                             1700000000, std::nullopt};
  EXPECT_EQ(
      base::to_hex(encode(entry)),
      "0a0165120940657665727920316d1a01742201702a0a517565756528227122292a0b4d6178526574727928332932060880e2"
      "cfaa063a0b088092b8c398feffffff01");
  EXPECT_FALSE(decode_entry(encode(entry))->previous);
}

TEST(Message, KeysAreThoseOfUpstream) {
  EXPECT_EQ(unique_key("q", "t", "abc"), "asynq:{q}:unique:t:900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(unique_key("q", "t", ""), "asynq:{q}:unique:t:");
  EXPECT_EQ(keys::of_day("q", "processed", 1700000000), "asynq:{q}:processed:2023-11-14");
  EXPECT_EQ(keys::task("q", "id1"), "asynq:{q}:t:id1");
}

TEST(Message, RetryDelaysAreThoseOfUpstream) {
  const std::pair<int, std::pair<Seconds, Seconds>> bounds[] = {
      {0, {15, 44}}, {1, {16, 74}}, {2, {31, 118}}, {3, {96, 212}}, {24, {331791, 332516}}};
  for (const auto& [retried, range] : bounds)
    for (int i = 0; i < 200; ++i) {
      EXPECT_GE(retry_delay(retried), range.first);
      EXPECT_LE(retry_delay(retried), range.second);
    }
}

}  // namespace
}  // namespace jobs
