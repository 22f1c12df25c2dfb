-- Prelude: the head counts the entries of the task's other collections, each in a field `=<name>`, such as `=v:1`. A
-- server that evicts deletes whole keys; what the head then counts and the server lacks is lost, and a load of it must
-- not look as if it had never been. A collection without a count is taken as it is.
-- The scripts raise the error LOST before they change anything: `LOST <entries> <counted> <name>`.

local sizes = { s = 'HLEN', l = 'SCARD', v = 'HLEN', p = 'HLEN', k = 'SCARD', o = 'ZCARD' }

local function lost(size, known, name) error({ err = 'LOST ' .. size .. ' ' .. known .. ' ' .. name }) end

-- The name of a key behind the prefix that it shares with the head, and how many entries it has.
local function counted(head, key)
  local name = key:sub(#head - 3)
  return name, redis.call(sizes[name:sub(1, 1)], key)
end

local function guard(head, keys)
  for _, key in ipairs(keys) do
    local name, size = counted(head, key)
    local known = redis.call('HGET', head, '=' .. name)
    if known and tonumber(known) ~= size then lost(size, known, name) end
  end
end

local function note(head, keys)
  for _, key in ipairs(keys) do
    local name, size = counted(head, key)
    redis.call('HSET', head, '=' .. name, size)
  end
end

local function countedNames(head)
  local names = {}
  for _, field in ipairs(redis.call('HKEYS', head)) do
    if field:sub(1, 1) == '=' then names[#names + 1] = field:sub(2) end
  end
  return names
end

local function forgetCounts(head)
  for _, name in ipairs(countedNames(head)) do redis.call('HDEL', head, '=' .. name) end
end
