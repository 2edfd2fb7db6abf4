#include "pipeline/links.hpp"

#include <algorithm>
#include <chrono>

#include "pipeline/batch_worker.hpp"
#include "store/lease.hpp"
#include "store/runs.hpp"

namespace pipeline {

namespace {

bool is_about(const store::LinkOverride& decision, const std::string& a, const std::string& b) {
  return (decision.a == a && decision.b == b) || (decision.a == b && decision.b == a);
}

// One batch of the components that name one of two ids, with decisions that are not in the database yet.
class LinkEdit {
 public:
  LinkEdit(const Options& options, std::string a, std::string b)
      : options_(options),
        a_(std::move(a)),
        b_(std::move(b)),
        connection_(*options.database),
        lease_(store::Lease::acquire(*options.database, options.worker, options.wait, options.stop,
                                     [&options](const std::string& holder) {
                                       options.progress->note("waiting for " + holder + ", which is writing");
                                     })),
        decisions_(store::load_overrides(connection_)) {}

  /// The decisions in force, to be changed as `edit` will change them in the database.
  std::vector<store::LinkOverride>& decisions() { return decisions_; }

  VulnerabilityReport run(std::function<void(pg::Connection&)> edit) {
    const auto now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    const store::Dictionaries dictionaries = store::Dictionaries::load(connection_);
    const Worklist work = find_work();
    const std::vector<resolve::Override> overrides = overrides_now();
    store::UidSource uids;
    Report report;
    report.run_id = store::start_run(connection_, options_.worker, now);
    BatchContext context;
    context.work = &work;
    context.dictionaries = &dictionaries;
    context.overrides = overrides;
    context.database = options_.database;
    context.run_id = *report.run_id;
    context.epoch = lease_->epoch();
    context.now = now;
    context.uids = &uids;
    context.within = std::move(edit);
    BatchWorker worker(context);
    worker.run(0);
    report.vulnerabilities = worker.counts().vulnerabilities;
    store::finish_run(connection_, *report.run_id, "succeeded", to_json(report));
    return report.vulnerabilities;
  }

 private:
  Worklist find_work() {
    // The pair itself links too: what it joined until now may have to be taken apart.
    std::vector<std::pair<std::string, std::string>> linked = {{a_, b_}};
    for (const store::LinkOverride& decision : decisions_) linked.emplace_back(decision.a, decision.b);
    Worklist work;
    for (store::Member& member : store::find_components(connection_, {}, {a_, b_}, linked)) {
      work.items.push_back({WorkItem::stored_records, static_cast<std::uint32_t>(work.stored.size())});
      work.stored.push_back({std::move(member.key), Fate::stays});
    }
    work.batches = {0, static_cast<std::uint32_t>(work.items.size())};
    return work;
  }

  std::vector<resolve::Override> overrides_now() const {
    std::vector<resolve::Override> result;
    for (const store::LinkOverride& decision : decisions_)
      result.push_back({decision.a, decision.b, decision.allow});
    return result;
  }

  const Options& options_;
  std::string a_;
  std::string b_;
  pg::Connection connection_;
  std::unique_ptr<store::Lease> lease_;
  std::vector<store::LinkOverride> decisions_;
};

void erase_pair(std::vector<store::LinkOverride>& decisions, const std::string& a, const std::string& b) {
  decisions.erase(
      std::remove_if(decisions.begin(), decisions.end(),
                     [&](const store::LinkOverride& decision) { return is_about(decision, a, b); }),
      decisions.end());
}

}  // namespace

VulnerabilityReport decide_link(const Options& options, const store::LinkOverride& decision) {
  LinkEdit edit(options, decision.a, decision.b);
  erase_pair(edit.decisions(), decision.a, decision.b);
  edit.decisions().push_back(decision);
  return edit.run([&decision](pg::Connection& connection) { store::put_override(connection, decision); });
}

VulnerabilityReport forget_link(const Options& options, const std::string& a, const std::string& b,
                                const std::string& by) {
  LinkEdit edit(options, a, b);
  const auto before = edit.decisions().size();
  erase_pair(edit.decisions(), a, b);
  if (edit.decisions().size() == before) throw base::Error("there is no decision about " + a + " and " + b);
  return edit.run([&](pg::Connection& connection) { store::revoke_override(connection, a, b, by); });
}

}  // namespace pipeline
