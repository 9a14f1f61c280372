"""What the mock says about itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver import __version__
from mockserver.contract.contract import Contract
from mockserver.handlers.call import Call, Handler


def status_handlers(contract: Contract) -> Mapping[str, Handler]:
    """Return the handlers by operationId; they tell of `contract`."""

    def get_health(_: Call) -> dict[str, Any]:
        return {"status": "healthy"}

    def get_version(_: Call) -> dict[str, Any]:
        info = contract.document["info"]
        return {
            "version": __version__,
            "contract": f"{info['title']} {info['version']}",
            "contractDigest": contract.digest,
            "operations": len(contract.operations),
        }

    return {"getHealth": get_health, "getVersion": get_version}
