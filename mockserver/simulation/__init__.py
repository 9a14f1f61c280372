"""Clock, identity and fake values: everything that would otherwise differ between two runs."""
