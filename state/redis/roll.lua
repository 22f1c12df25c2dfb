-- Applies the next part of a staged epoch that was committed, and removes it from the list in the same step.
-- KEYS  1 head  2 spaces  3 lanes  4 prefix, as in commit.lua  5 pending
-- ARGV  1 owner token
-- Reply {'ok', parts left} | {'fenced', fence} | the error LOST

local head = KEYS[1]
local no = refusal(head, ARGV[1])
if no and no[1] == 'fenced' then return no end
if not no then return { 'ok', 0 } end
local blob = redis.call('LINDEX', KEYS[5], 0)
if not blob then lost(0, 1, 'pending') end
apply({ head = head, spaces = KEYS[2], lanes = KEYS[3], prefix = KEYS[4] }, blob)
redis.call('LPOP', KEYS[5])
local left = redis.call('LLEN', KEYS[5])
if left == 0 then redis.call('HDEL', head, 'rolling') end
return { 'ok', left }
