-- The commit point of an epoch that fits one script: it is applied completely or not at all, and only once.
-- KEYS  1 head  2 spaces  3 lanes  4 prefix of v:, p:, m:, k: and o: keys, in the same slot
-- ARGV  1 owner token  2 epoch  3 commit id  4 meta  5 part
-- Reply {'ok'} | {'done'} it is stored already | {'fenced', fence} | {'gap', last epoch} | {'rolling'} finish it first
-- | the error LOST

local head = KEYS[1]
local no = refusal(head, ARGV[1]) or outOfTurn(head, ARGV[2], ARGV[3])
if no then return no end
apply({ head = head, spaces = KEYS[2], lanes = KEYS[3], prefix = KEYS[4] }, ARGV[5])
redis.call('HSET', head, 'epoch', ARGV[2], 'id', ARGV[3], 'meta', ARGV[4])
return { 'ok' }
