// keys generate | show
#include <CLI/App.hpp>

#include "base/format.hpp"
#include "cli/commands.hpp"
#include "cli/snapshot_options.hpp"

namespace cli {

namespace {

void tell(Context& context, const snapshot::PublicKey& key, const snapshot::KeyDirectory& keys) {
  if (context.output().wants_json()) {
    base::Arena arena;
    context.output().json(base::json::ObjectBuilder(arena)
                              .add("key", arena.copy(snapshot::key_name(key.number)))
                              .add("public_key", arena.copy(key.to_base64()))
                              .add("public_file", arena.copy(keys.public_path().string()))
                              .finish());
    return;
  }
  context.output().write(key.to_file());
}

int generate(Context& context) {
  const snapshot::KeyDirectory keys = keys_of(context);
  tell(context, keys.generate(), keys);
  if (!context.quiet())
    std::fputs(base::format("The secret key is {}: back it up, and keep it secret.\n"
                            "Give consumers {}; they run: minisign -Vm manifest.json -p {}\n",
                            keys.secret_path().string(), keys.public_path().string(),
                            keys.public_path().filename().string())
                   .c_str(),
               stderr);
  return 0;
}

int show(Context& context) {
  const snapshot::KeyDirectory keys = keys_of(context);
  const auto key = keys.public_key();
  if (!key)
    throw base::Error(base::format("there is no {} yet: 'vuln-datasync keys generate' makes a key pair",
                                   keys.public_path().string()));
  tell(context, *key, keys);
  return 0;
}

}  // namespace

void add_keys(Commands& commands) {
  CLI::App& group = commands.add("keys", "The key that signs snapshots, in minisign's format");
  commands.on(commands.add(group, "generate", "Make the key pair; exports are signed from then on"),
              generate);
  commands.on(commands.add(group, "show", "Print the public key"), show);
}

}  // namespace cli
