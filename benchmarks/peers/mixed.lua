-- Every measured route in turn. A topic that is created is deleted by its id a little later, so
-- that the world does not grow. done() tells how many answers were not what was asked for.
local project = "/v1/projects/my-project"
local key = { ["X-Api-Key"] = "mock-full-key" }
local json = { ["X-Api-Key"] = "mock-full-key", ["Content-Type"] = "application/json" }
local asked, made, serial = 0, {}, 0
answers, wrong = 0, 0

local plain = {
  function() return wrk.format("GET", project, key) end,
  function() return wrk.format("GET", project .. "/connections", key) end,
  function() return wrk.format("GET", "/v1/providers", key) end,
  function() return wrk.format("GET", project, { ["X-Api-Key"] = "wrong" }) end,
  function() return wrk.format("GET", "/v1/projects/no-such-project", key) end,
}

function request()
  asked = asked + 1
  if #made > 0 then
    return wrk.format("DELETE", project .. "/topics/" .. table.remove(made), key)
  elseif asked % 6 == 0 then
    serial = serial + 1
    local name = string.format("soak-%d-%d", os.time(), serial)
    return wrk.format("POST", project .. "/topics", json, '{"name": "' .. name .. '"}')
  end
  return plain[asked % #plain + 1]()
end

local expected = { [200] = true, [201] = true, [204] = true, [401] = true, [404] = true }

function response(status, _, body)
  answers = answers + 1
  if not expected[status] then
    wrong = wrong + 1
  elseif status == 201 then
    made[#made + 1] = body:match('"id":"([^"]+)"')
  end
end

function setup(thread)
  threads = threads or {}
  threads[#threads + 1] = thread
end

function done()
  local all, bad = 0, 0
  for _, thread in ipairs(threads) do
    all, bad = all + thread:get("answers"), bad + thread:get("wrong")
  end
  print(string.format("mixed: %d answers, %d wrong", all, bad))
end
