#include "base/signature.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <memory>

#include "base/error.hpp"

namespace base {

namespace {

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Context = std::unique_ptr<EVP_MD_CTX, Free>;

const unsigned char* data_of(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

[[noreturn]] void refuse(const char* what) {
  throw Error(std::string("cannot ") + what + ": OpenSSL refused");
}

Key secret_key(const Ed25519Seed& seed) {
  Key key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
  if (!key) refuse("use an Ed25519 key");
  return key;
}

}  // namespace

std::string random_bytes(std::size_t size) {
  std::string bytes(size, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(size)) != 1)
    refuse("get random bytes");
  return bytes;
}

Ed25519Public ed25519_public(const Ed25519Seed& seed) {
  Ed25519Public result{};
  std::size_t size = result.size();
  if (EVP_PKEY_get_raw_public_key(secret_key(seed).get(), result.data(), &size) != 1)
    refuse("compute an Ed25519 public key");
  return result;
}

Ed25519Signature ed25519_sign(const Ed25519Seed& seed, std::string_view bytes) {
  const Key key = secret_key(seed);
  const Context context(EVP_MD_CTX_new());
  Ed25519Signature signature{};
  std::size_t size = signature.size();
  if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1 ||
      EVP_DigestSign(context.get(), signature.data(), &size, data_of(bytes), bytes.size()) != 1)
    refuse("sign with Ed25519");
  return signature;
}

bool ed25519_verify(const Ed25519Public& key, std::string_view bytes, const Ed25519Signature& signature) {
  const Key handle(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()));
  const Context context(EVP_MD_CTX_new());
  return handle && context &&
         EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, handle.get()) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), data_of(bytes), bytes.size()) ==
             1;
}

Blake2b512 blake2b512(std::string_view bytes) {
  Blake2b512 hash{};
  if (EVP_Digest(bytes.data(), bytes.size(), hash.data(), nullptr, EVP_blake2b512(), nullptr) != 1)
    refuse("compute a BLAKE2b-512");
  return hash;
}

std::string to_base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // OpenSSL ends it with a NUL
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), data_of(bytes),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.empty()) return std::string();
  std::string bytes(text.size() / 4 * 3 + 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), data_of(text),
                                   static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  // OpenSSL counts the padding as bytes, and passes over blanks and stray bits.
  auto real = static_cast<std::size_t>(size);
  for (std::size_t i = 0; i < 2 && i < text.size() && text[text.size() - 1 - i] == '='; ++i) --real;
  bytes.resize(real);
  if (to_base64(bytes) != text) return std::nullopt;
  return bytes;
}

}  // namespace base
