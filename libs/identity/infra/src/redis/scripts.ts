import * as crypto from 'node:crypto';

/** A script that runs on the server, as one step. */
export interface Script {
  readonly text: string;
  /** By which the server remembers it. */
  readonly sha: string;
}

function script(text: string): Script {
  return { text, sha: crypto.hash('sha1', text) };
}

/**
 * A window is a list of the instants of its requests in milliseconds, oldest first, by the clock of the server: those of
 * the instances do not matter. Without requests for the length of a window, the list is gone.
 */
const WINDOWS = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- The clock of the server was put back, or another server has taken over: nobody waits longer than one window.
local function set_back(key)
  local instants = redis.call('LRANGE', key, 0, -1)
  redis.call('DEL', key)
  for _, instant in ipairs(instants) do
    redis.call('RPUSH', key, math.min(tonumber(instant), now))
  end
end

local function has_left(key, index, length)
  local instant = redis.call('LINDEX', key, index)
  return instant and instant + length <= now
end

-- How many requests are in the window.
local function counted(key, length)
  local newest = redis.call('LINDEX', key, -1)
  if not newest then return 0 end
  if tonumber(newest) > now then set_back(key) end
  while has_left(key, 0, length) do
    if has_left(key, 63, length) then redis.call('LTRIM', key, 64, -1) else redis.call('LPOP', key) end
  end
  return redis.call('LLEN', key)
end
`;

/**
 * Takes one request after the other. KEYS: all of their windows. ARGV: for each request how many windows it has and whether
 * it counts, then the limit and the length of each. Answers for each request the window that refused it, from 1, or 0, then
 * of each window what is left and the milliseconds until there is more.
 */
export const TAKE = script(`${WINDOWS}
local answer = {}
local key, arg = 1, 1
while arg <= #ARGV do
  local windows, counts = tonumber(ARGV[arg]), ARGV[arg + 1] == '1'
  local refused_by = 0
  local requests = {}
  for window = 1, windows do
    local limit, length = tonumber(ARGV[arg + 2 * window]), tonumber(ARGV[arg + 2 * window + 1])
    requests[window] = counted(KEYS[key + window - 1], length)
    if refused_by == 0 and requests[window] >= limit then refused_by = window end
  end
  answer[#answer + 1] = refused_by
  for window = 1, windows do
    local name = KEYS[key + window - 1]
    local limit, length = tonumber(ARGV[arg + 2 * window]), tonumber(ARGV[arg + 2 * window + 1])
    if refused_by == 0 and counts then
      requests[window] = redis.call('RPUSH', name, now)
    end
    local more = 0
    if requests[window] > 0 then
      redis.call('PEXPIRE', name, length)
      more = redis.call('LINDEX', name, math.max(0, requests[window] - limit)) + length - now
    end
    answer[#answer + 1] = math.max(0, limit - requests[window])
    answer[#answer + 1] = more
  end
  key = key + windows
  arg = arg + 2 + 2 * windows
end
return answer
`);

/**
 * Counts failures. KEYS: the salt. ARGV: a salt if there is none, the beginning of the names of counters, the length of
 * their window, then the digest of each source. Answers for each the failures and the milliseconds until they begin anew.
 *
 * Sources share 65,536 counters, so that a flood from any number of addresses takes no more memory; salted, so that nobody
 * can choose whose counter. All names are in one slot of a cluster, as that of the salt is.
 */
export const COUNT_FAILURES = script(`
local salt = redis.call('GET', KEYS[1]) or ARGV[1]
redis.call('SET', KEYS[1], salt, 'PX', 86400000)
local answer = {}
for arg = 4, #ARGV do
  local key = ARGV[2] .. string.sub(redis.sha1hex(salt .. ARGV[arg]), 1, 4)
  local failures = redis.call('INCR', key)
  if failures == 1 then redis.call('PEXPIRE', key, ARGV[3]) end
  answer[#answer + 1] = failures
  answer[#answer + 1] = redis.call('PTTL', key)
end
return answer
`);
