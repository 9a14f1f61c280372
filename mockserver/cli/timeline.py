"""Draws the picture of docs/webhooks.md from the constants: `python -m mockserver.cli.timeline`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from xml.sax.saxutils import escape

from mockserver.events.schedule import WAITS
from mockserver.resources.destination_health import GRACE
from mockserver.settings import Settings
from mockserver.simulation.clock import SECOND

PICTURE = Path("docs/images/webhook-timeline.svg")
_WIDTH = 1000
_LEFT = 150
_STEP = 88
_STYLE = """
  text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2937 }
  .lane { font-weight: 600 } .faint { fill: #6b7280; font-size: 12px }
  .axis { stroke: #cbd5e1; stroke-width: 2 } .tick { stroke: #cbd5e1; stroke-dasharray: 2 4 }
  .dot { fill: #b45309 } .number { fill: #fff; font-weight: 600; text-anchor: middle }
  .middle { text-anchor: middle } .ok { fill: #a7f3d0 } .failing { fill: #fde68a }
  .disabled { fill: #fecaca } .new { fill: #bfdbfe }
  @media (prefers-color-scheme: dark) {
    text { fill: #e5e7eb } .faint { fill: #9ca3af } .axis, .tick { stroke: #475569 }
    .ok { fill: #065f46 } .failing { fill: #78500b } .disabled { fill: #7f1d1d }
    .new { fill: #1e3a8a } .dot { fill: #d97706 }
  }
"""
_UNITS = ((3600, "h"), (60, "min"), (1, "s"))
_DAY = 86_400


def duration(seconds: int) -> str:
    """Return a duration as people say it, by its two largest units: `2 h 35 min`."""
    if seconds >= 2 * _DAY and seconds % _DAY == 0:
        return f"{seconds // _DAY} days"
    parts = []
    for size, unit in _UNITS:
        if seconds >= size:
            count, seconds = divmod(seconds, size)
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2]) or "0 s"


def moments() -> list[int]:
    """Return when the attempts of a message are made: seconds since the first."""
    return list(accumulate(WAITS, initial=0))


def render() -> str:
    """Return the picture: a message, its destination and a replaced key, on one axis of time."""
    at = [_LEFT + _STEP * number for number in range(len(moments()))]
    end = at[-1] + _STEP + 40
    body = [*_message(at), *_destination(at, end), *_keys(at)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} 292" role="img"'
            f' width="{_WIDTH}" height="292">',
            "<title>When a webhook is tried again, and what becomes of its destination</title>",
            f"<style>{_STYLE}</style>",
            *(f'<line class="tick" x1="{x}" y1="58" x2="{x}" y2="250"/>' for x in at),
            *body,
            _text(_LEFT, 280, "Not to scale. By the clock of the sandbox.", "faint"),
            "</svg>",
            "",
        ]
    )


def _message(at: Sequence[int]) -> list[str]:
    lines = [
        _text(12, 62, "A message", "lane"),
        _text(12, 80, "that is never taken", "faint"),
        f'<line class="axis" x1="{at[0]}" y1="58" x2="{at[-1]}" y2="58"/>',
    ]
    for x, wait in zip(at, WAITS, strict=False):
        lines.append(_text(x + _STEP // 2, 46, duration(wait), "faint middle"))
    for number, (x, moment) in enumerate(zip(at, moments(), strict=True), 1):
        lines.append(f'<circle class="dot" cx="{x}" cy="58" r="12"/>')
        lines.append(_text(x, 63, str(number), "number"))
        label = f"+{duration(moment)}" if moment else "at once"
        lines.append(_text(x, 92, label, "faint middle"))
    lines.append(_text(at[-1] + 22, 62, "failed, and kept"))
    return lines


def _destination(at: Sequence[int], end: int) -> list[str]:
    window = duration(round(Settings().webhook_disable_after))
    return [
        _text(12, 138, "Its destination", "lane"),
        *_bar(at[0], end, 124, "failing", "failing: no attempt to it has succeeded"),
        *_bar(end, _WIDTH - 12, 124, "disabled", "disabled"),
        _text(end, 116, f"+{window}", "faint middle"),
        _text(at[0], 164, "one success, and it is healthy again", "faint"),
        _text(end, 164, "the others are told; what comes is held", "faint", anchor="end"),
        _text(end, 180, "recover, or a new URL: everything kept is sent", "faint", anchor="end"),
    ]


def _keys(at: Sequence[int]) -> list[str]:
    end = _place(GRACE // SECOND, at)
    return [
        _text(12, 218, "A replaced key", "lane"),
        *_bar(at[0], end, 204, "ok", f"old and new key sign, for {duration(GRACE // SECOND)}"),
        *_bar(end, _WIDTH - 12, 204, "new", "the new key alone"),
    ]


def _place(moment: int, at: Sequence[int]) -> int:
    """Return where a moment between two attempts stands."""
    times = moments()
    after = next(number for number, time in enumerate(times) if time > moment)
    share = (moment - times[after - 1]) / (times[after] - times[after - 1])
    return round(at[after - 1] + share * (at[after] - at[after - 1]))


def _bar(start: int, end: int, y: int, kind: str, text: str) -> list[str]:
    rect = f'<rect class="{kind}" x="{start}" y="{y}" width="{end - start}" height="22" rx="4"/>'
    return [rect, _text((start + end) // 2, y + 16, text, "middle")]


def _text(x: int, y: int, text: str, kind: str = "", *, anchor: str = "") -> str:
    style = f' class="{kind}"' if kind else ""
    style += f' text-anchor="{anchor}"' if anchor else ""
    return f'<text x="{x}" y="{y}"{style}>{escape(text)}</text>'


if __name__ == "__main__":
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(render(), encoding="utf-8")
