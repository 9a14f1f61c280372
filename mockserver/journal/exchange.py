"""One request on its way, and afterwards one entry of the journal."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from mockserver.contract.recordings import Exchange as Wire
from mockserver.contract.recordings import Headers
from mockserver.journal.issues import LONGEST, light
from mockserver.rules.errors import Issue, Kind, Refused
from mockserver.state.sandbox import Sandbox

LARGEST_KEPT = 1024 * 1024  # bytes of one body that the journal keeps
RawHeaders = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request was refused: what Refused says, without the frames that an exception holds."""

    kind: Kind
    detail: str
    remedy: str | None
    issues: tuple[Issue, ...]


@dataclass(init=False, eq=False)
class Exchange:
    """A numbered request of one sandbox, and what became of it.

    The layers on the way note here what they know; nothing is copied, decoded or redacted before
    somebody reads the journal.
    """

    sandbox: Sandbox
    number: int
    run: str  # what the ids of the sandbox's requests begin with
    moment: int  # microseconds since 1970-01-01 UTC by the sandbox's clock, at arrival
    operation_id: str = ""
    method: str = ""
    path: bytes = b""  # raw; without what it began with to name a sandbox
    query: bytes = b""
    prefix: str = ""  # "/__sandbox/NAME" where the path began with it
    scheme: str = "http"
    headers: RawHeaders = ()
    body: bytes | None = b""  # as it was sent; None: larger than allowed
    is_page: bool = False  # a page, or a file of the storage: no contract describes it
    refusal: Refusal | None = None
    rule: str | None = None  # id of the sticky rule that answered, delayed or broke it off
    rule_name: str = ""
    fault: str = ""  # of the socket, by WireMock's name
    transport_fault: bool = False  # the answer is not the contract's, on purpose
    preferred: str = ""  # what of the header Prefer was applied
    status: int = 0  # 0: the connection ended without an answer
    plain_headers: RawHeaders | None = None  # of the answer, without its id; None: there is none
    answer: bytes = b""
    answer_size: int = 0  # bytes that were sent, of which `answer` is the beginning
    body_size: int = 0  # the same for `body`
    elapsed: int = 0  # nanoseconds from arrival to the end of the answer; 0: it is under way
    sequence: int = 0  # place in the journal of its sandbox, from 1; 0: not kept there
    size: int = 0  # bytes that the journal keeps of it, roughly

    def __init__(self, sandbox: Sandbox, number: int, run: str, moment: int) -> None:
        # Every request makes one: what nobody notes stays the default of the class.
        self.sandbox = sandbox
        self.number = number
        self.run = run
        self.moment = moment

    @property
    def request_id(self) -> str:
        """The `X-Request-Id` of the answer.

        Source: the `requestId` examples of the contract, `<uuid>#<number>`.
        """
        return f"{self.run}#{self.number}"

    @property
    def answer_headers(self) -> RawHeaders:
        """The headers of the answer; answers that are alike share all of them but the id."""
        if self.plain_headers is None:
            return ()
        return *self.plain_headers, (b"x-request-id", self.request_id.encode())

    def refused(self, refusal: Refused) -> None:
        """Note why the request is refused."""
        issues = tuple(map(light, refusal.issues))
        self.refusal = Refusal(refusal.kind, str(refusal.detail)[:LONGEST], refusal.remedy, issues)

    @property
    def is_unmatched(self) -> bool:
        """Whether the request reached neither an operation nor a page."""
        return not (self.operation_id or self.is_page)

    def wire(self) -> Wire:
        """Return the exchange as recordings have it, without a content coding."""
        return Wire(
            method=self.method,
            path=self.path.decode("latin-1"),
            query=self.query.decode("latin-1"),
            request_headers=_decoded(self.headers),
            request_body=self.plain_body,
            status=self.status,
            response_headers=_decoded(self.answer_headers),
            response_body=self.answer,
        )

    @property
    def plain_body(self) -> bytes:
        """The body of the request without its content coding, as far as it was kept.

        What cannot be decoded is returned as it is. Source: RFC 9110, section 8.4.
        """
        body = self.body or b""
        if not body or not header(self.headers, b"content-encoding"):
            return body
        for window in (47, -15):  # gzip or zlib, else raw deflate
            try:
                return zlib.decompressobj(window).decompress(body, LARGEST_KEPT)
            except zlib.error:
                continue
        return body

    @property
    def is_cut(self) -> bool:
        """Whether less of the request's body was kept than was sent."""
        return self.body is None or len(self.body) < self.body_size


def header(headers: RawHeaders, name: bytes) -> bytes:
    """Return the first value of a header, by its name in small letters; empty without one."""
    for key, value in headers:  # every request asks: a generator would take three times as long
        if key == name:
            return value
    return b""


def _decoded(headers: RawHeaders) -> Headers:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)
