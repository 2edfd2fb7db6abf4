#include "snapshot/documents.hpp"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <map>
#include <mutex>
#include <thread>

#include "advisory/vulnerability.hpp"
#include "base/format.hpp"
#include "base/json.hpp"
#include "snapshot/osv_record.hpp"
#include "store/generated/snapshot.hpp"

namespace snapshot {

namespace {

// A portion is some MiB of JSON text: stored bytes are a third to a fifth of it.
constexpr std::size_t portion_bytes = std::size_t{512} << 10;
constexpr std::size_t portion_documents = 1000;

/// Cuts a list that grows into portions.
class PortionCutter {
 public:
  explicit PortionCutter(DocumentList& list) : list_(list) {}
  void add(std::int64_t uid, std::int64_t stored_bytes) {
    if (list_.uids.size() - begin_ >= portion_documents || bytes_ >= portion_bytes) cut();
    list_.uids.push_back(uid);
    bytes_ += static_cast<std::size_t>(stored_bytes);
  }
  void cut() {
    if (list_.uids.size() == begin_) return;
    begin_ = list_.uids.size();
    list_.ends.push_back(begin_);
    bytes_ = 0;
  }

 private:
  DocumentList& list_;
  std::size_t begin_ = 0;
  std::size_t bytes_ = 0;
};

/// Prepares documents; one per thread.
class Preparer {
 public:
  explicit Preparer(Products products) : products_(products) {}

  void add(const store::sql::DocumentsOfRow& row, Portion& portion) {
    arena_.reset();
    const base::json::Parsed parsed = advisory::parse_document(row.document, arena_);
    text_.clear();
    base::json::write(parsed.value, text_);
    if (parsed.error || base::bytes_of(base::sha256(text_)) != row.document_hash)
      throw base::Error(base::format(
          "the document of {} (uid {}) is not what its document_hash says: it was changed outside of "
          "vuln-datasync; 'vuln-datasync sync --full' writes it again",
          row.id, row.uid));
    ++portion.documents;
    if (products_.lines) portion.lines.append(text_).append("\n");
    const bool is_private = is_private_id(row.id);
    if (is_private ? products_.private_ones : products_.entries) add_entry(row, parsed.value, portion);
  }

 private:
  void add_entry(const store::sql::DocumentsOfRow& row, const base::json::Value& document, Portion& portion) {
    OsvEntry entry;
    const std::string id = osv_id(row.id);
    if (id != row.id) text_ = base::json::write(osv_record(document, arena_));
    entry.name = osv_file_name(id);
    const base::json::Value* const modified = document.find("modified");
    const auto instant = modified != nullptr ? advisory::parse_instant(modified->text()) : std::nullopt;
    if (!instant)
      throw base::Error(base::format("the document of {} has no time of its last change", row.id));
    entry.modified = *instant;
    entry.directories = osv_directories(document);
    entry.content = packer_.pack(text_);
    portion.entries.push_back(std::move(entry));
  }

  Products products_;
  base::Arena arena_;
  std::string text_;
  base::Packer packer_;
};

}  // namespace

Inventory take_inventory(pg::Connection& connection) {
  Inventory inventory;
  PortionCutter cutter(inventory.all);
  store::DigestBuilder digest;
  struct Private {
    std::string id;
    std::int64_t uid;
    std::int64_t bytes;
  };
  std::vector<Private> private_ones;
  connection.copy_out({"inventory",
                       "SELECT uid, id, document_hash, pg_column_size(document)::bigint FROM vulnerabilities "
                       "ORDER BY id COLLATE \"C\""},
                      [&](const pg::CopyRow& row) {
                        const auto id = row.get<std::string_view>(1);
                        const auto bytes = row.get<std::int64_t>(3);
                        digest.add(id, row.get<std::string_view>(2));
                        cutter.add(row.get<std::int64_t>(0), bytes);
                        if (is_private_id(id))
                          private_ones.push_back({osv_id(id), row.get<std::int64_t>(0), bytes});
                      });
  cutter.cut();
  std::sort(private_ones.begin(), private_ones.end(),
            [](const Private& a, const Private& b) { return a.id < b.id; });
  PortionCutter private_cutter(inventory.private_ones);
  for (const Private& one : private_ones) private_cutter.add(one.uid, one.bytes);
  private_cutter.cut();
  inventory.digest = digest.finish();
  return inventory;
}

struct DocumentWalk::State {
  pg::Settings database;
  std::string transaction;
  const DocumentList& list;
  Products products;
  unsigned thread_count;

