"""The customer's own server: looks at the mock's state through the API, with the full key."""

from __future__ import annotations

from typing import Any

import httpx

from tests.client import KEY


class Backend:
    """Calls my-project of a running mock for one group."""

    def __init__(self, http: httpx.Client, group: str) -> None:
        self._http = http
        self.group = group

    def get(self, path: str, **query: str) -> Any:
        return self._json(self._http.get(path, params=query, headers={"X-Api-Key": KEY}))

    def post(self, path: str, body: dict[str, Any]) -> Any:
        return self._json(self._http.post(path, json=body, headers={"X-Api-Key": KEY}))

    def connections(self) -> Any:
        return self.get("/connections", groupRef=self.group)

    def connection(self) -> Any:
        """Return the group's only connection, with its secrets."""
        (found,) = self.connections()
        return self.get(f"/connections/{found['id']}", includeRefreshToken="true")

    def installations(self, integration: str) -> Any:
        return self.get(f"/integrations/{integration}/installations", groupRef=self.group)

    def contacts(self, integration: str) -> Any:
        """Return what is read of contacts by the group's only installation."""
        (found,) = self.installations(integration)
        return found["config"]["content"]["read"]["objects"]["contacts"]

    def chosen(self, integration: str) -> set[str]:
        """Return the names of the fields of contacts that are read."""
        fields: dict[str, bool] = self.contacts(integration)["selectedFields"]
        return {name for name, is_read in fields.items() if is_read}

    @staticmethod
    def _json(answer: httpx.Response) -> Any:
        assert answer.is_success, answer.text
        return answer.json()
