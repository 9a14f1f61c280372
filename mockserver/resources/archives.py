"""Finds the manifest in a zip that strangers made. Nothing is ever unpacked to disk."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib

from mockserver.resources.yaml_text import LONGEST

#: Source: the vendor's CLI, which packs one `amp.yaml`. Assumed: `amp.yml` is taken as well.
MANIFESTS = ("amp.yaml", "amp.yml")
MOST_ENTRIES = 1000
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED = 0x1
_ENTRY = b"PK\x01\x02"  # begins each entry of the central directory
#: What zipfile raises on broken data, besides its own error.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)


class ArchiveError(ValueError):
    """No zip, or none with a manifest that can be read. The message says why."""


def manifest_text(archive: bytes) -> str:
    """Return the text of the one manifest at the root of a zip.

    Assumed: other entries are ignored.

    Raises:
        ArchiveError: not a zip, too many entries, no manifest or two, or one that is too large,
            encrypted, a link, packed in an unusual way or no UTF-8 text.
    """
    # Counted before the directory is read: a zip of a few megabytes may list 200 000 entries.
    if archive.count(_ENTRY) > MOST_ENTRIES:
        raise ArchiveError(f"it has more than {MOST_ENTRIES} entries")
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            content = _read(opened, _manifest(opened))
    except ArchiveError:
        raise
    except _BROKEN:
        raise ArchiveError("it is no zip, or a broken one") from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ArchiveError(f"its manifest is not UTF-8 at byte {error.start}") from None


def _manifest(opened: zipfile.ZipFile) -> zipfile.ZipInfo:
    found = [entry for entry in opened.infolist() if entry.filename in MANIFESTS]
    if len(found) != 1:
        wanted = " or ".join(MANIFESTS)
        raise ArchiveError(f"it needs exactly one {wanted} at its root, and has {len(found)}")
    entry = found[0]
    if entry.flag_bits & _ENCRYPTED:
        raise ArchiveError("its manifest is encrypted")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise ArchiveError("its manifest is a symbolic link")
    if entry.compress_type not in _METHODS:
        raise ArchiveError("its manifest is neither stored nor deflated")
    return entry


def _read(opened: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Read an entry; neither the size it declares nor its real one may be over the limit."""
    content = b""
    if entry.file_size <= LONGEST:
        with opened.open(entry) as stream:
            content = stream.read(LONGEST + 1)
    if max(entry.file_size, len(content)) > LONGEST:
        raise ArchiveError(f"its manifest is larger than {LONGEST} bytes")
    return content
