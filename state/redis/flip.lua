-- The commit point of a staged epoch: from here on it counts, and the owner of the task applies its parts (roll.lua).
-- KEYS  1 head  2 pending
-- ARGV  1 owner token  2 epoch  3 commit id  4 meta  5 number of parts
-- Reply as stage.lua

local head = KEYS[1]
local no = refusal(head, ARGV[1]) or outOfTurn(head, ARGV[2], ARGV[3])
if no then return no end
if redis.call('HGET', head, 'staging') ~= ARGV[3] or redis.call('LLEN', KEYS[2]) ~= tonumber(ARGV[5]) then
  return { 'missing' }
end
redis.call('HSET', head, 'epoch', ARGV[2], 'id', ARGV[3], 'meta', ARGV[4], 'rolling', ARGV[3])
redis.call('HDEL', head, 'staging')
return { 'ok' }
