-- Raises the fence by one, if it is still the one that the caller saw. A resent or late call changes nothing.
-- An epoch that the former owner staged but did not commit is deleted; one that it committed but did not finish
-- applying is reported.
-- KEYS  1 head  2 pending
-- ARGV  1 the fence as seen
-- Reply {'moved'} | {'ok', owner token, epoch or '', meta or '', '1' if a staged epoch waits to be applied}

local head = KEYS[1]
local seen = redis.call('HMGET', head, 'fence', 'epoch', 'meta', 'rolling')
if (seen[1] or '0') ~= ARGV[1] then return { 'moved' } end
local fence = redis.call('HINCRBY', head, 'fence', 1)
local now = redis.call('TIME')
local token = fence .. ':' .. now[1] .. '.' .. now[2]
redis.call('HSET', head, 'owner', token)
if not seen[4] then
  redis.call('UNLINK', KEYS[2])
  redis.call('HDEL', head, 'staging')
end
return { 'ok', token, seen[2] or '', seen[3] or '', seen[4] and '1' or '' }
