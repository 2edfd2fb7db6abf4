#include "base/file_writer.hpp"

#include <fcntl.h>

#include "base/files.hpp"

namespace base {

namespace {
constexpr std::size_t buffer_size = std::size_t{64} << 10;  // an export has a hundred open at once
}

FileWriter::FileWriter(std::filesystem::path path, unsigned mode)
    : path_(std::move(path)), fd_(open_file(path_, O_WRONLY | O_CREAT | O_EXCL, mode)) {}

void FileWriter::write(std::string_view bytes) {
  size_ += bytes.size();
  if (buffer_.size() + bytes.size() > buffer_size) flush();
  if (bytes.size() >= buffer_size)
    write_all(fd_, bytes, path_.string());
  else
    buffer_ += bytes;
}

void FileWriter::flush() {
  write_all(fd_, buffer_, path_.string());
  buffer_.clear();
}

void FileWriter::close() {
  flush();
  fd_.close();
}

}  // namespace base
