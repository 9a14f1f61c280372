"""Addresses for uploads."""

from __future__ import annotations

from mockserver.handlers.call import Call, operation
from mockserver.resources import uploads
from mockserver.state.tables import Record


@operation("generateUploadUrl")
def generate_upload_url(call: Call) -> Record:
    # The vendor's CLI sends a checksum that the contract does not declare.
    md5 = uploads.requested_md5(call.query)
    return uploads.generate(call.work, call.origin(), md5)
