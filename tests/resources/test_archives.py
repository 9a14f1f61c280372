"""Zips that strangers made."""

from __future__ import annotations

import contextlib
import io
import stat
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.resources.archives import MOST_ENTRIES, ArchiveError, manifest_text
from mockserver.resources.yaml_text import LONGEST
from tests.manifests import cli_zip, zip_of

TEXT = "specVersion: 1.0.0\n"
PLAIN = zip_of({"amp.yaml": TEXT})


def packed(entry: zipfile.ZipInfo, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(entry, "x", method)
    return target.getvalue()


def by_method(method: int) -> bytes:
    return packed(zipfile.ZipInfo("amp.yaml"), method)


def link() -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo("amp.yaml")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


def encrypted() -> bytes:
    """Return a zip whose headers say that its entry is encrypted."""
    changed = bytearray(PLAIN)
    changed[6] |= 1  # local header
    changed[changed.index(b"PK\x01\x02") + 8] |= 1  # central directory
    return bytes(changed)


def with_size(declared: int) -> bytes:
    """Return a zip of a large entry that declares another size."""
    changed = bytearray(zip_of({"amp.yaml": b" " * (LONGEST * 20)}))
    struct.pack_into("<I", changed, changed.index(b"PK\x01\x02") + 24, declared)
    return bytes(changed)


USABLE = {
    "plain": PLAIN,
    "as the CLI makes it": cli_zip(TEXT),
    "the other ending": zip_of({"amp.yml": TEXT}),
    "with a byte order mark": zip_of({"amp.yaml": "\ufeff" + TEXT}),
    "among others": zip_of({"amp.yaml": TEXT, "README.md": "hello", "old/amp.yaml": "no"}),
    "among traps": zip_of({"../amp.yaml": "no", "/etc/passwd": "no", "amp.yaml": TEXT}),
    "behind a script": b"#!/bin/sh\n" + PLAIN,
}


@pytest.mark.parametrize("name", USABLE)
def test_the_manifest_at_the_root_is_read(name: str):
    assert manifest_text(USABLE[name]) == TEXT


def test_a_manifest_may_be_stored_as_it_is():
    assert manifest_text(by_method(zipfile.ZIP_STORED)) == "x"


UNUSABLE = {
    "empty": (b"", "no zip"),
    "YAML": (b"specVersion: 1.0.0", "no zip"),
    "cut short": (PLAIN[:-30], "no zip"),
    "damaged": (PLAIN[:40] + b"\0" * 20 + PLAIN[60:], "no zip"),
    "no entry": (zip_of({}), "has 0"),
    "capitals": (zip_of({"AMP.YAML": TEXT}), "has 0"),
    "in a folder": (zip_of({"project/amp.yaml": TEXT}), "has 0"),
    "outside": (zip_of({"../amp.yaml": TEXT}), "has 0"),
    "both endings": (zip_of({"amp.yaml": TEXT, "amp.yml": TEXT}), "has 2"),
    "one name twice": (
        zip_of({"amp.yaml": "a", "amp.yamm": "b"}).replace(b"amp.yamm", b"amp.yaml"),
        "has 2",
    ),
    "a link": (packed(link()), "symbolic link"),
    "LZMA": (by_method(zipfile.ZIP_LZMA), "neither stored nor deflated"),
    "bzip2": (by_method(zipfile.ZIP_BZIP2), "neither stored nor deflated"),
    "encrypted": (encrypted(), "encrypted"),
    "no text": (zip_of({"amp.yaml": b"\xff\xfe"}), "not UTF-8"),
    "too large": (zip_of({"amp.yaml": b" " * (LONGEST + 1)}), "larger than"),
    "a large size": (with_size(LONGEST * 20), "larger than"),
    "a false size": (with_size(10), "no zip"),
    "many entries": (zip_of({f"{n}": "" for n in range(MOST_ENTRIES + 1)}), "entries"),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_what_cannot_be_used_is_refused_with_its_reason(name: str):
    archive, reason = UNUSABLE[name]

    with pytest.raises(ArchiveError, match=reason):
        manifest_text(archive)


@pytest.mark.timeout(60)  # a guard against hanging: quadratic work takes far longer
def test_a_bomb_is_refused_before_it_is_unpacked():
    bomb = zip_of({"amp.yaml": b"\0" * (200 * 1024 * 1024)})

    with pytest.raises(ArchiveError, match="larger than"):
        manifest_text(bomb)


@given(st.data())
def test_a_broken_zip_is_never_an_accident(data: st.DataObject):
    archive = bytearray(data.draw(st.sampled_from([PLAIN, cli_zip(TEXT)])))
    places = st.integers(0, len(archive) - 1)
    for place, byte in data.draw(st.lists(st.tuples(places, st.integers(0, 255)), max_size=6)):
        archive[place] = byte
    with contextlib.suppress(ArchiveError):
        assert isinstance(manifest_text(bytes(archive)), str)
