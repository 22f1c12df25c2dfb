-- Stages one part of a large epoch; it does not count before flip.lua. A part that is sent twice is stored once.
-- KEYS  1 head  2 pending
-- ARGV  1 owner token  2 epoch  3 commit id  4 index of the part  5 part
-- Reply as commit.lua | {'missing'} an earlier part is not there

local head = KEYS[1]
local no = refusal(head, ARGV[1]) or outOfTurn(head, ARGV[2], ARGV[3])
if no then return no end
if redis.call('HGET', head, 'staging') ~= ARGV[3] then
  redis.call('UNLINK', KEYS[2])
  redis.call('HSET', head, 'staging', ARGV[3])
end
local length = redis.call('LLEN', KEYS[2])
local index = tonumber(ARGV[4])
if index > length then return { 'missing' } end
if index == length then redis.call('RPUSH', KEYS[2], ARGV[5]) end
return { 'ok' }
