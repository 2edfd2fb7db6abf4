#include "advisory/cvss.hpp"

#include <algorithm>
#include <cmath>

#include "advisory/cvss_metrics.hpp"

namespace advisory {

namespace cvss {

namespace {

/// The position of `value` in a list separated by blanks, or `absent`.
std::int8_t position_of(std::string_view value, std::string_view list) {
  for (std::int8_t position = 0;; ++position) {
    const std::size_t blank = list.find(' ');
    if (list.substr(0, blank) == value) return position;
    if (blank == std::string_view::npos) return absent;
    list.remove_prefix(blank + 1);
  }
}

/// The index of the metric called `name`, from `hint` on and then from the start; metrics.size() when there
/// is none. Vectors mostly keep the customary order, so that the first comparison hits.
std::size_t index_of(std::string_view name, std::span<const Metric> metrics, std::size_t hint) {
  for (std::size_t i = hint; i < metrics.size(); ++i)
    if (metrics[i].name == name) return i;
  for (std::size_t i = 0; i < hint; ++i)
    if (metrics[i].name == name) return i;
  return metrics.size();
}

constexpr std::size_t base_metrics_v2 = 6;
constexpr Metric metrics_v2[] = {
    {"AV", "L A N"},       {"AC", "H M L"},
    {"Au", "M S N"},       {"C", "N P C"},
    {"I", "N P C"},        {"A", "N P C"},
    {"E", "U POC F H ND"}, {"RL", "OF TF W U ND"},
    {"RC", "UC UR C ND"},  {"CDP", "N L LM MH H ND"},
    {"TD", "N L M H ND"},  {"CR", "L M H ND"},
    {"IR", "L M H ND"},    {"AR", "L M H ND"},
};

constexpr std::size_t base_metrics_v3 = 8;
constexpr Metric metrics_v3[] = {
    {"AV", "N A L P"}, {"AC", "L H"},      {"PR", "N L H"},   {"UI", "N R"},      {"S", "U C"},
    {"C", "N L H"},    {"I", "N L H"},     {"A", "N L H"},    {"E", "X U P F H"}, {"RL", "X O T W U"},
    {"RC", "X U R C"}, {"CR", "X L M H"},  {"IR", "X L M H"}, {"AR", "X L M H"},  {"MAV", "X N A L P"},
    {"MAC", "X L H"},  {"MPR", "X N L H"}, {"MUI", "X N R"},  {"MS", "X U C"},    {"MC", "X N L H"},
    {"MI", "X N L H"}, {"MA", "X N L H"},
};

/// One of the weights of a mandatory metric, chosen by the position of its value.
template <std::size_t N>
std::int64_t weight(const Values& values, std::size_t metric, const std::int64_t (&weights)[N]) {
  return weights[static_cast<unsigned char>(values[metric])];
}

constexpr std::int64_t power_of_ten(int exponent) {
  return exponent == 0 ? 1 : 10 * power_of_ten(exponent - 1);
}

/// v2 section 3.2.1:
///   Impact         = 10.41 * (1 - (1 - C) * (1 - I) * (1 - A))
///   Exploitability = 20 * AV * AC * Au
///   BaseScore      = round_to_1_decimal((0.6 * Impact + 0.4 * Exploitability - 1.5) * f(Impact))
///   f(Impact)      = 0 when Impact is 0, else 1.176
int base_score_v2(const Values& values) {
  static constexpr std::int64_t kept[] = {1000, 725, 340};  // 1 - weight, in thousandths
  const std::int64_t impact =                               // 1 - (...), in units of 10^-9
      power_of_ten(9) - weight(values, 3, kept) * weight(values, 4, kept) * weight(values, 5, kept);
  if (impact == 0) return 0;
  const std::int64_t exploitability =  // without the factor 20, in units of 10^-8
      weight(values, 0, {395, 646, 1000}) * weight(values, 1, {35, 61, 71}) *
      weight(values, 2, {450, 560, 704});
  // 0.6 * 10.41 = 6.246 and 0.4 * 20 = 8: the sum in units of 10^-12, the product with 1.176 in 10^-15.
  const std::int64_t sum = impact * 6246 + exploitability * 8 * power_of_ten(4) - 15 * power_of_ten(11);
  const std::int64_t tenth = power_of_ten(14);
  return static_cast<int>(std::max<std::int64_t>(0, sum * 1176 + tenth / 2) / tenth);
}

/// Units of the v3 computation: 10^-10, fine enough to hold every product but the one power exactly.
constexpr std::int64_t unit_v3 = power_of_ten(10);

/// ISS and the impact sub-score, v3.0 section 8.1 and v3.1 section 7.1, in units of 10^-10.
std::int64_t impact_v3(const Values& values, bool scope_changed) {
  static constexpr std::int64_t kept[] = {100, 78, 44};  // 1 - weight, in hundredths
  const std::int64_t iss =                               // in units of 10^-6
      power_of_ten(6) - weight(values, 5, kept) * weight(values, 6, kept) * weight(values, 7, kept);
  if (!scope_changed) return 642 * iss * 100;
  const double power = 3.25 * std::pow(static_cast<double>(iss) / 1e6 - 0.02, 15);
  return 752 * (iss - 29000) * 100 - std::llround(power * static_cast<double>(unit_v3));
}

/// v3.0 section 8.1 and v3.1 section 7.1. v3.1's Roundup (appendix A) looks at five decimals only, because
/// implementations of v3.0's "smallest number with one decimal that is not less" disagreed where a binary
/// fraction came out a little too large. On exact numbers the two agree for each of the 2,592 base vectors.
int base_score_v3(const Values& values) {
  const bool changed = values[4] == 1;
  const std::int64_t impact = impact_v3(values, changed);
  if (impact <= 0) return 0;
  const std::int64_t privileges = changed ? weight(values, 2, {85, 68, 50}) : weight(values, 2, {85, 62, 27});
  const std::int64_t exploitability = 822 * weight(values, 0, {85, 62, 55, 20}) *
                                      weight(values, 1, {77, 44}) * privileges * weight(values, 3, {85, 62});
  std::int64_t score = impact + exploitability;
  if (changed) score = score * 108 / 100;
  const std::int64_t tenth = unit_v3 / 10;
  return static_cast<int>(std::min<std::int64_t>(100, (score + tenth - 1) / tenth));
}

bool cut_prefix(std::string_view& text, std::string_view prefix) {
  if (text.substr(0, prefix.size()) != prefix) return false;
  text.remove_prefix(prefix.size());
  return true;
}

std::optional<int> score_v3(std::string_view vector) {
  const auto values = read_metrics(vector, metrics_v3, base_metrics_v3, Order::any);
  if (!values) return std::nullopt;
  return base_score_v3(*values);
}

std::optional<int> score_v2(std::string_view vector) {
  const auto values = read_metrics(vector, metrics_v2, base_metrics_v2, Order::any);
  if (!values) return std::nullopt;
  return base_score_v2(*values);
}

}  // namespace

std::optional<Values> read_metrics(std::string_view vector, std::span<const Metric> metrics,
                                   std::size_t mandatory, Order order) {
  Values values;
  values.fill(absent);
  std::size_t next = 0;
  while (true) {
    const std::size_t slash = vector.find('/');
    const std::string_view part = vector.substr(0, slash);
    const std::size_t colon = part.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const std::size_t index = index_of(part.substr(0, colon), metrics, next);
    if (index == metrics.size() || values[index] != absent) return std::nullopt;
    if (order == Order::fixed && index < next) return std::nullopt;
    values[index] = position_of(part.substr(colon + 1), metrics[index].values);
    if (values[index] == absent) return std::nullopt;
    next = index + 1;
    if (slash == std::string_view::npos) break;
    vector.remove_prefix(slash + 1);
  }
  const auto required = std::span(values).first(mandatory);
  if (std::find(required.begin(), required.end(), absent) != required.end()) return std::nullopt;
  return values;
}

}  // namespace cvss

std::string_view to_string(CvssVersion version) {
  static constexpr std::string_view names[] = {"2.0", "3.0", "3.1", "4.0"};
  return names[static_cast<std::size_t>(version)];
}

std::string_view severity_type(CvssVersion version) {
  static constexpr std::string_view names[] = {"CVSS_V2", "CVSS_V3", "CVSS_V3", "CVSS_V4"};
  return names[static_cast<std::size_t>(version)];
}

std::string_view to_string(Rating rating) {
  static constexpr std::string_view names[] = {"UNKNOWN", "NONE", "LOW", "MEDIUM", "HIGH", "CRITICAL"};
  return names[static_cast<std::size_t>(rating)];
}

std::optional<Cvss> read_cvss(std::string_view vector) {
  CvssVersion version = CvssVersion::v2;
  std::optional<int> score;
  if (cvss::cut_prefix(vector, "CVSS:3.1/")) {
    version = CvssVersion::v3_1;
    score = cvss::score_v3(vector);
  } else if (cvss::cut_prefix(vector, "CVSS:3.0/")) {
    version = CvssVersion::v3_0;
    score = cvss::score_v3(vector);
  } else if (cvss::cut_prefix(vector, "CVSS:4.0/")) {
    version = CvssVersion::v4_0;
    score = cvss::score_v4(vector);
  } else {
    score = cvss::score_v2(vector);
  }
  if (!score) return std::nullopt;
  return Cvss{version, *score, rating_of(version, *score)};
}

Rating rating_of(CvssVersion version, int score_tenths) {
  if (version == CvssVersion::v2)
    return score_tenths < 40 ? Rating::low : score_tenths < 70 ? Rating::medium : Rating::high;
  if (score_tenths == 0) return Rating::none;
  if (score_tenths < 40) return Rating::low;
  if (score_tenths < 70) return Rating::medium;
  return score_tenths < 90 ? Rating::high : Rating::critical;
}

Rating rating_of_ubuntu(std::string_view word) {
  if (word == "negligible" || word == "low") return Rating::low;
  if (word == "medium") return Rating::medium;
  if (word == "high") return Rating::high;
  return word == "critical" ? Rating::critical : Rating::unknown;
}

}  // namespace advisory
