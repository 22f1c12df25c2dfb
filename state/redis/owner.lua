-- Prelude of every script that writes for an owner: may he?
-- The owner's token is unique for ever, not only his fence: a store that lost its last writes may give a fence again.

local function refusal(head, token)
  local seen = redis.call('HMGET', head, 'owner', 'fence', 'rolling')
  if seen[1] ~= token then return { 'fenced', seen[2] or '0' } end
  if seen[3] then return { 'rolling' } end
  return nil
end

-- What stands against committing this epoch now, beyond ownership: it is there already, or it does not follow.
local function outOfTurn(head, epoch, id)
  local last = redis.call('HMGET', head, 'epoch', 'id')
  if last[2] == id then return { 'done' } end
  if tonumber(epoch) ~= tonumber(last[1] or '-1') + 1 then return { 'gap', last[1] or '-1' } end
  return nil
end
