"""Whether a wrong answer is why a rule could not hold: one cause is told once.

Too narrow, and one mistake is told many times; too wide, and one mistake hides others. So a flaw
explains only what it can reach: what makes an answer unusable explains every rule that met it, a
wrong property only the rules that speak of that property, and a flaw of a refusal nothing.
"""

from __future__ import annotations

import re

from mockserver.conformance.exchange import Exchange, Flaw
from mockserver.conformance.findings import Finding, Verdict

#: The answer as a whole is not what it should be.
_WHOLE = frozenset({"server-error", "status", "media-type", "empty-body", "quoted-text"})
_OF_REFUSALS = frozenset({"server-error", "status"})
#: Without these nothing can be found again.
_IDENTITY = frozenset({"id", "key", "kid", "name"})
_OF_PROPERTIES = frozenset({"schema", "secret"})


def explains(exchange: Exchange, flaw: Flaw, finding: Finding) -> bool:
    """Tell whether a flaw of an answer in a rule's trace is why the rule did not hold."""
    if flaw.is_suspect or (exchange.status >= 400 and flaw.check not in _OF_REFUSALS):
        return False
    if flaw.check in _WHOLE or finding.verdict is Verdict.INCONCLUSIVE:
        return True
    if flaw.check not in _OF_PROPERTIES:
        return False
    names = [part for part in flaw.pointer.split("/") if part and not part.isdigit()]
    if not names or names[-1] in _IDENTITY:
        return True
    spoken = {*finding.pointer.split("/"), *re.findall(r"\w+", finding.detail)}
    return names[-1] in spoken
