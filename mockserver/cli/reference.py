"""Writes docs/settings.md from the settings: `python -m mockserver.cli.reference`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from mockserver.cli.options import shown_default, variable
from mockserver.settings import Settings

PAGE = Path("docs/settings.md")
_GROUPS: Mapping[str, str] = {
    "server": "The server",
    "behaviour": "Behaviour that nobody documents, or that clients need otherwise",
}


def render() -> str:
    """Return the page: one table a group, one row a setting."""
    lines = [
        "# Settings",
        "",
        "Each is a flag of `mockserver serve` and an environment variable; the flag counts first.",
        "This page is made from `mockserver/settings.py`: `python -m mockserver.cli.reference`.",
    ]
    for group, title in _GROUPS.items():
        lines += ["", f"## {title}", "", "| flag | variable | default | what it does |"]
        lines += ["|---|---|---|---|"]
        lines += [_row(s) for s in fields(Settings) if s.metadata["group"] == group]
    return "\n".join(lines) + "\n"


def _row(setting: Any) -> str:
    flag = "--" + setting.name.replace("_", "-")
    text = setting.metadata["help"]
    waits = setting.metadata["waits"]
    if waits:
        text += f" Has no effect until {waits} are built."
    default = shown_default(setting.default)
    return f"| `{flag}` | `{variable(setting.name)}` | {default} | {text} |"


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
