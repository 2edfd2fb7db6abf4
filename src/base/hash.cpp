#include "base/hash.hpp"

#include <openssl/evp.h>
#include <xxhash.h>

#include <algorithm>

#include "base/error.hpp"

namespace base {

struct Sha256Stream::Context {
  EVP_MD_CTX* handle = EVP_MD_CTX_new();
};

Sha256Stream::Sha256Stream() : context_(std::make_unique<Context>()) {
  if (context_->handle == nullptr || EVP_DigestInit_ex(context_->handle, EVP_sha256(), nullptr) != 1)
    throw Error("cannot start a SHA-256 computation: OpenSSL refused");
}

Sha256Stream::~Sha256Stream() {
  EVP_MD_CTX_free(context_->handle);
}

void Sha256Stream::update(std::string_view bytes) {
  if (EVP_DigestUpdate(context_->handle, bytes.data(), bytes.size()) != 1)
    throw Error("cannot compute a SHA-256: OpenSSL refused");
}

Sha256 Sha256Stream::finish() {
  Sha256 result{};
  if (EVP_DigestFinal_ex(context_->handle, result.data(), nullptr) != 1)
    throw Error("cannot finish a SHA-256 computation: OpenSSL refused");
  return result;
}

Sha256 sha256(std::string_view bytes) {
  Sha256 result{};
  // EVP_sha256() is a fetch by name in OpenSSL 3; one per process keeps small inputs fast.
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  if (algorithm == nullptr ||
      EVP_Digest(bytes.data(), bytes.size(), result.data(), nullptr, algorithm, nullptr) != 1)
    throw Error("cannot compute a SHA-256: OpenSSL refused");
  return result;
}

namespace {

template <std::size_t N>
std::array<std::uint8_t, N> digest(std::string_view bytes, const EVP_MD* algorithm) {
  std::array<std::uint8_t, N> result{};
  if (EVP_Digest(bytes.data(), bytes.size(), result.data(), nullptr, algorithm, nullptr) != 1)
    throw Error("cannot compute a hash: OpenSSL refused");
  return result;
}

}  // namespace

std::array<std::uint8_t, 16> md5(std::string_view bytes) {
  return digest<16>(bytes, EVP_md5());
}

std::array<std::uint8_t, 20> sha1(std::string_view bytes) {
  return digest<20>(bytes, EVP_sha1());
}

Fast128 fast128(std::string_view bytes) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits(bytes.data(), bytes.size()));
  Fast128 result{};
  std::copy(std::begin(canonical.digest), std::end(canonical.digest), result.begin());
  return result;
}

std::uint64_t fast64(std::string_view bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

std::string to_hex(std::string_view bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string result;
  result.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    result += digits[byte >> 4];
    result += digits[byte & 15];
  }
  return result;
}

}  // namespace base
