-- Checks that this server holds the owner's epoch, and writes: WAIT and WAITAOF, sent after it on the same connection,
-- cover this write and all writes before it. (On a connection that wrote nothing they return at once.)
-- KEYS  1 head
-- ARGV  1 owner token  2 the last epoch that was acknowledged to the owner
-- Reply {'ok'} | {'fenced', fence} | {'gap', last epoch}

local no = refusal(KEYS[1], ARGV[1])
if no and no[1] == 'fenced' then return no end
local last = redis.call('HGET', KEYS[1], 'epoch') or '-1'
if tonumber(last) < tonumber(ARGV[2]) then return { 'gap', last } end
redis.call('HSET', KEYS[1], 'confirmed', ARGV[2])
return { 'ok' }
