"""How much of the contracts the calls of somebody's test suite have exercised."""
