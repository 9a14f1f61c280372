"""Checks of answers that need what came before: request ids that repeat, secrets that turn up."""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from mockserver.conformance.callers import Caller
from mockserver.conformance.exchange import Answer, Flaw, Request
from mockserver.conformance.flaws import pointer_of
from mockserver.conformance.naming import is_nothing
from mockserver.contract.contract import Contract
from mockserver.contract.redaction import is_redacted, is_secret_name
from mockserver.pointers import escape

_SHORTEST = 12  # characters: a shorter secret may be a word that stands somewhere by chance
_LETTERS = string.ascii_letters + string.digits + "_.+/=~-"  # of secrets
_API_KEYS = frozenset({"listApiKeys", "getApiKey", "createApiKey", "updateApiKey"})
#: Parts in which every text is secret. Source: Destination.secrets, ConnectionRequest.customAuth.
_ALL_SECRET = frozenset({"secrets", "customAuth"})
#: Where Connection.apiKey may stand, as nobody says that it may not: its schema declares it.
_KEY_MAY_SHOW = frozenset({"getConnection", "generateConnection", "updateConnection"})
#: The text that a request id identifies one request by.
_REQUEST_ID = "/components/schemas/ApiProblem/properties/requestId"


class Memory:
    """Remembers the secrets and the request ids of a run. Asked about one answer at a time."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._secrets: dict[str, str] = {}  # value → the property that held it
        self._plain: set[str] = set()
        self._hidden: set[bytes] = set()  # the secrets that are not plain, as they are sent
        # A table that makes spaces of all that is no letter of a secret.
        self._spaced = bytes(n if chr(n) in _LETTERS else ord(" ") for n in range(256))
        self._requests: dict[str, int] = {}  # request id → exchange
        # Operation → the last body without a secret, and how many secrets were known then.
        self._clean: dict[str, tuple[bytes, int]] = {}

    @property
    def secrets(self) -> frozenset[str]:
        """Every secret that was sent or received so far."""
        return frozenset(self._secrets) - self._plain

    def flaws_of(
        self, contract: Contract, number: int, request: Request, answer: Answer
    ) -> Iterator[Flaw]:
        """Yield what is wrong with an answer in the light of those before it."""
        yield from self._request_id(number, answer)
        self._note_request(request)
        yield from self._leaks(contract, request, answer)
        yield from self._leaks_in_headers(contract, request, answer)
        self._note_answer(request, answer)

    def _request_id(self, number: int, answer: Answer) -> Iterator[Flaw]:
        body = answer.json if answer.status >= 400 else None
        said = body.get("requestId") if isinstance(body, dict) else None
        identity = said if isinstance(said, str) else answer.headers.get("x-request-id")
        if identity is None:
            return
        if identity in self._requests:
            detail = f"the request id {identity} was given to exchange {self._requests[identity]}"
            yield Flaw("request-id", detail, "/requestId", _REQUEST_ID)
        self._requests[identity] = number

    def _note_request(self, request: Request) -> None:
        for value in _credentials(request.caller):
            self._keep(value, "a credential")
        self._note(request.body)

    def _note_answer(self, request: Request, answer: Answer) -> None:
        if answer.is_success and "json" in answer.media_type and request.operation_id in _TELLING:
            self._note(answer.json)

    def _note(self, body: Any) -> None:
        for name, text, within in _texts(body):
            if not (within or is_secret_name(name)):
                self._plain.add(text)
                self._hidden.discard(_sent(text))
            elif len(text) >= _SHORTEST and not is_redacted(text) and not is_nothing(text):
                self._keep(text, name)

    def _keep(self, secret: str, name: str) -> None:
        if secret not in self._secrets:
            self._secrets[secret] = name
            if secret not in self._plain:
                self._hidden.add(_sent(secret))

    def _shown_in(self, content: bytes) -> list[str]:
        """Return the secrets that stand in a text as words of their own."""
        words = content.translate(self._spaced).split()
        return sorted(word.decode() for word in self._hidden.intersection(words))

    def _leaks(self, contract: Contract, request: Request, answer: Answer) -> Iterator[Flaw]:
        operation_id = request.operation_id
        looked_at = (answer.content, len(self._secrets))
        if not answer.content or self._clean.get(operation_id) == looked_at:
            return
        found = self._shown_in(answer.content)
        if not found:
            self._clean[operation_id] = looked_at
            return
        query = dict(request.query)
        for pointer, name, text in _places(answer.json):
            for secret in found:
                if secret in text and not _belongs(operation_id, query, pointer):
                    yield self._leak(contract, request, pointer, name, secret)

    def _leaks_in_headers(
        self, contract: Contract, request: Request, answer: Answer
    ) -> Iterator[Flaw]:
        if request.operation_id in _SHOWING:
            return  # Location may name what was made, and the consent page
        for name, value in answer.headers.items():
            found = self._shown_in(value.encode())
            if found:
                flaw = self._leak(contract, request, "", name, found[0])
                yield replace(flaw, detail=f"the header {name} {flaw.detail}")

    def _leak(
        self, contract: Contract, request: Request, pointer: str, name: str, secret: str
    ) -> Flaw:
        operation = contract.operations[request.operation_id]
        is_suspect = name == "apiKey" and request.operation_id in _KEY_MAY_SHOW
        return Flaw(
            "secret",
            f"shows a secret that was sent or kept as {self._secrets[secret]}",
            pointer,
            pointer_of(operation, "responses"),
            is_suspect=is_suspect,
        )


#: Operations whose answers are, or hold, what is secret elsewhere.
_SHOWING = _API_KEYS | {"oauthConnect", "oauthUpdate", "generateUploadUrl"}
#: Operations that show secrets when they are asked to.
_TELLING = frozenset({"getConnection", "getDestination", "createApiKey"})


def _belongs(operation_id: str, query: Mapping[str, str], pointer: str) -> bool:
    """Tell whether the contract has a secret in this place of an answer."""
    if operation_id in _API_KEYS:
        return pointer.endswith("/key")
    if operation_id == "getDestination":
        return _is_on(query, "includeSecrets") and pointer == "/secrets/webhookSigningKey"
    if operation_id == "getConnection":
        refresh = _is_on(query, "includeRefreshToken")
        shown = refresh or _is_on(query, "includeCreds")
        if pointer.startswith("/oauth2AuthorizationCode/refreshToken"):
            return refresh
        return shown and pointer.startswith(("/oauth2AuthorizationCode", "/apiKey"))
    return operation_id in _SHOWING


def _is_on(query: Mapping[str, str], flag: str) -> bool:
    return query.get(flag, "").lower() in {"true", "1", "t"}


def _sent(text: str) -> bytes:
    return text.encode(errors="replace")  # a lone surrogate is in no word that is looked for


def _credentials(caller: Caller) -> Iterator[str]:
    for value in caller.headers.values():
        secret = value.rpartition(" ")[2]
        if len(secret) >= _SHORTEST:
            yield secret


def _texts(value: Any, name: str = "", within: bool = False) -> Iterator[tuple[str, str, bool]]:
    """Yield each text of a body, the property that holds it, and whether all there is secret."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(item, key, within or key in _ALL_SECRET)
            if isinstance(item, dict) and is_secret_name(key) and "token" in item:
                yield from _texts(item["token"], key, True)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, name, within)
    elif isinstance(value, str):
        yield name, value, within


def _places(value: Any, pointer: str = "", name: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield each text of an answer with its pointer and the property that holds it."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _places(item, f"{pointer}/{escape(key)}", key)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _places(item, f"{pointer}/{number}", name)
    elif isinstance(value, str):
        yield pointer, name, value
