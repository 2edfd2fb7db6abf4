#include <cstdio>

#include "base/version.hpp"

int main() {
  std::printf("vuln-datasync %s (%s)\n", base::version, base::commit);
  return 2;
}
