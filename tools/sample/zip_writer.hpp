// Writes small zip archives (APPNOTE.TXT of PKWARE, without Zip64: at most 65,535 entries and 4 GiB).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sample {

/// When an entry was last changed, as zip stores it: two seconds of resolution, from 1980 on.
struct DosTime {
  std::uint16_t time = 0;
  std::uint16_t date = (1U << 5U) | 1U;  // 1980-01-01
};

/// Of an RFC 3339 timestamp in UTC; 1980-01-01 for what is earlier or no timestamp.
DosTime dos_time(std::string_view timestamp);

class ZipWriter {
 public:
  /// Appends one deflated entry. Throws base::Error when the archive outgrows the format.
  void add(std::string_view name, std::string_view bytes, DosTime time);
  /// The whole archive. Nothing can be added afterwards.
  std::string finish();

 private:
  std::string archive_;
  std::string directory_;
  std::size_t entries_ = 0;
};

}  // namespace sample
