// Requests from bytes.
#include "api/request_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/buffer.hpp>

namespace api {
namespace {

using testing::ElementsAre;
using testing::Pair;

TEST(RequestReader, JoinsTheLinesOfOneField) {
  Parser parser;
  parser.eager(true);
  boost::beast::error_code error;
  constexpr std::string_view bytes =
      "GET / HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 203.0.113.9\r\nIf-None-Match: \"a\"\r\n"
      "x-forwarded-for: 198.51.100.1, 192.0.2.7\r\nIF-NONE-MATCH: \"b\"\r\n\r\n";
  parser.put(boost::asio::buffer(bytes.data(), bytes.size()), error);
  ASSERT_FALSE(error) << error.message();
  EXPECT_THAT(take_request(parser).fields,
              ElementsAre(Pair("host", "h"), Pair("x-forwarded-for", "203.0.113.9, 198.51.100.1, 192.0.2.7"),
                          Pair("if-none-match", "\"a\", \"b\"")));
}

}  // namespace
}  // namespace api
