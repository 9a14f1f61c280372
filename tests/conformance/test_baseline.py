"""Known findings do not count, until a date."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from mockserver.conformance.baseline import Baseline, BaselineError, read_baseline, updated
from mockserver.conformance.findings import Finding, Verdict

DAY = date(2026, 2, 1)
FINDING = Finding(Verdict.VIOLATION, "listTopics", "answer-schema", pointer="/3/name")
KEY = "listTopics answer-schema /*/name"


def file(folder: Path, expires: str = "2026-02-02", key: str = KEY) -> Path:
    path = folder / "known.yaml"
    path.write_text(f"- key: {key}\n  reason: TICKET-7\n  expires: {expires}\n", encoding="utf-8")
    return path


def test_an_entry_accepts_until_its_day(tmp_path: Path):
    baseline = read_baseline(file(tmp_path), DAY)
    assert baseline.accepts(FINDING) == "TICKET-7"
    assert baseline.expired([FINDING]) == []


def test_an_expired_entry_counts_again_and_is_named(tmp_path: Path):
    baseline = read_baseline(file(tmp_path, "2026-02-01"), DAY)
    assert baseline.accepts(FINDING) == ""
    assert [entry.key for entry in baseline.expired([FINDING])] == [KEY]


def test_an_entry_that_nothing_fits_is_named(tmp_path: Path):
    baseline = read_baseline(file(tmp_path, key="getTopic gone"), DAY)
    assert [entry.key for entry in baseline.unused([FINDING])] == ["getTopic gone"]


def test_an_update_keeps_what_was_said_and_drops_what_is_gone(tmp_path: Path):
    old = read_baseline(file(tmp_path), DAY)
    new = Finding(Verdict.SUSPECT, "createTopic", "echo")
    path = tmp_path / "new.yaml"
    path.write_text(updated(old, [FINDING, new]), encoding="utf-8")

    entries = {entry.key: entry for entry in read_baseline(path, DAY).entries}
    assert entries[KEY].reason == "TICKET-7"
    assert entries["createTopic echo"].expires == date(2026, 3, 3)
    assert updated(Baseline((), DAY), []).endswith("[]\n")
    assert yaml.safe_load(updated(Baseline((), DAY), [])) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("key: x", "holds a list"),
        ("- key: x\n  reason: y", "entry 1: has key, reason and expires"),
        ("- {key: x, reason: y, expires: soon}", "expires is a date"),
        ("- {key: x, reason: '', expires: 2026-01-01}", "a reason is a sentence"),
        ("- {key: x", "baseline"),
    ],
)
def test_a_file_that_cannot_be_used_is_told(tmp_path: Path, text: str, said: str):
    path = tmp_path / "known.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BaselineError, match=said):
        read_baseline(path, DAY)


def test_a_file_that_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(BaselineError, match="No such file"):
        read_baseline(tmp_path / "none.yaml", DAY)
