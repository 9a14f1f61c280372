"""The way of a request. The only room that imports Connexion and Starlette."""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    # Connexion imports Starlette's test client, which warns about a package we do not use.
    warnings.simplefilter("ignore")
    import connexion  # noqa: F401 # imported here first, so that nobody sees that warning
