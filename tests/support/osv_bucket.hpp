// OSV's bucket as Google Cloud Storage serves it.
#pragma once

#include <string>

#include "base/crc32c.hpp"
#include "support/http_server.hpp"

namespace support {

/// A bucket with one object, all.zip, behind the JSON API below /storage/v1 and plainly below /plain.
struct OsvBucket {
  std::string content = {};
  int generation = 1;
  int gcs_status = 200;
  int http_status = 200;
  std::string promised_content = {};  // when it is not the content that is promised
  int replaced_while_asked = 0;       // so many times the object is replaced between metadata and media

  std::string crc32c() const {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const std::uint32_t crc = base::crc32c(promised_content.empty() ? content : promised_content);
    std::string text;
    for (const unsigned shift : {26U, 20U, 14U, 8U, 2U}) text += digits[crc >> shift & 63];
    return text + digits[(crc & 3) << 4] + "==";
  }

  HttpAnswer operator()(const HttpRequest& request) {
    if (request.path() == "/plain/all.zip") return plain(request);
    if (request.path() != "/storage/v1/b/osv-vulnerabilities/o/all.zip") return {.status = 404};
    if (gcs_status != 200) return {.status = gcs_status};
    if (request.target.find("alt=media") == std::string::npos) return metadata();
    const std::string pin = "ifGenerationMatch=" + std::to_string(generation);
    if (!request.target.ends_with(pin)) return {.status = 412};
    return file_answer(request, content, "\"g\"");
  }

 private:
  HttpAnswer metadata() {
    HttpAnswer answer;
    answer.body = R"({"generation": ")" + std::to_string(generation) + R"(", "size": ")" +
                  std::to_string(content.size()) + R"(", "crc32c": ")" + crc32c() + "\"}";
    if (replaced_while_asked-- > 0) ++generation;
    return answer;
  }
  HttpAnswer plain(const HttpRequest& request) const {
    if (http_status != 200) return {.status = http_status};
    HttpAnswer answer = file_answer(request, content, "\"h\"");
    answer.fields.emplace_back("x-goog-generation", std::to_string(generation));
    answer.fields.emplace_back("x-goog-hash", "crc32c=" + crc32c());
    return answer;
  }
};

}  // namespace support
