"""Fixtures: files that say what a world holds at its start, loaded through the rules."""
