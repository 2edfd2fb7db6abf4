// The score of a CVSS v4.0 vector (specification sections 7 and 8).
//
// Six equivalence classes (EQ1 to EQ6, tables 24 to 29) put a vector into one of 270 MacroVectors, each of
// which has a score that experts gave it. A vector that is not the worst of its MacroVector scores less: per
// class, the way down to the next lower MacroVector times the share of its depth that the vector has gone,
// and of these the mean (section 8.2). The distance gone is a number of steps between metric values. All of
// the worst vectors of a class are equally many steps away from the top, so it is the vector's own number of
// steps less a constant per class, and no search for the worst vector that fits is needed.
//
// Everything is a fraction with a small common denominator, so the result is exact.
#include <algorithm>
#include <array>

#include "advisory/cvss_metrics.hpp"

namespace advisory::cvss {

namespace {

// Table 23, in its order. Values stand from the worst to the mildest, so that a position is a number of
// steps; a metric that is not defined ("X") stands last.
constexpr Metric metrics_v4[] = {
    {"AV", "N A L P"},    {"AC", "L H"},        {"AT", "N P"},      {"PR", "N L H"},
    {"UI", "N P A"},      {"VC", "H L N"},      {"VI", "H L N"},    {"VA", "H L N"},
    {"SC", "H L N"},      {"SI", "H L N"},      {"SA", "H L N"},    {"E", "A P U X"},
    {"CR", "H M L X"},    {"IR", "H M L X"},    {"AR", "H M L X"},  {"MAV", "N A L P X"},
    {"MAC", "L H X"},     {"MAT", "N P X"},     {"MPR", "N L H X"}, {"MUI", "N P A X"},
    {"MVC", "H L N X"},   {"MVI", "H L N X"},   {"MVA", "H L N X"}, {"MSC", "H L N X"},
    {"MSI", "S H L N X"}, {"MSA", "S H L N X"}, {"S", "N P X"},     {"AU", "N Y X"},
    {"R", "A U I X"},     {"V", "D C X"},       {"RE", "L M H X"},  {"U", "Clear Green Amber Red X"},
};
constexpr std::size_t base_metrics_v4 = 11;

/// Positions in metrics_v4 of the metrics that scoring looks at; MAV is the first of those that modify
/// others.
enum Index : std::size_t { AV, AC, AT, PR, UI, VC, VI, VA, SC, SI, SA, E, CR, IR, AR, MAV };

/// The metrics that count, as steps from their worst value: modified values replace base values, and what is
/// not defined counts as the worst (E:A, CR:H, IR:H, AR:H; section 8.1).
using Steps = std::array<int, MAV>;

/// Whether a metric that may be undefined has a value.
bool is_defined(const Values& values, std::size_t metric) {
  const std::string_view list = metrics_v4[metric].values;
  return values[metric] != absent && values[metric] != std::count(list.begin(), list.end(), ' ');
}

Steps effective_steps(const Values& values) {
  Steps steps{};
  for (std::size_t metric = AV; metric <= SA; ++metric) {
    const std::size_t modified = MAV + metric;
    // The modified forms of SI and SA have a value Safety, worse than High. All three metrics of the
    // subsequent system count on that longer scale.
    if (!is_defined(values, modified))
      steps[metric] = values[metric] + (metric >= SC ? 1 : 0);
    else
      steps[metric] = values[modified] + (metric == SC ? 1 : 0);
  }
  for (const Index metric : {E, CR, IR, AR}) steps[metric] = is_defined(values, metric) ? values[metric] : 0;
  return steps;
}

/// EQ3 and EQ6 depend on the same metrics and are taken together: of the six combinations one cannot occur.
enum Impact : int { eq3_0_eq6_0, eq3_0_eq6_1, eq3_1_eq6_0, eq3_1_eq6_1, eq3_2_eq6_1 };

struct MacroVector {
  int eq1 = 0;
  int eq2 = 0;
  int impact = 0;  // an Impact
  int eq4 = 0;
  int eq5 = 0;
};

int impact_class(const Steps& m) {
  const bool meets_requirement =  // EQ6, table 29
      (m[CR] == 0 && m[VC] == 0) || (m[IR] == 0 && m[VI] == 0) || (m[AR] == 0 && m[VA] == 0);
  if (m[VC] == 0 && m[VI] == 0) return meets_requirement ? eq3_0_eq6_0 : eq3_0_eq6_1;
  if (m[VC] == 0 || m[VI] == 0 || m[VA] == 0) return meets_requirement ? eq3_1_eq6_0 : eq3_1_eq6_1;
  return eq3_2_eq6_1;
}

/// Tables 24 to 29.
MacroVector classify(const Steps& m) {
  constexpr int physical = 3;
  const int at_worst = (m[AV] == 0 ? 1 : 0) + (m[PR] == 0 ? 1 : 0) + (m[UI] == 0 ? 1 : 0);
  MacroVector macro;
  macro.eq1 = at_worst == 3 ? 0 : at_worst > 0 && m[AV] != physical ? 1 : 2;
  macro.eq2 = m[AC] == 0 && m[AT] == 0 ? 0 : 1;
  macro.impact = impact_class(m);
  if (m[SI] == 0 || m[SA] == 0)
    macro.eq4 = 0;
  else
    macro.eq4 = m[SC] == 1 || m[SI] == 1 || m[SA] == 1 ? 1 : 2;
  macro.eq5 = m[E];
  return macro;
}

// The scores of the MacroVectors in tenths (the lookup table of section 8.2). One row per EQ1, EQ2, EQ3 and
// EQ6; in a row EQ4 is 0 0 0 1 1 1 2 2 2 and EQ5 0 1 2 0 1 2 0 1 2.
// clang-format off
constexpr std::uint8_t macro_scores[3][2][5][9] = {
  {{{100,  98,  95, 100,  93,  91,  93,  89,  81},  // 0 0 0 0
    { 99,  95,  92,  96,  87,  81,  90,  80,  68},  // 0 0 0 1
    { 98,  95,  90,  93,  89,  81,  88,  78,  69},  // 0 0 1 0
    { 95,  92,  84,  92,  81,  65,  80,  70,  48},  // 0 0 1 1
    { 92,  82,  72,  79,  69,  50,  69,  55,  27}}, // 0 0 2 1
   {{ 99,  95,  92,  95,  90,  84,  92,  82,  72},  // 0 1 0 0
    { 97,  92,  85,  91,  83,  71,  81,  71,  53},  // 0 1 0 1
    { 95,  92,  85,  92,  80,  70,  84,  71,  50},  // 0 1 1 0
    { 93,  85,  73,  82,  72,  59,  70,  52,  30},  // 0 1 1 1
    { 86,  75,  52,  71,  52,  29,  63,  29,  17}}},// 0 1 2 1
  {{{ 98,  94,  91,  94,  86,  77,  87,  74,  63},  // 1 0 0 0
    { 95,  87,  81,  89,  74,  64,  75,  63,  49},  // 1 0 0 1
    { 94,  88,  76,  86,  74,  59,  72,  57,  52},  // 1 0 1 0
    { 89,  77,  67,  76,  58,  50,  57,  52,  25},  // 1 0 1 1
    { 83,  70,  54,  65,  58,  26,  53,  21,  13}}, // 1 0 2 1
   {{ 95,  88,  76,  90,  75,  61,  77,  68,  52},  // 1 1 0 0
    { 90,  76,  70,  77,  62,  53,  66,  59,  30},  // 1 1 0 1
    { 89,  76,  62,  74,  57,  47,  61,  57,  24},  // 1 1 1 0
    { 78,  67,  58,  59,  57,  23,  52,  29,  16},  // 1 1 1 1
    { 71,  59,  30,  58,  26,  15,  23,  13,   6}}},// 1 1 2 1
  {{{ 93,  86,  75,  86,  74,  56,  70,  52,  40},  // 2 0 0 0
    { 87,  72,  58,  74,  61,  34,  54,  40,  22},  // 2 0 0 1
    { 85,  74,  62,  72,  55,  46,  53,  34,  19},  // 2 0 1 0
    { 75,  55,  51,  57,  41,  19,  36,  19,   8},  // 2 0 1 1
    { 64,  51,  20,  47,  21,  11,  24,   9,   4}}, // 2 0 2 1
   {{ 88,  73,  60,  73,  59,  41,  54,  45,  20},  // 2 1 0 0
    { 75,  53,  50,  55,  40,  20,  43,  22,  11},  // 2 1 0 1
    { 75,  58,  40,  61,  48,  20,  46,  17,   8},  // 2 1 1 0
    { 55,  45,  21,  51,  18,   9,  18,   7,   2},  // 2 1 1 1
    { 53,  24,  14,  24,  12,   5,  10,   3,   1}}},// 2 1 2 1
};
// clang-format on

constexpr int none = -1;

/// The score of a MacroVector, or `none` when there is no such one.
int macro_score(const MacroVector& macro) {
  if (macro.eq1 > 2 || macro.eq2 > 1 || macro.eq4 > 2 || macro.eq5 > 2) return none;
  // NOLINTNEXTLINE(clang-analyzer-core.uninitialized.UndefReturn): none of them is below zero
  return macro_scores[macro.eq1][macro.eq2][macro.impact][3 * macro.eq4 + macro.eq5];
}

/// The next lower MacroVector in EQ3 and EQ6: where both can go down by one, the one that scores more.
int lower_impact_score(MacroVector macro) {
  switch (macro.impact) {
    case eq3_0_eq6_0: {
      macro.impact = eq3_0_eq6_1;
      const int lower_eq6 = macro_score(macro);
      macro.impact = eq3_1_eq6_0;
      return std::max(lower_eq6, macro_score(macro));
    }
    case eq3_0_eq6_1:
    case eq3_1_eq6_0:
      macro.impact = eq3_1_eq6_1;
      return macro_score(macro);
    case eq3_1_eq6_1:
      macro.impact = eq3_2_eq6_1;
      return macro_score(macro);
    default:
      return none;
  }
}

/// One class's part in the interpolation.
struct Descent {
  int lower_score;  // of the next lower MacroVector in this class, or `none`
  int gone;         // steps below the worst vector of the class
  int depth;        // steps from there to the next lower class (table 30, plus one)
};

std::array<Descent, 5> descents(const Steps& m, const MacroVector& macro) {
  static constexpr int worst1[] = {0, 1, 3};
  static constexpr int depth1[] = {1, 4, 5};
  static constexpr int depth2[] = {1, 2};
  static constexpr int worst_impact[] = {0, 3, 1, 3, 3};
  static constexpr int depth_impact[] = {7, 6, 8, 8, 10};
  static constexpr int worst4[] = {1, 3, 6};
  static constexpr int depth4[] = {6, 5, 4};
  MacroVector lower1 = macro;
  ++lower1.eq1;
  MacroVector lower2 = macro;
  ++lower2.eq2;
  MacroVector lower4 = macro;
  ++lower4.eq4;
  MacroVector lower5 = macro;
  ++lower5.eq5;
  const int impact_steps = m[VC] + m[VI] + m[VA] + m[CR] + m[IR] + m[AR];
  return {{{macro_score(lower1), m[AV] + m[PR] + m[UI] - worst1[macro.eq1], depth1[macro.eq1]},
           {macro_score(lower2), m[AC] + m[AT] - macro.eq2, depth2[macro.eq2]},
           {lower_impact_score(macro), impact_steps - worst_impact[macro.impact], depth_impact[macro.impact]},
           {macro_score(lower4), m[SC] + m[SI] + m[SA] - worst4[macro.eq4], depth4[macro.eq4]},
           {macro_score(lower5), 0, 1}}};
}

/// Section 8.2.
int score_steps(const Steps& m) {
  const bool no_impact =  // positions of None: 2, and 3 where Safety precedes
      m[VC] == 2 && m[VI] == 2 && m[VA] == 2 && m[SC] == 3 && m[SI] == 3 && m[SA] == 3;
  if (no_impact) return 0;
  const MacroVector macro = classify(m);
  const int score = macro_score(macro);
  constexpr int common = 840;  // a multiple of every depth
  int lost = 0;                // in units of 1 / common
  int classes = 0;
  for (const Descent& descent : descents(m, macro)) {
    if (descent.lower_score == none) continue;
    ++classes;
    lost += (score - descent.lower_score) * descent.gone * (common / descent.depth);
  }
  if (classes == 0) return score;
  const int denominator = common * classes;
  return std::max(0, 2 * (score * denominator - lost) + denominator) / (2 * denominator);
}

}  // namespace

std::optional<int> score_v4(std::string_view vector) {
  const auto values = read_metrics(vector, metrics_v4, base_metrics_v4, Order::fixed);
  if (!values) return std::nullopt;
  return score_steps(effective_steps(*values));
}

}  // namespace advisory::cvss
