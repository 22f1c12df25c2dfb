-- A record of Fluent Bit's tail, with what its Kubernetes filter knows, as the raw line that Millrace reads:
-- { line, source, time }. The source is service/pod/container. What stands before its first slash names the service of
-- lines that name none, so it is the label by which people know the application, else the container's name.

local labels_of_services = { "app.kubernetes.io/name", "app", "k8s-app" }

local function service_of(kubernetes)
  local labels = kubernetes["labels"]
  if type(labels) == "table" then
    for _, label in ipairs(labels_of_services) do
      local value = labels[label]
      if type(value) == "string" and value ~= "" then
        return value
      end
    end
  end
  return kubernetes["container_name"]
end

-- The file's name, which is the tag's end, tells pod and container also while the API server does not answer.
local function from_tag(tag)
  local pod, container = tag:match("([^.]+)_[^_]+_(.+)%-%x+%.log$")
  return { pod_name = pod or tag, container_name = container or "unknown" }
end

function raw_line(tag, timestamp, record)
  local line = record["log"]
  if type(line) ~= "string" then
    -- Not a line of a file: it is passed on unchanged, and becomes a dead letter of the job that reads it.
    return 0, timestamp, record
  end
  local known = record["kubernetes"]
  if type(known) ~= "table" or known["pod_name"] == nil then
    known = from_tag(tag)
  end
  local source = service_of(known) .. "/" .. known["pod_name"] .. "/" .. known["container_name"]
  return 2, timestamp, { line = line, source = source, time = math.floor(timestamp * 1000) }
end
