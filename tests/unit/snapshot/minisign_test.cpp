// Keys and signatures against those that minisign 0.11 made (`minisign -G -W`, `minisign -S`), and against
// the program itself where it is installed.
#include "snapshot/minisign.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/stat.h>

#include "base/files.hpp"
#include "base/process.hpp"
#include "support/files.hpp"

namespace snapshot {
namespace {

using testing::HasSubstr;

constexpr std::string_view public_file =
    "untrusted comment: minisign public key A0D04E3F10130585\n"
    "RWSFBRMQP07QoL2dDs5tBfBuBXNqqnnpbTtKC25KXvbENdyp2IMn9kZF\n";
constexpr std::string_view secret_file =
    "untrusted comment: minisign encrypted secret key\n"
    "RWQAAEIyAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAhQUTED9O0KBT11XlF4cvyYoCUZ49LY2z"
    "vtCd9X5"
    "TG8T5k5LKBRZdGb2dDs5tBfBuBXNqqnnpbTtKC25KXvbENdyp2IMn9kZFAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
constexpr std::string_view signature_file =
    "untrusted comment: an untrusted one\n"
    "RUSFBRMQP07QoHwvHNpQsQvP9jraEdMKYx7nbeq0gjXKPJnofA7PwcHGPyqTpuwO0CNXUkqSbReejtI9euPYy3XrnCKVmqVg7Qc=\n"
    "trusted comment: a trusted comment\n"
    "r6RiI9lm9oxxTUrgUJaL/i+HnIU7Ku50XkAsck+zOAWAffpVm6ivuBNRcgGbo62lRrfDkESDJ5wj6ZkSh2IyCA==\n";
constexpr std::string_view message = "text\n";

std::string refusal(const std::function<void()>& action) {
  try {
    action();
  } catch (const SignatureError& error) {
    return error.what();
  }
  return {};
}

TEST(Minisign, ReadsItsKeysAndSignatures) {
  const PublicKey key = PublicKey::parse(public_file, "key");
  EXPECT_EQ(key, PublicKey::parse("RWSFBRMQP07QoL2dDs5tBfBuBXNqqnnpbTtKC25KXvbENdyp2IMn9kZF", "key"));
  EXPECT_EQ(key_name(key.number), "A0D04E3F10130585");
  EXPECT_EQ(SecretKey::parse(secret_file, "key").public_key(), key);
  EXPECT_EQ(verify(key, message, signature_file), "a trusted comment");
}

TEST(Minisign, SignsAsItDoes) {
  // Ed25519 gives the same signature for the same bytes and key: all but the untrusted line is equal.
  const std::string ours = sign(SecretKey::parse(secret_file, "key"), message, "a trusted comment");
  const auto after_first_line = [](std::string_view text) { return text.substr(text.find('\n')); };
  EXPECT_EQ(after_first_line(ours), after_first_line(signature_file));
}

TEST(Minisign, KeysAreWrittenAsTheyAreRead) {
  const SecretKey key = SecretKey::generate();
  EXPECT_EQ(SecretKey::parse(key.to_file(), "key").public_key(), key.public_key());
  EXPECT_EQ(PublicKey::parse(key.public_key().to_file(), "key"), key.public_key());
  EXPECT_NE(SecretKey::generate().public_key(), key.public_key());
}

TEST(Minisign, WhatWasChangedIsRefused) {
  const PublicKey key = PublicKey::parse(public_file, "key");
  EXPECT_THAT(refusal([&] { verify(key, "Text\n", signature_file); }), HasSubstr("changed after signing"));
  std::string comment(signature_file);
  comment.replace(comment.find("a trusted"), 1, "A");
  EXPECT_THAT(refusal([&] { verify(key, message, comment); }), HasSubstr("trusted comment was changed"));
  EXPECT_THAT(refusal([&] { verify(SecretKey::generate().public_key(), message, signature_file); }),
              HasSubstr("the signature is by key A0D04E3F10130585"));
  for (std::size_t line = 0, at = 0; line < 4; ++line, at = signature_file.find('\n', at) + 1)
    EXPECT_NE(refusal([&] { verify(key, message, signature_file.substr(0, at)); }), "") << line;
}

TEST(Minisign, AnEncryptedKeyIsRefusedWithTheWayOut) {
  // The algorithm of the key derivation, "\0\0" in a key without a password, is "Sc".
  std::string encrypted(secret_file);
  encrypted.replace(encrypted.find("RWQAAEIy"), 8, "RWRTY0Iy");
  EXPECT_THAT(refusal([&] { SecretKey::parse(encrypted, "snapshot.key"); }),
              AllOf(HasSubstr("snapshot.key"), HasSubstr("password")));
}

TEST(Minisign, AKeyPairIsMadeOnceAndTheSecretIsPrivate) {
  const base::TemporaryDirectory directory;
  const KeyDirectory keys(directory.path() / "keys");
  EXPECT_FALSE(keys.secret_key());
  const PublicKey key = keys.generate();
  EXPECT_EQ(keys.public_key(), key);
  EXPECT_EQ(keys.secret_key()->public_key(), key);
  struct stat status {};
  ASSERT_EQ(::stat(keys.secret_path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_THAT(refusal([&] { keys.generate(); }), HasSubstr("there is a key already"));
  EXPECT_EQ(keys.public_key(), key);
}

TEST(Minisign, TheProgramVerifiesOurs) {
  if (base::find_program("minisign").empty()) GTEST_SKIP() << "minisign is not installed";
  const base::TemporaryDirectory directory;
  const SecretKey key = SecretKey::generate();
  support::write_file(directory.path() / "m", message);
  support::write_file(directory.path() / "m.minisig", sign(key, message, "ours"));
  const auto run = [&] {
    return base::run({.arguments = {"minisign", "-V", "-m", "m", "-P", key.public_key().to_base64()},
                      .directory = directory.path()});
  };
  EXPECT_THAT(run().output, HasSubstr("Trusted comment: ours"));
  support::write_file(directory.path() / "m", "Text\n");
  EXPECT_FALSE(run().status.success());
}

}  // namespace
}  // namespace snapshot
