"""Manifests and zips for tests."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Mapping
from typing import Any

import yaml

SALESFORCE = "salesforceSync"
HUBSPOT = "hubspotSync"
#: Eleven lines that stand for nine to the eleventh values.
LAUGHS = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
)


def read_object(name: str = "contact", **fields: Any) -> dict[str, Any]:
    """Return a read object that is right."""
    return {
        "objectName": name,
        "destination": "defaultWebhook",
        "schedule": "*/30 * * * *",
        "requiredFields": [{"fieldName": "id"}],
        **fields,
    }


def integration(name: Any = SALESFORCE, provider: str = "salesforce", **parts: Any) -> Any:
    """Return an integration that is right; it reads contacts unless told otherwise."""
    blocks = parts or {"read": {"objects": [read_object()]}}
    return {"name": name, "provider": provider, **blocks}


def hubspot(**parts: Any) -> Any:
    """Return an integration with HubSpot that is right."""
    return integration(HUBSPOT, "hubspot", **parts)


def manifest(*integrations: Any) -> dict[str, Any]:
    """Return a manifest of some integrations, or of one."""
    return {"specVersion": "1.0.0", "integrations": list(integrations or (integration(),))}


def yaml_of(*integrations: Any) -> str:
    """Return a manifest as YAML."""
    return yaml.safe_dump(manifest(*integrations), sort_keys=False)


def zip_of(entries: Mapping[str, str | bytes]) -> bytes:
    """Return a zip as an ordinary packer makes it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(_entry(name), content)
    return packed.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    """Return an entry whose time is always the same: so is the zip, in every process."""
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


class _Pipe(io.RawIOBase):
    """Something to write to that cannot go back, such as a socket."""

    def __init__(self) -> None:
        self.written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.written += data
        return len(data)


def cli_zip(text: str) -> bytes:
    """Return a zip as the vendor's CLI makes it: one entry, its sizes in a data descriptor."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_entry("amp.yaml"), text)
    assert pipe.written[6] & 0x8, "no data descriptor"
    return bytes(pipe.written)


def md5_of(content: bytes) -> str:
    """Return an MD5 checksum as Content-MD5 has it."""
    return base64.b64encode(hashlib.md5(content).digest()).decode()  # noqa: S324 # a checksum
