-- Deletes some entries of one dropped space. Needs no fence: a number in the garbage is never used again.
-- KEYS  1 garbage  2 prefix, as in commit.lua
-- ARGV  1 how many keys at most
-- Reply 1 while there is more to sweep, else 0

local number = redis.call('SRANDMEMBER', KEYS[1])
if not number then return 0 end
local index = KEYS[2] .. 'k:' .. number
for _, key in ipairs(redis.call('SPOP', index, ARGV[1])) do
  redis.call('UNLINK', KEYS[2] .. 'm:' .. number .. ':' .. key)
end
if redis.call('EXISTS', index) == 0 then
  redis.call('UNLINK', KEYS[2] .. 'v:' .. number, KEYS[2] .. 'p:' .. number)
  redis.call('SREM', KEYS[1], number)
end
return 1
