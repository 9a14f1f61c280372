"""What stands for a value that is not there, where None is a value."""

from __future__ import annotations

from typing import Final


class _Absent:
    """Has one object, which is compared by identity."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = _Absent()
