-- Prelude of every script that writes for an owner: refusal says whether the caller may not write, and why.
-- The token decides, not the fence alone: a store that lost its last writes may give the same fence twice, but never
-- the same token.

local function refusal(head, token)
  local seen = redis.call('HMGET', head, 'owner', 'fence', 'rolling')
  if seen[1] ~= token then return { 'fenced', seen[2] or '0' } end
  if seen[3] then return { 'rolling' } end
  return nil
end

-- Why this epoch can't be committed now, besides ownership: it is stored already, or it does not follow the last one.
local function outOfTurn(head, epoch, id)
  local last = redis.call('HMGET', head, 'epoch', 'id')
  if last[2] == id then return { 'done' } end
  if tonumber(epoch) ~= tonumber(last[1] or '-1') + 1 then return { 'gap', last[1] or '-1' } end
  return nil
end
