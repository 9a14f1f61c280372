"""How judged traffic looks: the operations, then what breaks the contract, worst first."""

from __future__ import annotations

from collections.abc import Mapping

from rich.text import Text

from mockserver.contract.verdicts import ERROR, WARNING
from mockserver.proxy.tally import Kind, Row, Seen, Tally

COLOURS: Mapping[str, str] = {ERROR: "red", WARNING: "yellow"}
_NOTHING = "·"
_MOST_SHOWN = 40  # kinds of violations
_NO_OPERATION = "no operation"


def summary(tally: Tally) -> list[Text]:
    """Return the lines that tell what came of it."""
    lines = [headline(tally), Text()]
    if tally.rows:
        lines += [*_table(tally), Text()]
    shown = tally.worst_first()
    for kind, seen in shown[:_MOST_SHOWN]:
        lines += [*_violation(kind, seen), Text()]
    if len(shown) > _MOST_SHOWN:
        lines += [Text(f"  and {len(shown) - _MOST_SHOWN} other kinds", "dim"), Text()]
    return lines


def headline(tally: Tally) -> Text:
    """Return the counts in one line."""
    reached = sum(name is not None for name in tally.rows)
    line = Text("  ")
    line.append(_many(tally.judged, "exchange"), "bold")
    line.append(f" of {_many(reached, 'operation')} judged")
    for severity in (ERROR, WARNING):
        number = tally.count(severity)
        style = COLOURS[severity] + " bold" if number else "green" if severity == ERROR else "dim"
        line.append("  ").append(_many(number, severity.lower()), style)
    for number, text in (
        (tally.outside, "outside the contract"),
        (tally.unanswered, "unanswered"),
        (tally.unread, "with a body that could not be seen"),
    ):
        if number:
            line.append(f"  {number} {text}", "dim")
    return line


def _table(tally: Tally) -> list[Text]:
    names = {name: name or _NO_OPERATION for name in tally.rows}
    wide = max(map(len, [*names.values(), "operation"]))
    statuses = {name: _statuses(row) for name, row in tally.rows.items()}
    broad = max(map(len, [*statuses.values(), "answers"]))
    head = f"  {'operation':<{wide}}  {'exchanges':>9}  {'answers':<{broad}}  errors  warnings"
    lines = [Text(head, "dim")]
    ordered = sorted(tally.rows.items(), key=lambda item: (item[0] is None, item[0] or ""))
    for name, row in ordered:
        line = Text(f"  {names[name]:<{wide}}", "dim" if name is None else "")
        line.append(f"  {row.exchanges:>9}  {statuses[name]:<{broad}}")
        for severity, column in ((ERROR, 6), (WARNING, 8)):
            number = row.violations[severity]
            text = f"{number or _NOTHING:>{column}}"
            line.append("  ").append(text, COLOURS[severity] if number else "dim")
        lines.append(line)
    return lines


def _statuses(row: Row) -> str:
    return "  ".join(
        f"{status}" + (f" x{number}" if number > 1 else "")
        for status, number in sorted(row.statuses.items())
    )


def _violation(kind: Kind, seen: Seen) -> list[Text]:
    first = Text("  ")
    first.append(f"{kind.severity.upper():<9}", COLOURS.get(kind.severity, "") + " bold")
    first.append(kind.operation_id or _NO_OPERATION, "bold")
    first.append(f"  {kind.place}", "cyan")
    if seen.count > 1:
        first.append(f"  x{seen.count}", "dim")
    return [
        first,
        Text(f"           {seen.message} ({kind.code})"),
        Text(f"           {seen.example}", "dim"),
    ]


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
