-- Empties spaces in one step: forgets their numbers, which are never used again, and leaves the entries to sweep.lua.
-- A call that arrives late finds other numbers and changes nothing.
-- KEYS  1 head  2 spaces  3 garbage
-- ARGV  1 owner token, then pairs of space and its number
-- Reply {'ok'} | {'fenced', fence} | {'rolling'} | the error LOST

local no = refusal(KEYS[1], ARGV[1])
if no then return no end
guard(KEYS[1], { KEYS[2] })
for i = 2, #ARGV, 2 do
  if redis.call('HGET', KEYS[2], ARGV[i]) == ARGV[i + 1] then
    redis.call('HDEL', KEYS[2], ARGV[i])
    redis.call('SADD', KEYS[3], ARGV[i + 1])
    for _, kind in ipairs({ 'v:', 'p:', 'k:' }) do redis.call('HDEL', KEYS[1], '=' .. kind .. ARGV[i + 1]) end
  end
end
note(KEYS[1], { KEYS[2] })
return { 'ok' }
