// The rule of resolve/resolve.hpp a second time: plain and slow, over sets and maps of strings, written from
// the rule's text. The real one must agree with it on everything that can be generated.
#pragma once

#include <span>

#include "resolve/resolve.hpp"

namespace support {

resolve::Result reference_resolve(std::span<const resolve::Record> records,
                                  std::span<const resolve::Override> overrides);

}  // namespace support
