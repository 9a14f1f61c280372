"""How fast the mock is beside what people would use instead: `make bench`."""
