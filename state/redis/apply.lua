-- Prelude of the scripts that change entries: it writes one part of an epoch.
-- A part is MessagePack of three arrays:
--   plain   [space, [key, value, …], [deleted key, …]] …            entries without sub, in the hash v:<number>
--   mapped  [space, [[key, [sub, value, …], [deleted sub, …]] …]] … entries with sub
--   lanes   [lane, [seq, member, …]] …                              outbox entries, in the sorted set o:<lane>
-- Within a group sets come before deletes; groups are applied in their order. Applying a part twice is harmless.
-- Before anything is changed, what it touches must be what the head counted (guard.lua); afterwards it is counted again.
--
-- The entries with sub of one key are packed together as MessagePack [sub, value, …] in the hash p:<number>: with a
-- Redis key for each, a million of them would be ten times slower to read and five times larger. When they outgrow this
-- form, they move to a hash m:<number>:<key> of their own, listed in the set k:<number>, until the last of them is
-- deleted.

-- Lua's stack limits how many values unpack may return.
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

-- Beyond this many bytes a change of the packed form costs more than a change of a hash.
local packedBytes = 1024

-- Changes [sub, value, …] by a linear search, since the list is short.
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

-- Changes the packed entries of one key. Returns MessagePack, false if no entry is left, or true if they moved.
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

-- The collections that a part touches, as far as they have a number yet.
local function collections(keys, part)
  local found, seen = {}, {}
  local function add(key)
    if not seen[key] then found[#found + 1] = key end
    seen[key] = true
  end
  local function addOf(groups, kinds)
    for _, group in ipairs(groups) do
      local number = redis.call('HGET', keys.spaces, group[1])
      for _, kind in ipairs(number and kinds or {}) do add(keys.prefix .. kind .. number) end
    end
  end
  add(keys.spaces)
  add(keys.lanes)
  addOf(part[1], { 'v:' })
  addOf(part[2], { 'p:', 'k:' })
  for _, lane in ipairs(part[3]) do add(keys.prefix .. 'o:' .. lane[1]) end
  return found
end

-- Of a key whose entries moved, the hash must be there.
local function guardMoved(keys, part)
  for _, group in ipairs(part[2]) do
    local number = redis.call('HGET', keys.spaces, group[1])
    local moved = keys.prefix .. 'k:' .. (number or '')
    if number and redis.call('EXISTS', moved) == 1 then
      for _, entry in ipairs(group[2]) do
        local name = 'm:' .. number .. ':' .. entry[1]
        if redis.call('SISMEMBER', moved, entry[1]) == 1 and redis.call('EXISTS', keys.prefix .. name) == 0 then
          lost(0, 1, name)
        end
      end
    end
  end
end

local function apply(keys, blob)
  local part = cmsgpack.unpack(blob)
  guard(keys.head, collections(keys, part))
  guardMoved(keys, part)
  for _, group in ipairs(part[1]) do applyPlain(keys, group) end
  for _, group in ipairs(part[2]) do applyMapped(keys, group) end
  for _, lane in ipairs(part[3]) do
    redis.call('SADD', keys.lanes, lane[1])
    bulk('ZADD', keys.prefix .. 'o:' .. lane[1], lane[2])
  end
  note(keys.head, collections(keys, part))
end
