#include "snapshot/minisign.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include "base/files.hpp"
#include "base/format.hpp"

namespace snapshot {

namespace {

constexpr std::string_view untrusted_prefix = "untrusted comment: ";
constexpr std::string_view trusted_prefix = "trusted comment: ";
constexpr std::string_view key_algorithm = "Ed";
constexpr std::string_view hashed_algorithm = "ED";
constexpr std::string_view no_password{"\0\0", 2};
constexpr std::string_view with_scrypt = "Sc";
constexpr std::string_view checksum_algorithm = "B2";
constexpr std::size_t scrypt_parameters = 48;  // salt and two limits: zeros without a password
constexpr std::size_t checksum_size = 32;      // zeros too: minisign checks it only after decrypting

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    if (lines.back().ends_with('\r')) lines.back().remove_suffix(1);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// Cuts a structure of fixed sizes apart.
class Pieces {
 public:
  explicit Pieces(std::string_view bytes) : rest_(bytes) {}
  std::string_view take(std::size_t size) {
    const std::string_view piece = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return piece;
  }
  template <std::size_t N>
  std::array<std::uint8_t, N> take_array() {
    std::array<std::uint8_t, N> array{};
    std::memcpy(array.data(), take(N).data(), N);
    return array;
  }

 private:
  std::string_view rest_;
};

/// The bytes of a base64 line that must be that many and begin with `algorithm`.
std::string decoded(std::string_view line, std::size_t size, std::string_view algorithm,
                    const std::string& what) {
  auto bytes = base::from_base64(line);
  if (!bytes || bytes->size() != size || !bytes->starts_with(algorithm))
    throw SignatureError(base::format("{} is damaged, or not in minisign's format", what));
  return std::move(*bytes);
}

/// The base64 line of a key file: a comment, then the key.
std::string_view key_line(std::string_view text, const std::string& what) {
  const auto lines = lines_of(text);
  if (lines.size() == 2 && lines[0].starts_with(untrusted_prefix)) return lines[1];
  if (lines.size() == 1 && !lines[0].starts_with(untrusted_prefix)) return lines[0];
  throw SignatureError(base::format("{} is no key file of minisign", what));
}

constexpr std::size_t public_size = 2 + 8 + 32;
constexpr std::size_t secret_size = 6 + scrypt_parameters + 8 + 64 + checksum_size;
constexpr std::size_t signature_size = 2 + 8 + 64;

}  // namespace

std::string key_name(const KeyNumber& number) {
  KeyNumber reversed = number;  // minisign prints it as a little-endian integer
  std::reverse(reversed.begin(), reversed.end());
  std::string text;
  for (const std::uint8_t byte : reversed) text += base::format("{:02X}", byte);
  return text;
}

std::string PublicKey::to_base64() const {
  std::string bytes(key_algorithm);
  bytes.append(base::bytes_of(number)).append(base::bytes_of(key));
  return base::to_base64(bytes);
}

std::string PublicKey::to_file() const {
  return base::format("{}minisign public key {}\n{}\n", untrusted_prefix, key_name(number), to_base64());
}

PublicKey PublicKey::parse(std::string_view text, const std::string& what) {
  const std::string bytes = decoded(key_line(text, what), public_size, key_algorithm, what);
  Pieces pieces(std::string_view(bytes).substr(key_algorithm.size()));
  PublicKey result;
  result.number = pieces.take_array<8>();
  result.key = pieces.take_array<32>();
  return result;
}

SecretKey SecretKey::generate() {
  const std::string random = base::random_bytes(8 + 32);
  Pieces pieces(random);
  SecretKey key;
  key.number = pieces.take_array<8>();
  key.seed = pieces.take_array<32>();
  return key;
}

PublicKey SecretKey::public_key() const {
  return {number, base::ed25519_public(seed)};
}

std::string SecretKey::to_file() const {
  std::string bytes(key_algorithm);
  bytes.append(no_password).append(checksum_algorithm).append(scrypt_parameters, '\0');
  bytes.append(base::bytes_of(number)).append(base::bytes_of(seed));
  bytes.append(base::bytes_of(public_key().key)).append(checksum_size, '\0');
  return base::format("{}vuln-datasync snapshot key, keep it secret\n{}\n", untrusted_prefix,
                      base::to_base64(bytes));
}

SecretKey SecretKey::parse(std::string_view text, const std::string& what) {
  const std::string bytes = decoded(key_line(text, what), secret_size, key_algorithm, what);
  Pieces pieces(std::string_view(bytes).substr(key_algorithm.size()));
  const std::string_view derivation = pieces.take(2);
  if (derivation == with_scrypt)
    throw SignatureError(base::format(
        "{} is encrypted with a password, which an export cannot type: take it off with 'minisign -C -W'",
        what));
  pieces.take(checksum_algorithm.size() + scrypt_parameters);
  SecretKey key;
  key.number = pieces.take_array<8>();
  key.seed = pieces.take_array<32>();
  if (pieces.take_array<32>() != key.public_key().key || derivation != no_password)
    throw SignatureError(base::format("{} is damaged: its two halves do not belong together", what));
  return key;
}

std::string sign(const SecretKey& key, std::string_view message, std::string_view trusted_comment) {
  const auto hash = base::blake2b512(message);
  const auto signature = base::ed25519_sign(key.seed, base::bytes_of(hash));
  std::string first(hashed_algorithm);
  first.append(base::bytes_of(key.number)).append(base::bytes_of(signature));
  std::string signed_too(base::bytes_of(signature));
  signed_too += trusted_comment;
  const auto global = base::ed25519_sign(key.seed, signed_too);
  return base::format("{}signature by vuln-datasync, key {}\n{}\n{}{}\n{}\n", untrusted_prefix,
                      key_name(key.number), base::to_base64(first), trusted_prefix, trusted_comment,
                      base::to_base64(base::bytes_of(global)));
}

std::string verify(const PublicKey& key, std::string_view message, std::string_view signature) {
  const auto lines = lines_of(signature);
  if (lines.size() != 4 || !lines[0].starts_with(untrusted_prefix) || !lines[2].starts_with(trusted_prefix))
    throw SignatureError("the signature is damaged, or not in minisign's format");
  const std::string bytes = decoded(lines[1], signature_size, hashed_algorithm, "the signature");
  Pieces pieces(std::string_view(bytes).substr(hashed_algorithm.size()));
  const auto number = pieces.take_array<8>();
  const auto first = pieces.take_array<64>();
  if (number != key.number)
    throw SignatureError(
        base::format("the signature is by key {}, and not by {}", key_name(number), key_name(key.number)));
  const auto hash = base::blake2b512(message);
  if (!base::ed25519_verify(key.key, base::bytes_of(hash), first))
    throw SignatureError("the signature does not fit: what it signs was changed after signing");
  const std::string global = decoded(lines[3], 64, "", "the signature of the trusted comment");
  const std::string_view comment = lines[2].substr(trusted_prefix.size());
  std::string signed_too(base::bytes_of(first));
  signed_too += comment;
  if (!base::ed25519_verify(key.key, signed_too, Pieces(global).take_array<64>()))
    throw SignatureError("the signature's trusted comment was changed after signing");
  return std::string(comment);
}

std::optional<SecretKey> KeyDirectory::secret_key() const {
  const auto text = base::read_file_if_present(secret_path());
  if (!text) return std::nullopt;
  return SecretKey::parse(*text, secret_path().string());
}

std::optional<PublicKey> KeyDirectory::public_key() const {
  const auto text = base::read_file_if_present(public_path());
  if (!text) return std::nullopt;
  return PublicKey::parse(*text, public_path().string());
}

PublicKey KeyDirectory::generate() const {
  base::make_directories(directory_, 0700);
  const auto turn = base::FileLock::acquire(directory_ / ".lock", base::FileLock::Mode::exclusive);
  std::error_code ignored;
  for (const auto& path : {secret_path(), public_path()})
    if (std::filesystem::exists(path, ignored))
      throw SignatureError(base::format(
          "there is a key already, {}: consumers trust it, so move it away yourself to make a new one",
          path.string()));
  const SecretKey key = SecretKey::generate();
  base::write_file_atomically(secret_path(), key.to_file(), 0600);
  base::write_file_atomically(public_path(), key.public_key().to_file());
  return key.public_key();
}

}  // namespace snapshot
