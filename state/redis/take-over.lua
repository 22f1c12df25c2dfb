-- Raises the fence by one, if it is still the one that the caller saw. A resent or late call changes nothing.
-- An epoch that the former owner staged but did not commit is deleted; one that it committed but did not finish
-- applying is reported.
-- All counts must be true; where the former owner was of an older version, which keeps none, all is counted now.
-- KEYS  1 head  2 pending  3 spaces  4 lanes
-- ARGV  1 the fence as seen
-- Reply {'moved'} | {'ok', owner token, epoch or '', meta or '', '1' if a staged epoch waits to be applied}
-- | the error LOST

local head = KEYS[1]
local seen = redis.call('HMGET', head, 'fence', 'epoch', 'meta', 'rolling', 'owner', 'counted')
if (seen[1] or '0') ~= ARGV[1] then return { 'moved' } end
if not seen[1] and redis.call('EXISTS', KEYS[3], KEYS[4]) > 0 then lost(0, 1, 'head') end
if seen[5] == seen[6] then
  local keys = {}
  for i, name in ipairs(countedNames(head)) do keys[i] = head:sub(1, -5) .. name end
  guard(head, keys)
else
  forgetCounts(head)
  local prefix = head:sub(1, -5)
  local keys = { KEYS[3], KEYS[4] }
  for _, number in ipairs(redis.call('HVALS', KEYS[3])) do
    for _, kind in ipairs({ 'v:', 'p:', 'k:' }) do keys[#keys + 1] = prefix .. kind .. number end
  end
  for _, lane in ipairs(redis.call('SMEMBERS', KEYS[4])) do keys[#keys + 1] = prefix .. 'o:' .. lane end
  note(head, keys)
end
local fence = redis.call('HINCRBY', head, 'fence', 1)
local now = redis.call('TIME')
local token = fence .. ':' .. now[1] .. '.' .. now[2]
redis.call('HSET', head, 'owner', token, 'counted', token)
if not seen[4] then
  redis.call('UNLINK', KEYS[2])
  redis.call('HDEL', head, 'staging')
end
return { 'ok', token, seen[2] or '', seen[3] or '', seen[4] and '1' or '' }
