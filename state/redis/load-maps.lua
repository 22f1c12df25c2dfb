-- Reads all entries of many keys of one map space in one round trip.
-- KEYS  1 prefix of the keys' hashes, m:<number>: of a task
-- ARGV  1 the keys, a MessagePack array
-- Reply per key an array sub, value, …

local found = {}
for i, key in ipairs(cmsgpack.unpack(ARGV[1])) do found[i] = redis.call('HGETALL', KEYS[1] .. key) end
return found
