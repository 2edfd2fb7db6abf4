#include "jobs/scripts.hpp"

#include <string>

namespace jobs::scripts {

namespace {

using redis::Script;

// Takes a running task out; it stays where it is when it is not running any more.
const std::string take_from_active = R"lua(
if not redis.call('ZSCORE', KEYS[2], ARGV[1]) then return 0 end
if redis.call('LREM', KEYS[1], 0, ARGV[1]) == 0 then return 0 end
redis.call('ZREM', KEYS[2], ARGV[1])
)lua";

// Counts; the totals start again at 1 where an integer ends.
const std::string counters = R"lua(
local function count_day(key)
  if redis.call('INCR', key) == 1 then redis.call('EXPIREAT', key, ARGV[2]) end
end
local function count_total(processed, failed)
  if redis.call('GET', processed) == '9223372036854775807' then
    redis.call('SET', processed, 1)
    if failed then redis.call('SET', failed, 1) end
    return
  end
  redis.call('INCR', processed)
  if failed then redis.call('INCR', failed) end
end
)lua";

const std::string release_lock = R"lua(
local function release(lock)
  if lock and redis.call('GET', lock) == ARGV[1] then redis.call('DEL', lock) end
end
)lua";

// At most 9,999 archived tasks, none older than the limit; their hashes go with them.
const std::string trim = R"lua(
local function trim(archived, oldest, prefix)
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', archived, '-inf', oldest)) do
    redis.call('DEL', prefix .. id)
    redis.call('ZREM', archived, id)
  end
  for _, id in ipairs(redis.call('ZRANGE', archived, 0, -10000)) do
    redis.call('DEL', prefix .. id)
    redis.call('ZREM', archived, id)
  end
end
)lua";

// Takes a task that does not run out of the container its state names.
const std::string take_from_container = R"lua(
local state = redis.call('HGET', KEYS[1], 'state')
if not state then return -1 end
local function take()
  if state == 'pending' then return redis.call('LREM', ARGV[2] .. 'pending', 1, ARGV[1]) end
  if state == 'aggregating' then
    local group = redis.call('HGET', KEYS[1], 'group') or ''
    local taken = redis.call('ZREM', ARGV[2] .. 'g:' .. group, ARGV[1])
    if redis.call('ZCARD', ARGV[2] .. 'g:' .. group) == 0 then redis.call('SREM', ARGV[2] .. 'groups', group) end
    return taken
  end
  return redis.call('ZREM', ARGV[2] .. state, ARGV[1])
end
)lua";

}  // namespace

const Script& enqueue() {
  static const Script script(R"lua(
if KEYS[3] and not redis.call('SET', KEYS[3], ARGV[1], 'NX', 'EX', ARGV[5]) then return -1 end
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('HSET', KEYS[1], 'msg', ARGV[2])
if KEYS[3] then redis.call('HSET', KEYS[1], 'unique_key', KEYS[3]) end
if ARGV[4] == '' then
  redis.call('HSET', KEYS[1], 'state', 'pending', 'pending_since', ARGV[3])
  redis.call('LPUSH', KEYS[2], ARGV[1])
else
  redis.call('HSET', KEYS[1], 'state', 'scheduled')
  redis.call('ZADD', KEYS[2], ARGV[4], ARGV[1])
end
return 1)lua");
  return script;
}

const Script& dequeue() {
  static const Script script(R"lua(
if redis.call('EXISTS', KEYS[1]) == 1 then return false end
local id = redis.call('RPOPLPUSH', KEYS[2], KEYS[3])
if not id then return false end
local task = ARGV[1] .. id
local message = redis.call('HGET', task, 'msg')
if not message then
  redis.call('LREM', KEYS[3], 1, id)
  return {id}
end
redis.call('HSET', task, 'state', 'active')
redis.call('HDEL', task, 'pending_since')
redis.call('ZADD', KEYS[4], ARGV[2], id)
return {id, message})lua");
  return script;
}

const Script& done() {
  static const Script script(counters + release_lock + take_from_active + R"lua(
redis.call('DEL', KEYS[3])
count_day(KEYS[4])
count_total(KEYS[5])
release(KEYS[6])
return 1)lua");
  return script;
}

const Script& complete() {
  static const Script script(counters + release_lock + take_from_active + R"lua(
redis.call('ZADD', KEYS[4], ARGV[4], ARGV[1])
redis.call('HSET', KEYS[3], 'msg', ARGV[3], 'state', 'completed')
if ARGV[5] ~= '' then redis.call('HSET', KEYS[3], 'result', ARGV[5]) end
count_day(KEYS[5])
count_total(KEYS[6])
release(KEYS[7])
return 1)lua");
  return script;
}

const Script& requeue() {
  static const Script script(take_from_active + R"lua(
redis.call('RPUSH', KEYS[4], ARGV[1])
redis.call('HSET', KEYS[3], 'state', 'pending')
return 1)lua");
  return script;
}

