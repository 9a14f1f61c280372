"""Writes docs/settings.md from the settings: `python -m mockserver.cli.reference`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from mockserver.cli.options import shown_default, variable
from mockserver.settings import Settings

PAGE = Path("docs/settings.md")
#: Variables that are no settings of the mock, and who reads them.
_OTHERS: Mapping[tuple[str, ...], str] = {
    ("URL",): "The plugin of pytest: the mock that runs already, for all tests ([ci.md](ci.md)).",
    ("ADMIN_TOKEN",): "Also the plugin, with `MOCKSERVER_URL`, and `mockserver coverage`: the token"
    " of that mock.",
    ("CHECK_API_KEY", "CHECK_BEARER", "CHECK_NEIGHBOUR_API_KEY"): "`mockserver check`: the"
    " credentials, out of the list of processes ([contract-testing.md](contract-testing.md)).",
}
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
        "The pytest plugin and `mockserver.running()` read the same variables.",
        "This page is made from `mockserver/settings.py`: `python -m mockserver.cli.reference`.",
    ]
    for group, title in _GROUPS.items():
        lines += ["", f"## {title}", "", "| flag | variable | default | what it does |"]
        lines += ["|---|---|---|---|"]
        lines += [_row(s) for s in fields(Settings) if s.metadata["group"] == group]
    lines += ["", "## Variables of other commands", "", "| variable | who reads it, for what |"]
    lines += ["|---|---|"]
    for names, text in _OTHERS.items():
        lines.append(f"| {', '.join(f'`{variable(name)}`' for name in names)} | {text} |")
    return "\n".join(lines) + "\n"


def _row(setting: Any) -> str:
    flag = "--" + setting.name.replace("_", "-")
    text = setting.metadata["help"]
    default = shown_default(setting.default)
    return f"| `{flag}` | `{variable(setting.name)}` | {default} | {text} |"


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
