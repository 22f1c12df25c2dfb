-- Reads all entries with sub of many keys of one map space in one round trip.
-- KEYS  1 p:<number>, packed entries  2 k:<number>, keys that moved  3 prefix of their hashes, m:<number>:
-- ARGV  1 the keys, a MessagePack array
-- Reply per key nil for none | MessagePack [sub, value, …] | an array sub, value, …

local keys = cmsgpack.unpack(ARGV[1])
local found = redis.call('HMGET', KEYS[1], unpack(keys))
if redis.call('EXISTS', KEYS[2]) == 1 then
  local moved = redis.call('SMISMEMBER', KEYS[2], unpack(keys))
  for i, key in ipairs(keys) do
    if moved[i] == 1 then found[i] = redis.call('HGETALL', KEYS[3] .. key) end
  end
end
return found
