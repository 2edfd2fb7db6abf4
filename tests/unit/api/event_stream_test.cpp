// Server-sent events as bytes, and what becomes of the stream when they cannot be had.
#include "api/event_stream.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <stdexcept>

#include "pg/error.hpp"

namespace api {
namespace {

using Source = std::function<Event()>;

// Calls one function after the other.
Source in_turn(std::deque<Source> sources) {
  return [left = std::move(sources)]() mutable {
    const Source next = left.front();
    left.pop_front();
    return next();
  };
}

Source gives(const Event& event) {
  return [event] { return event; };
}

Source fails(const auto& error) {
  return [error]() -> Event { throw error; };
}

TEST(EventStream, IsChunksUntilTheLastEvent) {
  const auto now = EventStream::Clock::now();
  EventStream stream(in_turn({gives({"data: a\n\n", false}), gives({}), gives({"data: b\n\n", true})}), "id",
                     false);
  EXPECT_EQ(stream.next(now), "9\r\ndata: a\n\n\r\n");
  EXPECT_EQ(stream.next(now), "");
  EXPECT_FALSE(stream.is_over());
  EXPECT_EQ(stream.next(now), "9\r\ndata: b\n\n\r\n0\r\n\r\n");
  EXPECT_TRUE(stream.is_over());
  EventStream plain(gives({"data: a\n\n", true}), "id", true);
  EXPECT_EQ(plain.next(now), "data: a\n\n");
}

TEST(EventStream, GoesOnWhenTheDatabaseIsBackAndSaysOnceThatItIsAway) {
  const auto now = EventStream::Clock::now();
  const Source away = fails(pg::Error("server closed the connection", {}, true));
  EventStream stream(
      in_turn({gives({"data: a\n\n", false}), away, away, away, gives({"data: b\n\n", false})}), "id", false);
  testing::internal::CaptureStderr();
  EXPECT_EQ(stream.next(now), "9\r\ndata: a\n\n\r\n");
  EXPECT_EQ(stream.next(now), "");
  EXPECT_EQ(stream.next(now + std::chrono::seconds(15)), "e\r\n: still here\n\n\r\n");
  EXPECT_EQ(stream.next(now + std::chrono::seconds(16)), "");
  EXPECT_EQ(stream.next(now + std::chrono::seconds(17)), "9\r\ndata: b\n\n\r\n");
  EXPECT_FALSE(stream.is_over());
  const std::string log = testing::internal::GetCapturedStderr();
  const std::size_t first = log.find("events wait for the database");
  EXPECT_NE(first, std::string::npos);
  EXPECT_EQ(log.find("events wait for the database", first + 1), std::string::npos);
  EXPECT_NE(log.find("events go on"), std::string::npos);
}

TEST(EventStream, BreaksOffAtAnyOtherFailure) {
  EventStream stream(fails(std::runtime_error("no memory")), "id", false);
  EXPECT_EQ(stream.next(EventStream::Clock::now()), "");
  EXPECT_TRUE(stream.is_over());
}

}  // namespace
}  // namespace api
