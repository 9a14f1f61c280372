"""Words that every part of the referee must spell alike."""

from __future__ import annotations

import re

#: The path parameter that names the project; labs fill it in.
PROJECT = "projectIdOrName"
ORG = "orgId"
#: How every name of a run starts; its mark follows.
PREFIX = "ct-"
_NOTHING = re.compile(r"00000000-0000-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


def is_nothing(text: str) -> bool:
    """Tell whether a text is an id of nothing, as `Lab.absent` makes them."""
    return bool(_NOTHING.fullmatch(text))