const Script& retry() {
  static const Script script(counters + take_from_active + R"lua(
redis.call('ZADD', KEYS[4], ARGV[4], ARGV[1])
redis.call('HSET', KEYS[3], 'msg', ARGV[3], 'state', 'retry')
if ARGV[5] == '1' then
  count_day(KEYS[5])
  count_day(KEYS[6])
  count_total(KEYS[7], KEYS[8])
end
return 1)lua");
  return script;
}

const Script& archive() {
  static const Script script(counters + trim + take_from_active + R"lua(
redis.call('ZADD', KEYS[4], ARGV[4], ARGV[1])
redis.call('HSET', KEYS[3], 'msg', ARGV[3], 'state', 'archived')
trim(KEYS[4], ARGV[5], ARGV[6])
count_day(KEYS[5])
count_day(KEYS[6])
count_total(KEYS[7], KEYS[8])
return 1)lua");
  return script;
}

const Script& forward() {
  static const Script script(R"lua(
local ids = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, 100)
for _, id in ipairs(ids) do
  local task = ARGV[3] .. id
  if redis.call('HEXISTS', task, 'msg') == 1 then
    local group = redis.call('HGET', task, 'group')
    if group and group ~= '' then
      redis.call('ZADD', ARGV[4] .. group, ARGV[1], id)
      redis.call('HSET', task, 'state', 'aggregating')
    else
      redis.call('LPUSH', KEYS[2], id)
      redis.call('HSET', task, 'state', 'pending', 'pending_since', ARGV[2])
    end
  end
  redis.call('ZREM', KEYS[1], id)
end
return #ids)lua");
  return script;
}

const Script& expired_leases() {
  static const Script script(R"lua(
local found = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, 1000)) do
  found[#found + 1] = id
  found[#found + 1] = redis.call('HGET', ARGV[2] .. id, 'msg') or ''
end
return found)lua");
  return script;
}

const Script& extend_leases() {
  // The first line deletes nothing: with it a full memory does not keep the rest from being written, and no
  // task is taken from a worker that does its work.
  static const Script script(R"lua(
redis.call('ZREM', KEYS[1], '')
local lost = {}
for i = 2, #ARGV do
  if redis.call('ZSCORE', KEYS[1], ARGV[i]) then
    redis.call('ZADD', KEYS[1], 'XX', ARGV[1], ARGV[i])
  else
    lost[#lost + 1] = ARGV[i]
  end
end
return lost)lua");
  return script;
}

const Script& drop_vanished() {
  static const Script script(R"lua(
if redis.call('HEXISTS', KEYS[3], 'msg') == 1 then return 0 end
redis.call('LREM', KEYS[1], 0, ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
return 1)lua");
  return script;
}

const Script& adopt_active() {
  static const Script script(R"lua(
for _, id in ipairs(redis.call('LRANGE', KEYS[1], 0, 999)) do
  redis.call('ZADD', KEYS[2], 'NX', ARGV[1], id)
end)lua");
  return script;
}

const Script& delete_expired() {
  static const Script script(R"lua(
local ids = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, 100)
for _, id in ipairs(ids) do
  redis.call('DEL', ARGV[2] .. id)
  redis.call('ZREM', KEYS[1], id)
end
return #ids)lua");
  return script;
}

const Script& run_now() {
  static const Script script(take_from_container + R"lua(
if state == 'pending' or state == 'active' then return 0 end
if take() == 0 then return 0 end
redis.call('HDEL', KEYS[1], 'cancelled')
redis.call('LPUSH', KEYS[2], ARGV[1])
redis.call('HSET', KEYS[1], 'state', 'pending')
return 1)lua");
  return script;
}

const Script& archive_waiting() {
  static const Script script(trim + take_from_container + R"lua(
if state == 'active' or state == 'archived' then return 0 end
if take() == 0 then return 0 end
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
redis.call('HSET', KEYS[1], 'state', 'archived')
if ARGV[5] ~= '' then redis.call('HSET', KEYS[1], 'msg', ARGV[5]) end
trim(KEYS[2], ARGV[4], ARGV[2] .. 't:')
return 1)lua");
  return script;
}

const Script& server_state() {
  static const Script script(R"lua(
redis.call('DEL', KEYS[2])
redis.call('SETEX', KEYS[1], ARGV[1], ARGV[2])
for i = 3, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
redis.call('EXPIRE', KEYS[2], ARGV[1]))lua");
  return script;
}

const Script& scheduler_state() {
  static const Script script(R"lua(
redis.call('DEL', KEYS[1])
for i = 2, #ARGV do redis.call('LPUSH', KEYS[1], ARGV[i]) end
redis.call('EXPIRE', KEYS[1], ARGV[1]))lua");
  return script;
}

const Script& scheduler_event() {
  static const Script script(R"lua(
redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -1000)
redis.call('ZADD', KEYS[1], ARGV[1], ARGV[2]))lua");
  return script;
}

}  // namespace jobs::scripts
