#include "fetch/git_source.hpp"

#include <algorithm>
#include <utility>

#include "base/format.hpp"
#include "fetch/file.hpp"
#include "fetch/git_blobs.hpp"
#include "fetch/git_bundle.hpp"
#include "fetch/git_cache.hpp"
#include "fetch/git_command.hpp"
#include "fetch/git_remote.hpp"

namespace fetch {
namespace {

/// What to do when an object turns out to be damaged, before the error goes on.
using OnDamage = std::function<void()>;

class GitRecords : public Reader {
 public:
  GitRecords(const GitRepository& repository, const GitFiles& files, const OnDamage& on_damage)
      : blobs_(repository.git_dir(), files), on_damage_(on_damage) {}

  std::string_view read(std::size_t index) override {
    try {
      return blobs_.read(index);
    } catch (const Error& error) {
      if (error.word() == "corrupt" && on_damage_) on_damage_();
      throw;
    }
  }

 private:
  GitBlobs blobs_;
  const OnDamage& on_damage_;
};

class GitCollection : public Collection {
 public:
  GitCollection(GitRepository repository, GitChanges changes, OnDamage on_damage)
      : repository_(std::move(repository)), changes_(std::move(changes)), on_damage_(std::move(on_damage)) {}

  std::size_t size() const override { return changes_.changed.size(); }
  Candidate candidate(std::size_t index) const override {
    return {std::string(changes_.changed.path(index)), 0};
  }
  std::unique_ptr<Reader> reader() const override {
    return std::make_unique<GitRecords>(repository_, changes_.changed, on_damage_);
  }
  const std::vector<std::string>& removed() const override { return changes_.removed; }

 private:
  GitRepository repository_;
  GitChanges changes_;
  OnDamage on_damage_;
};

bool is_unchanged(const Request& request, const std::string& commit) {
  return !request.full && commit == request.known_fingerprint;
}

Fetched unchanged(const std::string& commit) {
  Fetched result;
  result.state = Fetched::State::unchanged;
  result.fingerprint = commit;
  return result;
}

/// The records of `commit`, or what differs from the known one.
Fetched open_commit(const Request& request, const GitRepository& repository, const std::string& commit,
                    const GitSelect& select, OnDamage on_damage) {
  // The known fingerprint comes from a database: what is no object id never reaches git.
  const bool delta = !request.full && !request.has_copies && is_object_id(request.known_fingerprint) &&
                     repository.has_commit(request.known_fingerprint, request.stop);
  GitChanges changes;
  if (delta)
    changes = repository.changes(request.known_fingerprint, commit, select, request.stop);
  else
    changes.changed = repository.files(commit, select, request.stop);
  if (!delta && changes.changed.size() == 0)
    throw Error("empty", base::format("cannot use commit {} of {}: it holds no {} record", commit,
                                      repository.git_dir().native(), request.source));
  Fetched result;
  result.state = delta ? Fetched::State::delta : Fetched::State::full;
  result.fingerprint = commit;
  result.collection = std::make_unique<GitCollection>(repository, std::move(changes), std::move(on_damage));
  return result;
}

/// The records of `commit` in the repository that `update` keeps in the request's cache.
Fetched open_through_cache(const Request& request, const GitSelect& select, const std::string& commit,
                           const std::function<GitRepository()>& update) {
  const auto discard = [cache = request.cache] { discard_git_cache(cache); };
  const auto open = [&](const GitRepository& repository) {
    // A branch may have moved on between the question for its head and the transfer.
    const std::string found =
        repository.has_commit(commit, request.stop) ? commit : repository.head(request.stop);
    return open_commit(request, repository, found, select, discard);
  };
  const GitRepository repository = update();
  try {
    return open(repository);
  } catch (const Error& error) {
    if (error.word() != "git" || request.stop.stop_requested()) throw;
  }
  // The cache had the commit but not all of its trees.
  discard();
  return open(update());
}

}  // namespace

bool is_gitlab_advisory(std::string_view path) {
  return path.ends_with(".yml") && std::count(path.begin(), path.end(), '/') >= 2 && !path.starts_with('.') &&
         !path.starts_with("ci/");
}

Fetched open_git_repository(const Request& request, const GitRepository& repository,
                            const GitSelect& select) {
  const std::string commit = repository.head(request.stop);
  if (is_unchanged(request, commit)) return unchanged(commit);
  return open_commit(request, repository, commit, select, nullptr);
}

Fetched open_git_bundle(const Request& request, const std::filesystem::path& bundle,
                        const GitSelect& select) {
  const File file(bundle);
  const GitHead head = bundle_head(bundle, request.stop);
  if (is_unchanged(request, head.commit)) return unchanged(head.commit);
  Fetched result = open_through_cache(request, select, head.commit,
                                      [&] { return unbundle(bundle, head, request.cache, request.stop); });
  result.bytes_fetched = file.size();
  return result;
}

Fetched open_git_remote(const Request& request, const std::string& url, const GitSelect& select) {
  const GitHead head = remote_head(url, {"HEAD", "refs/heads/main", "refs/heads/master"}, request.stop);
  if (is_unchanged(request, head.commit)) return unchanged(head.commit);
  const std::uint64_t before = bytes_in(request.cache);
  Fetched result = open_through_cache(request, select, head.commit,
                                      [&] { return fetch_remote(url, head, request.cache, request.stop); });
  const std::uint64_t after = bytes_in(request.cache);
  result.bytes_fetched = after - std::min(before, after);
  return result;
}

}  // namespace fetch
