// zstd (RFC 8878) for files of any size, in the memory of a window.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace base {

/// Compresses what arrives in pieces into one frame with a checksum. The same content gives the same bytes,
/// however it is cut into pieces.
class ZstdWriter {
 public:
  using Sink = std::function<void(std::string_view)>;

  /// `sink` takes the compressed bytes in order; `level` is zstd's (1 to 19).
  ZstdWriter(int level, Sink sink);
  ~ZstdWriter();
  ZstdWriter(const ZstdWriter&) = delete;
  ZstdWriter& operator=(const ZstdWriter&) = delete;

  void write(std::string_view bytes);
  /// Ends the frame. Nothing can be written afterwards.
  void finish();

 private:
  struct Context;
  void compress(bool last);

  Sink sink_;
  std::string input_;  // blocks of one size, so that pieces leave no trace in the output
  std::string output_;
  std::unique_ptr<Context> context_;
};

/// Passes the content of a zstd file, which `read` hands over piece by piece (an empty one at its end), to
/// `take`. Throws Error when it is damaged or cut off.
void zstd_read(const std::function<std::string_view()>& read,
               const std::function<void(std::string_view)>& take);

}  // namespace base
