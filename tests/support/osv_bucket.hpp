// OSV's bucket as Google Cloud Storage serves it.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/crc32c.hpp"
#include "support/http_server.hpp"

namespace support {

/// A bucket behind the JSON API below /storage/v1 and plainly below /plain: all.zip, and where they are set
/// its list and single records.
struct OsvBucket {
  std::string content = {};  // of all.zip
  int generation = 1;
  std::string list = {};  // modified_id.csv; empty: there is none
  int list_generation = 1;
  std::map<std::string, std::string> records = {};  // "Go/GO-2024-1.json" to its bytes
  int gcs_status = 200;
  int http_status = 200;
  std::map<std::string, int> status_of = {};  // of single objects, by either way
  std::string promised_content = {};          // when it is not the content that is promised
  int replaced_while_asked = 0;               // so many times all.zip is replaced between metadata and media
  std::string authorization = {};             // what a request through the JSON API must bear, if set

  std::string crc32c() const { return crc32c_of(promised_content.empty() ? content : promised_content); }

  static std::string crc32c_of(std::string_view bytes) {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const std::uint32_t crc = base::crc32c(bytes);
    std::string text;
    for (const unsigned shift : {26U, 20U, 14U, 8U, 2U}) text += digits[crc >> shift & 63];
    return text + digits[(crc & 3) << 4] + "==";
  }

  HttpAnswer operator()(const HttpRequest& request) {
    constexpr std::string_view api = "/storage/v1/b/osv-vulnerabilities/o/";
    constexpr std::string_view plain = "/plain/";
    const std::string path = request.path();
    const bool by_api = path.starts_with(api);
    if (!by_api && !path.starts_with(plain)) return {.status = 404};
    if (by_api && !authorization.empty() && request.field("authorization") != authorization)
      return {.status = 401};
    if (const int status = by_api ? gcs_status : http_status; status != 200) return {.status = status};
    const std::string name = decoded(path.substr(by_api ? api.size() : plain.size()));
    if (const auto status = status_of.find(name); status != status_of.end())
      return {.status = status->second};
    if (name == "all.zip") return object(request, by_api, content, generation, crc32c());
    if (name == "modified_id.csv" && !list.empty())
      return object(request, by_api, list, list_generation, crc32c_of(list));
    const auto record = records.find(name);
    if (record == records.end()) return {.status = 404};
    HttpAnswer answer = file_answer(request, record->second, "\"r\"");
    answer.fields.emplace_back("x-goog-hash", "crc32c=" + crc32c_of(record->second));
    return answer;
  }

 private:
  HttpAnswer object(const HttpRequest& request, bool by_api, const std::string& bytes, int& revision,
                    const std::string& checksum) {
    const std::string number = std::to_string(revision);
    if (!by_api) {
      HttpAnswer answer = file_answer(request, bytes, "\"h" + number + "\"");
      answer.fields.emplace_back("x-goog-generation", number);
      answer.fields.emplace_back("x-goog-hash", "crc32c=" + checksum);
      return answer;
    }
    if (request.target.find("alt=media") != std::string::npos) {
      if (!request.target.ends_with("ifGenerationMatch=" + number)) return {.status = 412};
      return file_answer(request, bytes, "\"g" + number + "\"");
    }
    HttpAnswer answer;
    answer.body = R"({"generation": ")" + number + R"(", "size": ")" + std::to_string(bytes.size()) +
                  R"(", "crc32c": ")" + checksum + "\"}";
    if (&revision == &generation && replaced_while_asked-- > 0) ++revision;
    return answer;
  }

  static std::string decoded(const std::string& text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const bool escaped = text[i] == '%' && i + 2 < text.size();
      result += escaped ? static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16)) : text[i];
      if (escaped) i += 2;
    }
    return result;
  }
};

}  // namespace support
