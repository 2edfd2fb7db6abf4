#include "api/tokens.hpp"

#include <utility>

#include "base/ascii.hpp"
#include "base/error.hpp"
#include "base/files.hpp"

namespace api {

Tokens::Tokens(const std::vector<std::string>& tokens, std::filesystem::path file) : file_(std::move(file)) {
  for (const std::string& token : tokens) given_.push_back(base::sha256(token));
  known_ = read();
}

std::vector<base::Sha256> Tokens::read() const {
  std::vector<base::Sha256> known = given_;
  if (file_.empty()) return known;
  const std::string text = base::read_file(file_, 1 << 20);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = base::trimmed(std::string_view(text).substr(begin, end - begin), " \t\r");
    begin = end + 1;
    if (!line.empty() && !line.starts_with('#')) known.push_back(base::sha256(line));
  }
  if (known.empty())
    throw base::Error(file_.string() +
                      " (API_TOKENS_FILE) holds no token: write one a line, for example of " +
                      "'openssl rand -hex 32'");
  return known;
}

void Tokens::reload() {
  std::vector<base::Sha256> known = read();
  const std::scoped_lock lock(mutex_);
  known_ = std::move(known);
}

bool Tokens::empty() const {
  const std::scoped_lock lock(mutex_);
  return known_.empty();
}

bool Tokens::accept(std::string_view token) const {
  const base::Sha256 asked = base::sha256(token);
  const std::scoped_lock lock(mutex_);
  unsigned any = 0;
  for (const base::Sha256& known : known_) {
    unsigned difference = 0;
    for (std::size_t i = 0; i < asked.size(); ++i)
      difference |= static_cast<unsigned>(asked[i]) ^ static_cast<unsigned>(known[i]);
    any |= static_cast<unsigned>(difference == 0);
  }
  return any != 0;
}

}  // namespace api
