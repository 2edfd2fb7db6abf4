#include "store/search.hpp"

#include <algorithm>

#include "advisory/package.hpp"
#include "base/arena.hpp"
#include "base/ascii.hpp"

namespace store {

namespace {

// What one search may take of the server.
constexpr std::string_view limit_statement = "SET LOCAL statement_timeout TO 5000";

constexpr std::string_view words_expression =  // as the index vulnerabilities_words has it
    "to_tsvector('simple', translate(v.id || ' ' || coalesce(v.summary, ''), '-_./:<>&@+~=%', '             "
    "'))";

constexpr std::string_view after_every_text = "\U0010FFFF";

bool is_word_character(char c) {
  return base::is_alphanumeric(c) || static_cast<unsigned char>(c) >= 0x80;
}

// The statement and its parameters, built from the filters that are given: with "$1 IS NULL OR …" for those
// that are not, the planner could use no index.
class Query {
 public:
  explicit Query(const SearchFilter& filter) : filter_(filter) {
    packages();
    if (!filter.severity.empty()) where("v.severity = " + enum_value(filter.severity) + "::severity");
    if (!filter.source.empty()) where("v.sources @> ARRAY[" + text(filter.source) + "]");
    if (!filter.cwe.empty()) where("v.cwe_ids @> ARRAY[" + text(filter.cwe) + "]");
    if (filter.modified_since) where("v.modified >= " + value(*filter.modified_since));
    words();
    if (filter.after) {
      const std::string modified = value(pg::Timestamp(std::chrono::microseconds(filter.after->modified_us)));
      // The first condition alone is what the index on modified understands.
      where("v.modified <= " + modified + " AND (v.modified, v.uid) < (" + modified + ", " +
            value(filter.after->uid) + ")");
    }
  }

  pg::Result run(pg::Connection& connection) {
    std::string sql =
        "SELECT v.uid, v.id, v.aliases, v.sources, v.summary, v.severity, v.cvss_score, "
        "v.kev_added::timestamptz,"
        " v.published, v.modified, v.withdrawn, ";
    sql += filter_.with_documents ? "v.document" : "NULL::jsonb";
    sql += " FROM vulnerabilities v" + where_;
    sql += " ORDER BY v.modified DESC, v.uid DESC LIMIT " + value(filter_.limit + 1);
    return connection.query_params({"search", sql}, params_);
  }

 private:
  void where(const std::string& condition) { where_ += (where_.empty() ? " WHERE " : " AND ") + condition; }
  std::string number() const { return "$" + std::to_string(params_.size()); }
  template <typename Value>
  std::string value(const Value& value) {
    params_.add(value);
    return number();
  }
  std::string text(std::string_view text) { return value(text); }
  std::string enum_value(std::string_view label) { return value(pg::Enum{label}); }

  void packages() {
    std::string conditions;
    const auto require = [&](const std::string& condition) { conditions += " AND " + condition; };
    base::Arena arena;
    if (!filter_.ecosystem.empty()) {
      const bool has_suffix = filter_.ecosystem.find(':') != std::string::npos;
      require("p.ecosystem_base = " + text(advisory::ecosystem_base(filter_.ecosystem)));
      if (has_suffix) require("p.ecosystem = " + text(filter_.ecosystem));
    }
    if (!filter_.package.empty()) {
      if (filter_.ecosystem.empty())
        require("p.name = " + text(filter_.package));
      else
        require("p.name_normalized = " +
                text(advisory::normalized_name(filter_.ecosystem, filter_.package, arena)));
    }
    if (!filter_.purl.empty()) require("p.purl = " + text(filter_.purl));
    if (conditions.empty()) return;
    where("EXISTS (SELECT FROM affected_packages p WHERE p.uid = v.uid" + conditions + ")");
  }

  // Words are looked for in id and summary, and the text as a whole as the beginning of an identifier.
  void words() {
    if (filter_.text.empty()) return;
    std::string found;
    std::string query;
    for (const std::string& word : search_words(filter_.text))
      query += (query.empty() ? "'" : " & '") + word + "':*";
    if (!query.empty())
      found = "SELECT v.uid FROM vulnerabilities v WHERE " + std::string(words_expression) +
              " @@ to_tsquery('simple', " + text(query) + ")";
    if (filter_.text.find(' ') == std::string::npos) {
      for (const std::string& prefix : spellings(filter_.text)) {
        if (!found.empty()) found += " UNION ";
        found += "SELECT uid FROM vulnerability_aliases WHERE alias >= " + text(prefix) + " AND alias < " +
                 text(prefix + std::string(after_every_text));
      }
    }
    where(found.empty() ? "false" : "v.uid IN (" + found + ")");
  }

  // Identifiers are told apart by case; people type them in any.
  static std::vector<std::string> spellings(const std::string& text) {
    const std::string upper = base::uppered(text);
    const std::size_t hyphen = std::min(text.find('-'), text.size());
    const std::string first_upper =  // GHSA-jfh8-c2jp-5v3q
        upper.substr(0, hyphen) + base::lowered(std::string_view(text).substr(hyphen));
    std::vector<std::string> all = {text, upper, first_upper};
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
  }

  const SearchFilter& filter_;
  std::string where_;
  pg::Params params_;
};

}  // namespace

std::vector<std::string> search_words(std::string_view text) {
  constexpr std::size_t most = 8;
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (is_word_character(c))
      words.back() += base::lower(c);
    else if (!words.back().empty())
      words.emplace_back();
  }
  if (words.back().empty()) words.pop_back();
  if (words.size() > most) words.resize(most);
  return words;
}

std::vector<SearchRow> search(pg::Connection& connection, const SearchFilter& filter) {
  Query query(filter);
  pg::Transaction transaction(connection);
  connection.exec({"limit of a search", limit_statement});
  const pg::Result result = query.run(connection);
  std::vector<SearchRow> rows;
  rows.reserve(static_cast<std::size_t>(result.size()));
  using Time = std::optional<pg::Timestamp>;
  using Text = std::optional<std::string>;
  using Texts = std::vector<std::string>;
  for (const pg::Row row : result)
    rows.push_back({row.get<std::int64_t>(0), row.get<std::string>(1), row.get<Texts>(2), row.get<Texts>(3),
                    row.get<Text>(4), row.get<std::string>(5), row.get<Text>(6), row.get<Time>(7),
                    row.get<Time>(8), row.get<pg::Timestamp>(9), row.get<Time>(10), row.get<Text>(11)});
  transaction.commit();
  return rows;
}

}  // namespace store
