"""The command line: one module per verb."""

import sys

# Importing httpx imports its own command line, which brings rich and pygments and which nobody
# here uses: 3 MB and 25 ms of each start. httpx does without what cannot be imported.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type] # None: "cannot be imported"
