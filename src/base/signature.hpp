// Ed25519 signatures (RFC 8032) and what files about them need: BLAKE2b-512 (RFC 7693), random bytes, base64
// (RFC 4648, section 4).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/hash.hpp"

namespace base {

using Ed25519Seed = std::array<std::uint8_t, 32>;  // the secret, from which the public key follows
using Ed25519Public = std::array<std::uint8_t, 32>;
using Ed25519Signature = std::array<std::uint8_t, 64>;
using Blake2b512 = std::array<std::uint8_t, 64>;

/// `size` bytes that nobody can guess. Throws Error when the system has none.
std::string random_bytes(std::size_t size);

Ed25519Public ed25519_public(const Ed25519Seed& seed);

/// The signature of `bytes`: the same for the same bytes and key.
Ed25519Signature ed25519_sign(const Ed25519Seed& seed, std::string_view bytes);

bool ed25519_verify(const Ed25519Public& key, std::string_view bytes, const Ed25519Signature& signature);

Blake2b512 blake2b512(std::string_view bytes);

std::string to_base64(std::string_view bytes);

/// Nothing when `text` is not the one base64 text of its bytes, padding included.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace base
