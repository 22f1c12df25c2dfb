-- Checks after a read that what was read from is all there.
-- KEYS  1 head, then collections
-- Reply 'ok' | the error LOST

local head = table.remove(KEYS, 1)
guard(head, KEYS)
return 'ok'
