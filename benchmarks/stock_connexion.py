"""What one writes first: Connexion's FlaskApp with response validation, over fixed data."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import connexion
import orjson
import uvicorn
from connexion.resolver import Resolver

JSON = {"Content-Type": "application/json"}


def main(port: int, bundle: Path, data: Path) -> None:
    """Serve the bundled contract; four operations answer with the data of `data`."""
    document = orjson.loads(bundle.read_bytes())["document"]
    answers = orjson.loads(data.read_bytes())
    _secure(document)
    app = connexion.FlaskApp("stock", specification_dir=".")
    app.add_api(
        document,
        base_path="/v1",
        resolver=Resolver(lambda name: _handler(name, answers)),
        validate_responses=True,
    )
    uvicorn.run(app, port=port, log_level="error", access_log=False, server_header=False)


def _secure(document: dict[str, Any]) -> None:
    schemes = document["components"]["securitySchemes"]
    schemes["APIKeyHeader"]["x-apikeyInfoFunc"] = "benchmarks.stock_connexion.known_key"
    schemes["Bearer"]["x-bearerInfoFunc"] = "benchmarks.stock_connexion.known_key"


def known_key(key: str, *_: Any, **__: Any) -> dict[str, str] | None:
    """Return who calls; None refuses."""
    return {"sub": key} if key == "mock-full-key" else None


def _handler(name: str, answers: dict[str, Any]) -> Any:
    def answer(**_: Any) -> Any:
        return answers[name]["body"], answers[name]["status"], JSON

    def absent(**_: Any) -> Any:
        problem = {"status": 404, "title": "Not Found"}
        return problem, 404, {"Content-Type": "application/problem+json"}

    return answer if name in answers else absent


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
