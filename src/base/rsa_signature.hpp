// Signatures with an RSA key, where a protocol wants them.
#pragma once

#include <string>
#include <string_view>

namespace base {

/// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017; "RS256" of RFC 7518) over `bytes`; `pem` is a private key in
/// PEM. Throws Error for a key that cannot be used, without quoting it.
std::string rsa_sha256_sign(const std::string& pem, std::string_view bytes);

}  // namespace base
