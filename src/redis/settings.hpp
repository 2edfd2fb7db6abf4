// Where a Redis server is and how to get in.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>

namespace redis {

struct Settings {
  std::string host;  // name or address, without brackets; empty with a Unix socket
  int port = 6379;
  std::filesystem::path socket;  // of the file system; empty with TCP
  bool tls = false;
  std::filesystem::path ca_file;  // besides the system's certificates, which SSL_CERT_FILE can replace
  std::string user;               // empty: the default user
  std::string password;           // empty: no AUTH
  int database = 0;
  std::chrono::milliseconds connect_timeout{5000};
  std::chrono::milliseconds reply_timeout{10000};

  /// "Redis at 127.0.0.1:6379", for messages; free of secrets.
  std::string name() const;
};

/// Reads an address in one of the forms
///   redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE]   rediss:// with TLS, and ?cacert=FILE
///   unix:PATH, unix://PATH[?db=DATABASE], or an absolute path
///   HOST[:PORT], [IPV6]:PORT
/// (the first two as registered at https://www.iana.org/assignments/uri-schemes/prov/redis). Parts of URLs
/// may be percent-encoded. Throws base::Error that says what cannot be read, without quoting secrets.
Settings parse_address(std::string_view text);

}  // namespace redis
