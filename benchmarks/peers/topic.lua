-- Every request makes a topic of a new name. wrk calls setup once for each of its threads.
local count = 0
local mark = os.time() % 100000

request = function()
  count = count + 1
  local body = string.format('{"name": "bench-%d-%d"}', mark, count)
  return wrk.format("POST", nil, nil, body)
end
