#include "snapshot/dump_owners.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <optional>
#include <string>

#include "base/files.hpp"
#include "base/format.hpp"

namespace snapshot {

namespace {

// The table of contents of our few dozen objects takes some 30 KB; it stands at the beginning of the file.
constexpr std::size_t most_bytes = std::size_t{8} << 20;

/// Reads the table of contents, and rewrites it where it stands.
class Contents {
 public:
  Contents(std::string bytes, std::string what) : bytes_(std::move(bytes)), what_(std::move(what)) {}

  void remove_owners() {
    read_head();
    const std::int64_t entries = read_int();
    for (std::int64_t i = 0; i < entries; ++i) read_entry();
  }
  const std::string& bytes() const { return bytes_; }

 private:
  [[noreturn]] void refuse(const char* why) const {
    throw base::Error(base::format("{} cannot be stripped of its owners: {}", what_, why));
  }
  unsigned char read_byte() {
    if (at_ >= bytes_.size()) refuse("its table of contents is cut off");
    return static_cast<unsigned char>(bytes_[at_++]);
  }
  // A sign and so many bytes, the lowest first.
  std::int64_t read_int() {
    const bool is_negative = read_byte() != 0;
    std::int64_t value = 0;
    for (unsigned i = 0; i < int_size_; ++i) value |= std::int64_t{read_byte()} << (8 * i);
    return is_negative ? -value : value;
  }
  void write_int(std::size_t at, std::size_t value) {
    bytes_[at] = 0;
    for (unsigned i = 0; i < int_size_; ++i) bytes_[at + 1 + i] = static_cast<char>(value >> (8 * i) & 0xFF);
  }
  void skip(std::size_t size) {
    if (size > bytes_.size() - at_) refuse("its table of contents is cut off");
    at_ += size;
  }
  /// Skips a string and returns its size; nothing for a null one.
  std::optional<std::size_t> skip_string() {
    const std::int64_t size = read_int();
    if (size < 0) return std::nullopt;
    skip(static_cast<std::size_t>(size));
    return static_cast<std::size_t>(size);
  }
  void skip_strings(int count) {
    for (int i = 0; i < count; ++i) skip_string();
  }

  void read_head() {
    if (bytes_.substr(0, 5) != "PGDMP") refuse("it is no dump in custom format");
    at_ = 5;
    const unsigned major = read_byte();
    minor_ = read_byte();
    if (major != 1 || minor_ < 14 || minor_ > 16) refuse("its archive version is not known here");
    read_byte();  // revision
    int_size_ = read_byte();
    offset_size_ = read_byte();
    if (int_size_ != 4 || offset_size_ > 8) refuse("its integers have another size");
    read_byte();  // format
    if (minor_ >= 15)
      read_byte();  // compression
    else
      read_int();
    for (int i = 0; i < 7; ++i) read_int();  // time of its making
    skip_strings(3);                         // database and versions
  }

  void read_entry() {
    read_int();                    // id
    read_int();                    // whether it has data
    skip_strings(4);               // two oids, tag, description
    read_int();                    // section
    skip_strings(6);               // create, drop and copy statement, namespace, tablespace, access method
    if (minor_ >= 16) read_int();  // kind of relation
    empty_owner();
    while (skip_string()) {
    }                        // dependencies
    skip(1 + offset_size_);  // where its data are
  }

  // An empty owner, and its bytes given to the next string: that says "false" and has meant nothing since
  // tables lost their oids; only "true" would bring a warning.
  void empty_owner() {
    const std::size_t owner_at = at_;
    const std::size_t owner = skip_string().value_or(0);
    const std::size_t next = skip_string().value_or(0);
    if (owner == 0) return;
    const std::size_t header = 1 + int_size_;
    write_int(owner_at, 0);
    write_int(owner_at + header, owner + next);
    for (std::size_t i = 0; i < owner + next; ++i)
      bytes_[owner_at + 2 * header + i] = i < 5 ? "false"[i] : ' ';
  }

  std::string bytes_;
  std::string what_;
  std::size_t at_ = 0;
  unsigned minor_ = 0;
  unsigned int_size_ = 4;
  unsigned offset_size_ = 8;
};

}  // namespace

void remove_owners(const std::filesystem::path& dump) {
  const base::Fd file = base::open_file(dump, O_RDWR);
  std::string bytes(most_bytes, '\0');
  std::size_t size = 0;
  while (size < bytes.size()) {
    const std::size_t more = base::read_some(file, bytes.data() + size, bytes.size() - size, dump.string());
    if (more == 0) break;
    size += more;
  }
  bytes.resize(size);
  Contents contents(bytes, dump.string());
  contents.remove_owners();
  if (::lseek(file.get(), 0, SEEK_SET) != 0) throw base::FileError("seek in", dump, errno);
  base::write_all(file, contents.bytes(), dump.string());
}

}  // namespace snapshot