  std::mutex mutex;
  std::condition_variable_any changed;
  std::size_t next_to_read = 0;
  std::size_t next_to_give = 0;
  std::map<std::size_t, Portion> ready;
  std::exception_ptr failure;
  std::vector<std::jthread> threads;  // last: they use the others

  State(pg::Settings settings, std::string exported, const DocumentList& documents, Products wanted,
        unsigned count)
      : database(std::move(settings)),
        transaction(std::move(exported)),
        list(documents),
        products(wanted),
        thread_count(count) {}

  /// The next portion to read, not too far ahead of what was given away; nothing at the end.
  std::optional<std::size_t> claim(const std::stop_token& stop) {
    std::unique_lock lock(mutex);
    const bool go =
        changed.wait(lock, stop, [&] { return next_to_read - next_to_give < 2 * std::size_t{thread_count}; });
    if (!go || stop.stop_requested() || failure || next_to_read == list.ends.size()) return std::nullopt;
    return next_to_read++;
  }

  Portion read(pg::Connection& connection, std::size_t index, Preparer& preparer) {
    const std::size_t begin = index == 0 ? 0 : list.ends[index - 1];
    const std::vector<std::int64_t> uids(list.uids.begin() + static_cast<std::ptrdiff_t>(begin),
                                         list.uids.begin() + static_cast<std::ptrdiff_t>(list.ends[index]));
    Portion portion;
    for (const auto& row : store::sql::documents_of(connection, uids)) preparer.add(row, portion);
    return portion;
  }

  void work(const std::stop_token& stop) {
    try {
      pg::Connection connection(database);
      pg::Transaction view(connection, pg::Transaction::Mode::read_only_snapshot);
      connection.exec("SET TRANSACTION SNAPSHOT " + pg::quote_literal(transaction));
      connection.exec("SET LOCAL idle_in_transaction_session_timeout = 0");  // waits for a slow disk
      Preparer preparer(products);
      while (const auto index = claim(stop)) {
        Portion portion = read(connection, *index, preparer);
        const std::scoped_lock lock(mutex);
        ready.emplace(*index, std::move(portion));
        changed.notify_all();
      }
    } catch (...) {
      const std::scoped_lock lock(mutex);
      if (!failure) failure = std::current_exception();
      changed.notify_all();
    }
  }
};

DocumentWalk::DocumentWalk(const pg::Settings& database, const std::string& transaction,
                           const DocumentList& list, Products products, unsigned threads)
    : state_(std::make_unique<State>(database, transaction, list, products, threads)) {
  for (unsigned i = 0; i < threads; ++i)
    state_->threads.emplace_back([state = state_.get()](const std::stop_token& stop) { state->work(stop); });
}

DocumentWalk::~DocumentWalk() {
  for (std::jthread& thread : state_->threads) thread.request_stop();
}

std::optional<Portion> DocumentWalk::next() {
  std::unique_lock lock(state_->mutex);
  if (state_->next_to_give == state_->list.ends.size()) return std::nullopt;
  state_->changed.wait(lock,
                       [&] { return state_->failure || state_->ready.count(state_->next_to_give) == 1; });
  if (state_->failure) std::rethrow_exception(state_->failure);
  auto node = state_->ready.extract(state_->next_to_give++);
  state_->changed.notify_all();
  return std::move(node.mapped());
}

}  // namespace snapshot
