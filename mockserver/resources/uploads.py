"""Uploads: signed addresses that a zip of manifests is put to, and what was put there."""

from __future__ import annotations

from mockserver.rules.resource import Resource

#: Keyed by `bucket/path`. The content is stored as base64: records hold JSON types only.
UPLOADS = Resource(name="uploads", noun="upload", key="address")
