// Keys and signatures in minisign's formats (https://jedisct1.github.io/minisign/, "Signature format"), so
// that whoever has minisign, or one of its many ports, can verify a snapshot without us.
//
// Signatures are Ed25519 over the BLAKE2b-512 of the file ("ED"), with a trusted comment that is signed too.
// The secret key file is not encrypted: an export runs unattended, so a password would lie beside it. It is a
// file of mode 0600 that minisign reads as well (as its own after `minisign -G -W`).
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/signature.hpp"

namespace snapshot {

/// A key or signature that cannot be read, or that does not fit; the message says which and why.
class SignatureError : public base::Error {
 public:
  using Error::Error;
};

using KeyNumber = std::array<std::uint8_t, 8>;  // tells keys apart

struct PublicKey {
  KeyNumber number{};
  base::Ed25519Public key{};

  /// What `minisign -P` takes.
  std::string to_base64() const;
  /// The text of a public key file.
  std::string to_file() const;
  /// Reads either. Throws SignatureError; `what` names the text in it.
  static PublicKey parse(std::string_view text, const std::string& what);

  friend bool operator==(const PublicKey&, const PublicKey&) = default;
};

struct SecretKey {
  KeyNumber number{};
  base::Ed25519Seed seed{};

  static SecretKey generate();
  PublicKey public_key() const;
  std::string to_file() const;
  /// Throws SignatureError; one that is encrypted with a password is refused with the way out.
  static SecretKey parse(std::string_view text, const std::string& what);
};

/// The number as minisign prints it.
std::string key_name(const KeyNumber& number);

/// The text of the .minisig file of `message`. `trusted_comment` is one line, which is signed too.
std::string sign(const SecretKey& key, std::string_view message, std::string_view trusted_comment);

/// Throws SignatureError unless `signature` (the text of a .minisig file) is one of `message` by `key`.
/// Returns the trusted comment.
std::string verify(const PublicKey& key, std::string_view message, std::string_view signature);

/// Where the program keeps its key pair: snapshot.key and snapshot.pub in a directory of mode 0700.
class KeyDirectory {
 public:
  explicit KeyDirectory(std::filesystem::path directory) : directory_(std::move(directory)) {}

  std::filesystem::path secret_path() const { return directory_ / "snapshot.key"; }
  std::filesystem::path public_path() const { return directory_ / "snapshot.pub"; }

  /// Nothing where there is none. Throw SignatureError and base::FileError.
  std::optional<SecretKey> secret_key() const;
  std::optional<PublicKey> public_key() const;

  /// Makes and stores a new pair. Throws SignatureError when there is a key already.
  PublicKey generate() const;

 private:
  std::filesystem::path directory_;
};

}  // namespace snapshot
