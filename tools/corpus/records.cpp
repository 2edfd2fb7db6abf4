#include "corpus/records.hpp"

#include <algorithm>
#include <memory>

#include "corpus/identity.hpp"
#include "corpus/in_order.hpp"

namespace corpus {
namespace {

// Readers are fastest in ascending runs from a multiple of 64 on (fetch::Reader).
constexpr std::uint64_t chunk_size = 256;

class Maker {
 public:
  Maker(const Plan& plan, const Supply& supply, State state, bool changes_only)
      : plan_(plan),
        supply_(supply),
        state_(state),
        changes_only_(changes_only),
        reader_(supply.originals->reader()),
        packer_(plan.level) {}

  std::vector<Record> run(std::uint64_t copy, std::uint64_t from, std::uint64_t to) {
    std::vector<Record> records;
    for (std::uint64_t index = from; index < to; ++index) {
      const std::uint64_t number = copy * supply_.originals->size() + index;
      const Fate fate =
          state_ == State::before ? Fate::same : fate_of(plan_, supply_.source, number, supply_.count);
      if (fate == Fate::same && changes_only_) continue;
      records.push_back(make(index, copy, fate));
    }
    return records;
  }

 private:
  Record make(std::uint64_t index, std::uint64_t copy, Fate fate) {
    arena_.reset();
    const std::string location = supply_.originals->candidate(index).location;
    const Original original =
        read_original(supply_.source, arena_.copy(location), arena_.copy(reader_->read(index)), arena_);
    Record record;
    record.fate = fate;
    record.id = copy_of_id(original.own_id, copy);
    record.path = path_of(original, copy, record.id);
    if (fate == Fate::deleted) return record;
    record.directories = original.directories;
    record.modified = original.modified;
    record.bytes = vary(original, copy, fate == Fate::changed ? plan_.seed : 0, *supply_.words);
    if (fate == Fate::withdrawn)
      record.bytes = with_withdrawal(original, copy, std::move(record.bytes), second_state_time);
    if (fate != Fate::same) {
      record.modified = second_state_time;
      record.bytes = with_modified(supply_.source, std::move(record.bytes), second_state_time);
    }
    if (supply_.source != advisory::Source::gitlab) record.packed = packer_.pack(record.bytes);
    return record;
  }

  std::string path_of(const Original& original, std::uint64_t copy, const std::string& id) const {
    switch (supply_.source) {
      case advisory::Source::osv:
        return id + ".json";
      case advisory::Source::cve:
        return "cvelistV5-main/" + cve_path(id);
      case advisory::Source::gitlab:
        break;
    }
    // The file bears its identifier as a name, most often.
    const std::size_t stem = original.location.rfind('/') + 1;
    std::string path(original.location.substr(0, stem));
    path += copy_of_id(original.location.substr(stem, original.location.rfind('.') - stem), copy);
    return path += ".yml";
  }

  const Plan& plan_;
  const Supply& supply_;
  State state_;
  bool changes_only_;
  std::unique_ptr<fetch::Reader> reader_;
  base::Packer packer_;
  base::Arena arena_;
};

}  // namespace

void make_records(const Plan& plan, const Supply& supply, State state, bool changes_only,
                  const std::function<void(Record&&)>& take) {
  const std::uint64_t originals = supply.originals->size();
  const std::uint64_t count = state == State::before ? supply.count : count_with_added(plan, supply.count);
  // A chunk never holds two copies, so that it reads the mirror in order.
  const std::uint64_t per_copy = (originals + chunk_size - 1) / chunk_size;
  const std::uint64_t copies = (count + originals - 1) / originals;
  using Records = std::vector<Record>;
  in_order<Records>(
      copies * per_copy, plan.threads,
      [&] {
        return [&, maker = std::make_shared<Maker>(plan, supply, state, changes_only)](std::size_t chunk) {
          const std::uint64_t copy = chunk / per_copy;
          const std::uint64_t from = chunk % per_copy * chunk_size;
          const std::uint64_t end = std::min(originals, count - copy * originals);
          return maker->run(copy, std::min(from, end), std::min(from + chunk_size, end));
        };
      },
      [&](Records&& records) {
        for (Record& record : records) take(std::move(record));
      });
}

}  // namespace corpus
