-- Prelude of the scripts that change entries: writes one chunk of an epoch.
-- A chunk is MessagePack of three arrays:
--   plain   [space, [key, value, …], [deleted key, …]] …            entries without sub, in the hash v:<number>
--   mapped  [space, [[key, [sub, value, …], [deleted sub, …]] …]] … entries with sub, in a hash m:<number>:<key> each
--   lanes   [lane, [seq, member, …]] …                              outbox entries, in the sorted set o:<lane>
-- Within a group sets come before deletes; groups are applied in their order. Applying a chunk twice is harmless.

-- Lua's stack bounds what unpack may give.
local function bulk(command, key, list)
  for from = 1, #list, 4000 do
    redis.call(command, key, unpack(list, from, math.min(from + 3999, #list)))
  end
end

local function numberOf(keys, space)
  local number = redis.call('HGET', keys.spaces, space)
  if number then return number end
  number = redis.call('HINCRBY', keys.head, 'numbers', 1)
  redis.call('HSET', keys.spaces, space, number)
  return number
end

local function applyPlain(keys, group)
  local hash = keys.prefix .. 'v:' .. numberOf(keys, group[1])
  bulk('HSET', hash, group[2])
  bulk('HDEL', hash, group[3])
end

local function applyMapped(keys, group)
  local number = numberOf(keys, group[1])
  local holds = {}
  for _, entry in ipairs(group[2]) do
    local key = entry[1]
    local hash = keys.prefix .. 'm:' .. number .. ':' .. key
    bulk('HSET', hash, entry[2])
    bulk('HDEL', hash, entry[3])
    holds[key] = #entry[3] == 0 or redis.call('EXISTS', hash) == 1
  end
  local filled, emptied = {}, {}
  for key, held in pairs(holds) do
    local list = held and filled or emptied
    list[#list + 1] = key
  end
  bulk('SADD', keys.prefix .. 'k:' .. number, filled)
  bulk('SREM', keys.prefix .. 'k:' .. number, emptied)
end

local function apply(keys, blob)
  local chunk = cmsgpack.unpack(blob)
  for _, group in ipairs(chunk[1]) do applyPlain(keys, group) end
  for _, group in ipairs(chunk[2]) do applyMapped(keys, group) end
  for _, lane in ipairs(chunk[3]) do
    redis.call('SADD', keys.lanes, lane[1])
    bulk('ZADD', keys.prefix .. 'o:' .. lane[1], lane[2])
  end
end
