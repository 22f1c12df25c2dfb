-- Forgets everything about a task except its fence, which is raised so that former owners stay fenced.
-- Entries are left to sweep.lua. Nothing happens if the fence is no longer the one that the caller saw.
-- KEYS  1 head  2 spaces  3 lanes  4 prefix, as in commit.lua  5 pending  6 garbage
-- ARGV  1 the fence as seen  2 the fence from now on
-- Reply {'moved'} | {'ok'}

local head = KEYS[1]
if (redis.call('HGET', head, 'fence') or '0') ~= ARGV[1] then return { 'moved' } end
for _, number in ipairs(redis.call('HVALS', KEYS[2])) do redis.call('SADD', KEYS[6], number) end
for _, lane in ipairs(redis.call('SMEMBERS', KEYS[3])) do redis.call('UNLINK', KEYS[4] .. 'o:' .. lane) end
redis.call('UNLINK', KEYS[2], KEYS[3], KEYS[5])
forgetCounts(head)
redis.call('HDEL', head, 'counted', 'owner', 'epoch', 'id', 'meta', 'staging', 'rolling')
redis.call('HSET', head, 'fence', ARGV[2])
redis.call('HINCRBY', head, 'resets', 1)
return { 'ok' }
