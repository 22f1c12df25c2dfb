-- Prelude of the scripts that change entries: writes one chunk of an epoch.
-- A chunk is MessagePack of three arrays:
--   plain   [space, [key, value, …], [deleted key, …]] …            entries without sub, in the hash v:<number>
--   mapped  [space, [[key, [sub, value, …], [deleted sub, …]] …]] … entries with sub
--   lanes   [lane, [seq, member, …]] …                              outbox entries, in the sorted set o:<lane>
-- Within a group sets come before deletes; groups are applied in their order. Applying a chunk twice is harmless.
--
-- The entries with sub of one key lie together as MessagePack [sub, value, …] in the hash p:<number>, since a Redis key
-- for each would make a million of them ten times as slow to read and five times as large. When they outgrow that they
-- move to a hash m:<number>:<key> of their own, noted in the set k:<number>, and stay there until the last one goes.

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

-- Beyond this many bytes a change would cost more than an entry of a hash does.
local packedBytes = 1024

-- Changes [sub, value, …], so far as it goes by walking it, as it is short.
local function merge(list, sets, deletes)
  for i = 1, #sets, 2 do
    local at = 1
    while list[at] and list[at] ~= sets[i] do at = at + 2 end
    list[at], list[at + 1] = sets[i], sets[i + 1]
  end
  for _, sub in ipairs(deletes) do
    for at = 1, #list, 2 do
      if list[at] == sub then
        list[at], list[at + 1] = list[#list - 1], list[#list]
        list[#list], list[#list - 1] = nil, nil
        break
      end
    end
  end
  return list
end

-- What became of the entries of one key that lie together: MessagePack, false if none is left, or true if they moved.
local function repack(places, key, packed, entry)
  local isLong = #entry[2] > 64
  local list = packed and cmsgpack.unpack(packed) or {}
  if not isLong then
    list = merge(list, entry[2], entry[3])
    if #list == 0 then return false end
    local now = cmsgpack.pack(list)
    if #now <= packedBytes then return now end
  end
  local hash = places.own .. key
  bulk('HSET', hash, list)
  if isLong then
    bulk('HSET', hash, entry[2])
    bulk('HDEL', hash, entry[3])
    if redis.call('EXISTS', hash) == 0 then return false end
  end
  redis.call('SADD', places.moved, key)
  return true
end

local function applyOwn(places, key, entry)
  local hash = places.own .. key
  bulk('HSET', hash, entry[2])
  bulk('HDEL', hash, entry[3])
  if #entry[3] == 0 or redis.call('EXISTS', hash) == 1 then return true end
  redis.call('SREM', places.moved, key)
  return false
end

-- Some keys' entries: read together, changed one by one, written together.
local function applySlice(places, entries, from, to)
  local names, now, moved = {}, {}, {}
  for i = from, to do names[#names + 1] = entries[i][1] end
  local held = redis.call('HMGET', places.packed, unpack(names))
  local own = redis.call('EXISTS', places.moved) == 1 and redis.call('SMISMEMBER', places.moved, unpack(names)) or {}
  for i, key in ipairs(names) do
    now[key] = held[i]
    moved[key] = own[i] == 1
  end
  for i = from, to do
    local entry = entries[i]
    local key = entry[1]
    if moved[key] then
      moved[key] = applyOwn(places, key, entry)
    else
      local became = repack(places, key, now[key], entry)
      moved[key] = became == true
      now[key] = became ~= true and became
    end
  end
  local puts, gone = {}, {}
  for i, key in ipairs(names) do
    if now[key] then
      puts[#puts + 1] = key
      puts[#puts + 1] = now[key]
    elseif held[i] then
      gone[#gone + 1] = key
    end
  end
  bulk('HSET', places.packed, puts)
  bulk('HDEL', places.packed, gone)
end

local function applyMapped(keys, group)
  local number = numberOf(keys, group[1])
  local places = {
    packed = keys.prefix .. 'p:' .. number,
    own = keys.prefix .. 'm:' .. number .. ':',
    moved = keys.prefix .. 'k:' .. number,
  }
  for from = 1, #group[2], 1000 do
    applySlice(places, group[2], from, math.min(from + 999, #group[2]))
  end
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
