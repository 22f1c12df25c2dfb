-- Drops the outbox entries that a lane has delivered.
-- KEYS  1 head  2 the lane's sorted set
-- ARGV  1 owner token  2 the last delivered seq
-- Reply {'ok'} | {'fenced', fence} | {'rolling'} | the error LOST

local no = refusal(KEYS[1], ARGV[1])
if no then return no end
guard(KEYS[1], { KEYS[2] })
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', ARGV[2])
note(KEYS[1], { KEYS[2] })
return { 'ok' }
