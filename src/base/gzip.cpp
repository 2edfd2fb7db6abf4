#include "base/gzip.hpp"

#include <zlib.h>

#include "base/error.hpp"

namespace base {

std::string gzip(std::string_view bytes) {
  constexpr int level = 1;
  constexpr int window_of_gzip = 15 + 16;
  constexpr int memory = 8;
  z_stream stream{};
  if (deflateInit2(&stream, level, Z_DEFLATED, window_of_gzip, memory, Z_DEFAULT_STRATEGY) != Z_OK)
    throw Error("gzip: there is no memory to compress with");
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  // NOLINTNEXTLINE(*-const-cast): it is only read
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int result = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (result != Z_STREAM_END) throw Error("gzip: compressing failed");
  return out;
}

}  // namespace base
