// Any bytes as the manifest of a snapshot: one that survives being written, or ManifestError.
#include "fuzz/fuzz_target.hpp"
#include "snapshot/manifest.hpp"

FUZZ_TARGET(manifest) {
  try {
    const snapshot::Manifest manifest = snapshot::parse_manifest(bytes, "it");
    manifest.vulnerabilities();
    manifest.bytes();
    const std::string written = snapshot::to_json(manifest);
    fuzz::require(snapshot::to_json(snapshot::parse_manifest(written, "it")) == written,
                  "a manifest survives being written");
  } catch (const snapshot::ManifestError&) {
  }
}
