"""Regular expressions that end: what takes too long to be found does not stop the server.

Whoever may arm a rule writes them, and one with nested repetitions can take for ever on a text of
a few dozen characters, for every sandbox.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable

#: Seconds of the processor that one expression may take on one value.
PATIENCE = 0.1


def compile_expression(text: str) -> Callable[[str], bool | None]:
    """Return what tells whether a whole value matches; None when that takes too long to tell.

    Raises:
        ValueError: the text is no regular expression of Python; says why.
    """
    import regex  # few patterns have an expression

    try:
        with warnings.catch_warnings():
            # E.g. of [[:alpha:]], which does not mean here what it means elsewhere.
            warnings.simplefilter("error", FutureWarning)
            re.compile(text, re.DOTALL)
        compiled = regex.compile(text, regex.DOTALL)
    except (re.error, regex.error, OverflowError, RecursionError, FutureWarning) as error:
        raise ValueError(str(error)) from None

    def matches(value: str) -> bool | None:
        try:
            return compiled.fullmatch(value, timeout=PATIENCE) is not None
        except TimeoutError:
            return None

    return matches
