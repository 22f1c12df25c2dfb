-- Reads all entries with sub of many keys of one map space in one round trip.
-- KEYS  1 p:<number>, packed entries  2 k:<number>, keys that moved  3 prefix of their hashes, m:<number>:  4 head
-- ARGV  1 the keys, a MessagePack array
-- Reply per key nil for none | MessagePack [sub, value, …] | an array sub, value, …; or the error LOST

guard(KEYS[4], { KEYS[1], KEYS[2] })
local keys = cmsgpack.unpack(ARGV[1])
local found = redis.call('HMGET', KEYS[1], unpack(keys))
if redis.call('EXISTS', KEYS[2]) == 1 then
  local moved = redis.call('SMISMEMBER', KEYS[2], unpack(keys))
  for i, key in ipairs(keys) do
    if moved[i] == 1 then
      found[i] = redis.call('HGETALL', KEYS[3] .. key)
      if #found[i] == 0 then lost(0, 1, 'm:' .. key) end
    end
  end
end
return found
