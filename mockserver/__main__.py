"""`python -m mockserver`."""

from __future__ import annotations

from mockserver.cli.main import main

if __name__ == "__main__":
    main()
