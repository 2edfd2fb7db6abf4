#include "advisory/purl.hpp"

#include <gtest/gtest.h>

#include <string>

namespace advisory {
namespace {

std::string purl_of(std::string_view ecosystem, std::string_view name) {
  base::Arena arena;
  return std::string(package_purl(ecosystem, name, arena));
}

std::string versionless(std::string_view text) {
  base::Arena arena;
  return std::string(versionless_purl(text, arena).value_or("invalid"));
}

TEST(Purl, LanguageEcosystems) {
  EXPECT_EQ(purl_of("npm", "lodash"), "pkg:npm/lodash");
  EXPECT_EQ(purl_of("npm", "@angular/core"), "pkg:npm/%40angular/core");
  EXPECT_EQ(purl_of("npm", "JSONStream"), "pkg:npm/JSONStream");
  EXPECT_EQ(purl_of("PyPI", "Flask_SQLAlchemy"), "pkg:pypi/flask-sqlalchemy");
  EXPECT_EQ(purl_of("PyPI", "zope.interface"), "pkg:pypi/zope-interface");
  EXPECT_EQ(purl_of("Maven", "org.apache.logging.log4j:log4j-core"),
            "pkg:maven/org.apache.logging.log4j/log4j-core");
  EXPECT_EQ(purl_of("Maven:https://maven.google.com", "androidx.core:core"), "pkg:maven/androidx.core/core");
  EXPECT_EQ(purl_of("Go", "github.com/Masterminds/sprig/v3"), "pkg:golang/github.com/Masterminds/sprig/v3");
  EXPECT_EQ(purl_of("Go", "stdlib"), "pkg:golang/stdlib");
  EXPECT_EQ(purl_of("crates.io", "serde_json"), "pkg:cargo/serde_json");
  EXPECT_EQ(purl_of("NuGet", "Newtonsoft.Json"), "pkg:nuget/Newtonsoft.Json");
  EXPECT_EQ(purl_of("Packagist", "Laravel/Framework"), "pkg:composer/laravel/framework");
  EXPECT_EQ(purl_of("RubyGems", "actionpack"), "pkg:gem/actionpack");
  EXPECT_EQ(purl_of("Hex", "Phoenix_HTML"), "pkg:hex/phoenix_html");
  EXPECT_EQ(purl_of("Hex", "acme/foo"), "pkg:hex/acme/foo");
  EXPECT_EQ(purl_of("Pub", "Flutter-View"), "pkg:pub/flutter_view");
  EXPECT_EQ(purl_of("CRAN", "rJava"), "pkg:cran/rJava");
  EXPECT_EQ(purl_of("Hackage", "AC-HalfInteger"), "pkg:hackage/AC-HalfInteger");
  EXPECT_EQ(purl_of("Julia", "HTTP"), "pkg:julia/HTTP");
  EXPECT_EQ(purl_of("opam", "conex"), "pkg:opam/conex");
  EXPECT_EQ(purl_of("ConanCenter", "openssl"), "pkg:conan/openssl");
  EXPECT_EQ(purl_of("SwiftURL", "https://github.com/Alamofire/Alamofire.git"),
            "pkg:swift/github.com/Alamofire/Alamofire");
  EXPECT_EQ(purl_of("GitHub Actions", "Actions/Checkout"), "pkg:github/actions/checkout");
  EXPECT_EQ(purl_of("VSCode", "ms-python.python"), "pkg:vscode-extension/ms-python/python");
  EXPECT_EQ(purl_of("OSS-Fuzz", "libxml2"), "pkg:generic/libxml2");
  EXPECT_EQ(purl_of("Bitnami", "WordPress"), "pkg:bitnami/wordpress");
}

TEST(Purl, Distributions) {
  EXPECT_EQ(purl_of("Debian:12", "libstdc++6"), "pkg:deb/debian/libstdc%2B%2B6");
  EXPECT_EQ(purl_of("Debian", "curl"), "pkg:deb/debian/curl");
  EXPECT_EQ(purl_of("Ubuntu:22.04:LTS", "curl"), "pkg:deb/ubuntu/curl");
  EXPECT_EQ(purl_of("Echo", "curl"), "pkg:deb/echo/curl");
  EXPECT_EQ(purl_of("Alpine:v3.20", "curl"), "pkg:apk/alpine/curl");
  EXPECT_EQ(purl_of("Wolfi", "curl"), "pkg:apk/wolfi/curl");
  EXPECT_EQ(purl_of("Chainguard", "curl"), "pkg:apk/chainguard/curl");
  EXPECT_EQ(purl_of("Red Hat:enterprise_linux:9::baseos", "NetworkManager"), "pkg:rpm/redhat/NetworkManager");
  EXPECT_EQ(purl_of("AlmaLinux:9", "firefox"), "pkg:rpm/almalinux/firefox");
  EXPECT_EQ(purl_of("Rocky Linux:9", "firefox"), "pkg:rpm/rocky-linux/firefox");
  EXPECT_EQ(purl_of("SUSE:Linux Enterprise Server 15 SP5", "curl"), "pkg:rpm/suse/curl");
  EXPECT_EQ(purl_of("openSUSE:Leap 15.6", "curl"), "pkg:rpm/opensuse/curl");
  EXPECT_EQ(purl_of("openEuler:22.03-LTS", "curl"), "pkg:rpm/openeuler/curl");
  EXPECT_EQ(purl_of("Azure Linux:3", "curl"), "pkg:rpm/azure-linux/curl");
}

TEST(Purl, NoneWhereTheNameOrTheEcosystemHasNone) {
  EXPECT_EQ(purl_of("Maven", "log4j-core"), "");
  EXPECT_EQ(purl_of("Maven", ":log4j-core"), "");
  EXPECT_EQ(purl_of("Maven", "org.example:"), "");
  EXPECT_EQ(purl_of("Packagist", "framework"), "");
  EXPECT_EQ(purl_of("Packagist", "a/b/c"), "");
  EXPECT_EQ(purl_of("npm", "scope/name"), "");
  EXPECT_EQ(purl_of("npm", "@scope"), "");
  EXPECT_EQ(purl_of("npm", "@scope/a/b"), "");
  EXPECT_EQ(purl_of("npm", ""), "");
  EXPECT_EQ(purl_of("VSCode", "python"), "");
  EXPECT_EQ(purl_of("GitHub Actions", "owner/repository/path"), "");
  EXPECT_EQ(purl_of("SwiftURL", "Alamofire"), "");
  EXPECT_EQ(purl_of("GHC", "compiler"), "");
  EXPECT_EQ(purl_of("Android", "platform/frameworks/base"), "");
  EXPECT_EQ(purl_of("", "curl"), "");
}

TEST(Purl, VersionQualifiersAndSubpathAreDropped) {
  EXPECT_EQ(versionless("pkg:npm/foobar@12.3.1"), "pkg:npm/foobar");
  EXPECT_EQ(versionless("pkg:deb/debian/curl@7.50.3-1?arch=i386&distro=jessie"), "pkg:deb/debian/curl");
  EXPECT_EQ(versionless("pkg:deb/debian/curl?arch=source"), "pkg:deb/debian/curl");
  EXPECT_EQ(versionless("pkg:golang/google.golang.org/genproto@abc#/googleapis/api/"),
            "pkg:golang/google.golang.org/genproto");
  EXPECT_EQ(versionless("pkg:opam/git@3/16.1"), "pkg:opam/git");
  EXPECT_EQ(versionless("pkg:deb/debian/attr@1:2.4.47-2%2Bb1?arch=amd64"), "pkg:deb/debian/attr");
}

TEST(Purl, CanonicalForm) {
  EXPECT_EQ(versionless("pkg:npm/@angular/core"), "pkg:npm/%40angular/core");
  EXPECT_EQ(versionless("pkg:npm/%40angular/core@1.0"), "pkg:npm/%40angular/core");
  EXPECT_EQ(versionless("PKG:Maven/HTTPClient/HTTPClient@0.3-3"), "pkg:maven/HTTPClient/HTTPClient");
  EXPECT_EQ(versionless("pkg:///maven//org.apache.commons/io/"), "pkg:maven/org.apache.commons/io");
  EXPECT_EQ(versionless("pkg:PYPI/Django_package@1.11.1.dev1"), "pkg:pypi/django-package");
  EXPECT_EQ(versionless("pkg:composer/Laravel/Laravel@5.5.0"), "pkg:composer/laravel/laravel");
  EXPECT_EQ(versionless("pkg:rpm/Fedora/NetworkManager"), "pkg:rpm/fedora/NetworkManager");
  EXPECT_EQ(versionless("pkg:deb/debian/libstdc++6"), "pkg:deb/debian/libstdc%2B%2B6");
  EXPECT_EQ(versionless("pkg:hackage/a_b"), "pkg:hackage/a-b");
  EXPECT_EQ(versionless("pkg:generic/a%20b%2fc"), "pkg:generic/a%20b%2Fc");
  EXPECT_EQ(versionless("pkg:unknown.type-1/A/B"), "pkg:unknown.type-1/A/B");
}

TEST(Purl, RefusesWhatIsNone) {
  for (const char* text : {"",
                           "pkg:",
                           "pkg:npm",
                           "pkg:npm/",
                           "pkg:npm/@",
                           "pkg:cran/@0.9.1",
                           "pkg:swift/github.com/Alamofire/@5.4.3",
                           "pkg:npm/@",
                           "npm/foo",
                           "http:npm/foo",
                           "pkg%3Anpm/foo",
                           "pkg:EnterpriseLibrary.Common@6.0.1304",
                           "pkg:3nginx/nginx@0.8.9",
                           "pkg:nginx:a/nginx@0.8.9",
                           "pkg:n&g?inx/nginx@0.8.9",
                           "pkg:npm/myartifact@1.0.0?in%20production=true",
                           "pkg:npm/a?b",
                           "pkg:maven/@1.3.4",
                           "pkg:maven/io",
                           "pkg:swift/Alamofire",
                           "pkg:pypi/a/b",
                           "pkg:npm/a%2",
                           "pkg:npm/a%zz",
                           "pkg:npm/a%00b",
                           "pkg:npm/a%2Fb/c"})
    EXPECT_EQ(versionless(text), "invalid") << text;
}

TEST(Purl, ACanonicalOneIsNotCopied) {
  base::Arena arena;
  const std::string_view text = "pkg:npm/%40angular/core";
  EXPECT_EQ(versionless_purl(text, arena)->data(), text.data());
}

}  // namespace
}  // namespace advisory
