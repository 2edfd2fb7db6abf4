// Any text as a key of minisign, and as a signature: read as it is written, or SignatureError; and nothing
// that we have not signed is taken for a signature.
#include "fuzz/fuzz_target.hpp"
#include "snapshot/minisign.hpp"

namespace {

template <typename Check>
void attempt(Check check) {
  try {
    check();
  } catch (const snapshot::SignatureError&) {
  }
}

}  // namespace

FUZZ_TARGET(signature) {
  attempt([&] {
    const auto key = snapshot::PublicKey::parse(bytes, "it");
    fuzz::require(snapshot::PublicKey::parse(key.to_base64(), "it") == key, "a public key survives");
    fuzz::require(snapshot::PublicKey::parse(key.to_file(), "it") == key, "a public key file survives");
  });
  attempt([&] {
    const auto key = snapshot::SecretKey::parse(bytes, "it");
    fuzz::require(snapshot::SecretKey::parse(key.to_file(), "it").seed == key.seed, "a secret key survives");
  });
  // Its only signature is among the seeds.
  static const auto key =
      snapshot::PublicKey::parse("RWSFBRMQP07QoL2dDs5tBfBuBXNqqnnpbTtKC25KXvbENdyp2IMn9kZF", "it");
  attempt([&] {
    fuzz::require(snapshot::verify(key, "text\n", bytes) == "a trusted comment", "nobody else signed");
  });
}
