#include "advisory/package.hpp"

#include <gtest/gtest.h>

namespace advisory {
namespace {

std::string normalized(std::string_view ecosystem, std::string_view name) {
  base::Arena arena;
  return std::string(normalized_name(ecosystem, name, arena));
}

TEST(Package, EcosystemBaseEndsAtTheFirstColon) {
  EXPECT_EQ(ecosystem_base("npm"), "npm");
  EXPECT_EQ(ecosystem_base("Debian:12"), "Debian");
  EXPECT_EQ(ecosystem_base("Ubuntu:22.04:LTS"), "Ubuntu");
  EXPECT_EQ(ecosystem_base("Maven:https://maven.google.com"), "Maven");
  EXPECT_EQ(ecosystem_base(""), "");
}

TEST(Package, PypiNamesFollowPep503) {
  EXPECT_EQ(normalized("PyPI", "Flask_SQLAlchemy"), "flask-sqlalchemy");
  EXPECT_EQ(normalized("PyPI", "zope.interface"), "zope-interface");
  EXPECT_EQ(normalized("PyPI", "a.-_b--c"), "a-b-c");
  EXPECT_EQ(normalized("PyPI", "django"), "django");
}

TEST(Package, RegistriesThatFoldNames) {
  EXPECT_EQ(normalized("crates.io", "Serde_Json"), "serde-json");
  EXPECT_EQ(normalized("NuGet", "Newtonsoft.Json"), "newtonsoft.json");
  EXPECT_EQ(normalized("Packagist", "Laravel/Framework"), "laravel/framework");
  EXPECT_EQ(normalized("Packagist:https://packages.drupal.org/8", "drupal/Foo_Bar"), "drupal/foo_bar");
  EXPECT_EQ(normalized("Hex", "Phoenix_HTML"), "phoenix_html");
  EXPECT_EQ(normalized("Bitnami", "WordPress"), "wordpress");
  EXPECT_EQ(normalized("Pub", "Flutter-Web.View"), "flutter_web_view");
  EXPECT_EQ(normalized("VSCode", "MS-Python.python"), "ms-python.python");
  EXPECT_EQ(normalized("GitHub Actions", "Actions/Checkout"), "actions/checkout");
}

TEST(Package, SwiftNamesAreLocations) {
  for (const char* url : {"https://github.com/Apple/swift-nio.git", "github.com/apple/swift-nio",
                          "ssh://git@github.com/apple/swift-nio/", "git@github.com/apple/swift-nio.git/"})
    EXPECT_EQ(normalized("SwiftURL", url), "github.com/apple/swift-nio") << url;
  EXPECT_EQ(swift_location("https://github.com/Alamofire/Alamofire.git"), "github.com/Alamofire/Alamofire");
}

TEST(Package, OtherNamesStayAsTheyAre) {
  for (const char* ecosystem : {"npm", "Go", "Maven", "RubyGems", "CRAN", "Hackage", "Julia", "opam",
                                "ConanCenter", "AlmaLinux:9", "Debian:12", "Alpine:v3.20", "Something New"})
    EXPECT_EQ(normalized(ecosystem, "Some_Name.x/Y-z"), "Some_Name.x/Y-z") << ecosystem;
}

TEST(Package, UnchangedNamesAreNotCopied) {
  base::Arena arena;
  const std::string_view name = "requests-oauthlib";
  EXPECT_EQ(normalized_name("PyPI", name, arena).data(), name.data());
}

}  // namespace
}  // namespace advisory
