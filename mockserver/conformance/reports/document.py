"""The report as data: everything that the renderers show, without secrets."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mockserver.conformance.baseline import Baseline
from mockserver.conformance.exchange import Exchange
from mockserver.conformance.findings import Finding, Verdict
from mockserver.conformance.naming import PREFIX
from mockserver.conformance.reach import worst
from mockserver.conformance.reports.citing import text_at
from mockserver.conformance.reports.curl import curl
from mockserver.conformance.run import Results
from mockserver.conformance.suite import Prepared
from mockserver.contract.contract import Contract
from mockserver.contract.redaction import REDACTED, redact_body, redact_path, redact_text

#: Exit codes.
CONFORMS = 0
VIOLATED = 1
UNKNOWN = 2
#: What a rule comes to that could not hold because of an answer that is told already.
EXPLAINED = "explained"
_WORD = re.compile(r"[\w-]{6,}")
_LONGEST_BODY = 4000  # characters of a body in a report


@dataclass(frozen=True, slots=True)
class Told:
    """One finding as it is shown."""

    name: str
    verdict: str
    operation: str
    rule: str
    detail: str
    pointer: str  # into the body it speaks of
    contract: str  # JSON pointer into the bundled contract
    text: str  # what stands there
    layer: str
    times: int  # how often it was seen
    explains: int  # how many rules failed in traces that show it
    reproduced: bool | None
    accepted: str
    curl: tuple[str, ...]
    trace: tuple[Mapping[str, Any], ...]


@dataclass
class Report:
    """A run, told."""

    target: str
    project: str
    neighbour: str
    profile: str
    seed: int
    run: str
    started: str
    seconds: float
    budget: float
    requests: int
    repeats: int
    findings: list[Told]
    operations: list[dict[str, Any]]
    verdicts: dict[str, int]
    planned: int  # rules that there would have been with enough time
    tried: int  # rules that said something about the target
    reasons: list[str] = field(default_factory=list)  # why it is inconclusive
    skipped: dict[str, int] = field(default_factory=dict)  # reason → how many
    missing: dict[str, str] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    deleted: int = 0
    ledger: str = ""
    unused: list[str] = field(default_factory=list)  # entries of the baseline
    expired: list[str] = field(default_factory=list)
    exit_code: int = CONFORMS


class Redaction:
    """Takes every credential and every secret of a run out of what is shown."""

    def __init__(self, credentials: Mapping[str, str], secrets: frozenset[str]) -> None:
        """Take values with their placeholders, and further secrets."""
        self.credentials = dict(sorted(credentials.items(), key=lambda one: -len(one[0])))
        shown = {**dict.fromkeys(secrets, REDACTED), **self.credentials}
        self._words = {secret: text for secret, text in shown.items() if _WORD.fullmatch(secret)}
        others = sorted(shown.keys() - self._words.keys(), key=len, reverse=True)
        self._others = [(secret, shown[secret]) for secret in others]

    def text(self, text: str) -> str:
        """Return a text without secrets."""
        return redact_text(self.known(text))

    def known(self, text: str) -> str:
        """Return a text without the credentials and secrets that this run knows."""
        for secret, shown in self._others:
            text = text.replace(secret, shown)
        return _WORD.sub(lambda word: self._words.get(word[0], word[0]), text)

    def body(self, content: bytes) -> str:
        """Return a body without secrets."""
        return self.known(redact_body(content).decode("utf-8", "replace"))

    def path(self, path: str) -> str:
        """Return a path without secrets."""
        return self.known(redact_path(path))

    def exchange(self, exchange: Exchange) -> dict[str, Any]:
        """Return an exchange as it may be shown."""
        request = exchange.request
        content = request.content()
        return {
            "operation": exchange.operation_id,
            "method": request.method,
            "path": self.path(request.path),
            "query": [[name, self.text(value)] for name, value in request.query],
            "as": request.caller.name,
            "body": None if content is None else self._shown(content),
            "status": exchange.status,
            "answer": self._shown(exchange.answer.content),
        }

    def _shown(self, content: bytes) -> str:
        text = self.body(content)
        return text if len(text) <= _LONGEST_BODY else text[:_LONGEST_BODY] + "…"


def report_of(
    ready: Prepared,
    results: Results,
    redaction: Redaction,
    *,
    baseline: Baseline,
    started: str,
    seconds: float,
    fail_on_suspect: bool = False,
    because: Sequence[str] = (),
) -> Report:
    """Return the report of a run that has ended and cleaned up.

    Args:
        ready: the target, and what watched over it.
        results: what the layers came to.
        redaction: takes out the secrets.
        baseline: the findings that are accepted.
        started: when, RFC 3339.
        seconds: how long it took.
        fail_on_suspect: suspects count as violations do.
        because: reasons why the run says too little, besides those that it shows itself.
    """
    session, options = ready.session, ready.options
    contract, target = session.contract, ready.door.target
    findings = sorted(results.findings.values(), key=_order)
    allowed = _allowed_operations(ready)
    report = Report(
        target=target.url,
        project=target.project.name or target.project.given,
        neighbour=(target.neighbour.name or target.neighbour.given) if target.neighbour else "",
        profile=options.profile,
        seed=options.seed,
        run=PREFIX + session.mark,
        started=started,
        seconds=round(seconds, 1),
        budget=options.budget,
        requests=ready.door.sent,
        repeats=ready.door.turnstile.repeats,
        findings=[_told(one, contract, results, redaction) for one in findings],
        operations=_operations(contract, results, allowed),
        verdicts=_verdicts(results),
        planned=max(results.planned, len(results.reach.rules)),
        tried=results.reach.tried,
        skipped=_skipped(results, redaction),
        missing={name: redaction.text(why) for name, why in target.missing.items()},
        left=[redaction.text(line) for line in ready.remains.left] if ready.remains else [],
        deleted=ready.remains.deleted if ready.remains else 0,
        ledger=str(ready.ledger.path or ""),
        unused=[entry.key for entry in baseline.unused(findings)],
        expired=[f"{e.key} ({e.expires})" for e in baseline.expired(findings)],
    )
    stopped = [results.stopped] if results.stopped else []
    report.reasons = [*because, *stopped, *_reasons(ready, results, allowed)]
    report.exit_code = exit_code(findings, report.reasons, fail_on_suspect=fail_on_suspect)
    return report


def _verdicts(results: Results) -> dict[str, int]:
    found = Counter(results.reach.rules.values())
    return {verdict.value: found[verdict] for verdict in Verdict}


def exit_code(
    findings: Sequence[Finding], reasons: Sequence[str], *, fail_on_suspect: bool = False
) -> int:
    """Return 1 for violations, else 2 when the run says too little, else 0."""
    failing = {Verdict.VIOLATION, Verdict.SUSPECT} if fail_on_suspect else {Verdict.VIOLATION}
    if any(f.verdict in failing and not f.accepted for f in findings):
        return VIOLATED
    return UNKNOWN if reasons else CONFORMS


def _order(finding: Finding) -> tuple[int, bool, str]:
    order = [Verdict.VIOLATION, Verdict.SUSPECT, Verdict.INCONCLUSIVE]
    rank = order.index(finding.verdict) if finding.verdict in order else len(order)
    return rank, bool(finding.accepted), finding.name


def _told(finding: Finding, contract: Contract, results: Results, redaction: Redaction) -> Told:
    return Told(
        name=finding.name,
        verdict=finding.verdict.value,
        operation=finding.operation_id,
        rule=finding.rule,
        detail=redaction.text(finding.detail),
        pointer=finding.pointer,
        contract=finding.contract,
        text=text_at(contract, finding.contract) if finding.contract else "",
        layer=finding.layer,
        times=results.seen[finding.key] or 1,
        explains=results.explained[finding.name],
        reproduced=finding.reproduced,
        accepted=finding.accepted,
        curl=tuple(curl(finding.trace, redaction.credentials, redaction.text)),
        trace=tuple(redaction.exchange(one) for one in finding.trace),
    )


def _allowed_operations(ready: Prepared) -> set[str]:
    """Return the operations that the profile allows and whose caller is there."""
    profile = ready.door.keeper.profile.operations if ready.door.keeper else {}
    operations = ready.session.contract.operations
    has_bearer = "bearer" in ready.door.target.callers
    return {
        name for name in profile if has_bearer or operations[name].schemes != frozenset({"Bearer"})
    }


def _operations(contract: Contract, results: Results, allowed: set[str]) -> list[dict[str, Any]]:
    told = [finding for _, finding in results.trials] + list(results.findings.values())
    by_operation: dict[str, dict[str, list[Finding]]] = {}
    for finding in told:
        rules = by_operation.setdefault(finding.operation_id, {})
        rules.setdefault(finding.rule, []).append(finding)
    return [
        {
            "operation": name,
            "method": operation.method,
            "path": operation.path,
            "tag": operation.tag,
            "allowed": name in allowed,
            "statuses": {str(s): n for s, n in sorted(results.reach.statuses[name].items())},
            "rules": {
                rule: _shown_verdict(found) for rule, found in by_operation.get(name, {}).items()
            },
        }
        for name, operation in contract.operations.items()
    ]


def _shown_verdict(findings: Sequence[Finding]) -> str:
    own = worst(one.verdict for one in findings if not one.explained_by)
    if own in {None, Verdict.HELD} and any(one.explained_by for one in findings):
        return EXPLAINED
    return str(own)


def _skipped(results: Results, redaction: Redaction) -> dict[str, int]:
    found: dict[str, int] = {}
    for _, finding in results.trials:
        if finding.verdict in {Verdict.SKIPPED, Verdict.NOT_REACHED}:
            reason = redaction.text(finding.detail)
            found[reason] = found.get(reason, 0) + 1
    return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))


def _reasons(ready: Prepared, results: Results, allowed: set[str]) -> list[str]:
    wanted = ready.door.keeper.profile.reach if ready.door.keeper else {}
    reasons = results.reach.shortfalls(wanted, allowed, results.planned)
    unsure = [f for f in results.findings.values() if f.verdict is Verdict.INCONCLUSIVE]
    loose = [
        finding
        for _, finding in results.trials
        if finding.verdict is Verdict.INCONCLUSIVE
        and not finding.explained_by
        and finding.key not in results.findings
    ]
    count = len(unsure) + len(loose)
    if count:
        first = (unsure + loose)[0]
        more = f", and {count - 1} more" if count > 1 else ""
        reasons.append(f"inconclusive: {first.name}: {first.detail}{more}")
    return reasons
