"""What is answered from memory is what would be answered anyway, as long as nothing has changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.app import Mock, create
from mockserver.http.exchange import Answer, Exchange
from mockserver.http.recall import Recall
from mockserver.journal.exchange import Exchange as Entry
from mockserver.settings import read_settings
from mockserver.simulation import clock
from mockserver.simulation.clock import SECOND
from mockserver.state.agenda import Agenda
from tests import calls
from tests.client import KEY, Client, Response
from tests.conftest import START

PROJECT = "/projects/my-project"
DAY, YEAR = 86_400, 366 * 86_400
#: Makes a call that nobody answers from memory, and changes nothing else: the API key counts.
ANEW: Mapping[str, str] = MappingProxyType({"authorization": "Basic bm9ib2R5"})
READS = sorted(op.operation_id for op in calls.every() if op.method == "GET")
CALLS = sorted(op.operation_id for op in calls.every())

Act = Callable[[Client, Mapping[str, str]], Response | None]


def call(name: str) -> Act:
    def act(client: Client, headers: Mapping[str, str]) -> Response:
        with_key = client.as_(key=calls.caller(client, name).key or client.key)
        return calls.make(with_key, name, headers=headers)

    return act


@dataclass
class Wall:
    """The clock of a machine, which only the test turns."""

    now: int = clock.moment(START)

    def __call__(self) -> int:
        return self.now


def turn(seconds: int) -> Act:
    def act(client: Client, _headers: Mapping[str, str]) -> None:
        wall = client.mock.scheduler.wall
        assert isinstance(wall, Wall)
        wall.now += seconds * SECOND

    return act


def go_back(client: Client, _headers: Mapping[str, str]) -> None:
    client.mock.sandbox.reset()


def template(name: str) -> str:
    return calls.CONTRACT.operations[name].path


def entries(mock: Mock) -> list[Entry]:
    return list(mock.observed.journals.of(mock.sandbox))


steps = st.one_of(
    st.sampled_from(READS).map(call),
    st.sampled_from(CALLS).map(call),
    st.sampled_from([1, 60, DAY, YEAR]).map(turn),
    st.just(go_back),
)


class Pair(tuple[Client, Client]):
    """Two clients, told in a word when a test fails."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "pair"


@pytest.fixture(scope="module")
def pair() -> Pair:
    """Two mocks of the same world: one that remembers, one that is not allowed to.

    Their clocks run, and nothing is scheduled: time passes without a change of the state.
    """
    real = read_settings({"clock": "real"})
    one, other = create(real, wall=Wall()), create(real, wall=Wall())
    return Pair((Client(one), Client(other)))


def alike(pair: Pair, acts: list[Act]) -> None:
    one, other = pair
    for client in pair:
        wall = client.mock.scheduler.wall
        assert isinstance(wall, Wall)
        wall.now = clock.moment(START)
        client.mock.worlds.reset(client.mock.sandbox)
        client.mock.sandbox.root = replace(client.mock.sandbox.root, agenda=Agenda())
    for act in acts:
        for _ in range(2):
            remembered, anew = act(one, {}), act(other, ANEW)
            assert remembered == anew


@settings(deadline=None)
@given(acts=st.lists(steps, max_size=12))
def test_each_call_is_answered_as_if_nothing_were_remembered(pair: Pair, acts: list[Act]):
    alike(pair, acts)


@pytest.mark.parametrize("name", READS)
def test_a_read_is_the_same_when_it_is_asked_again(pair: Pair, name: str):
    alike(pair, [call(name)])


@pytest.mark.parametrize("name", READS)
def test_time_changes_a_read_as_it_would_anyway(pair: Pair, name: str):
    alike(pair, [call(name), turn(YEAR), call(name)])


def test_what_expires_does_so_without_a_change(pair: Pair):
    invites = f"/orgs/{calls.ACME}/invites"

    def invite(client: Client, headers: Mapping[str, str]) -> Response:
        return client.post(invites, {"email": "soon@example.com"}, headers=headers)

    def look(client: Client, headers: Mapping[str, str]) -> Response:
        return client.get(invites, headers=headers)

    alike(pair, [invite, look, turn(30 * DAY), look])
    statuses = {found["invitedEmail"]: found["status"] for found in look(pair[0], {}).json}
    assert statuses["soon@example.com"] == "expired"


def test_a_read_is_made_once_until_something_changes(client: Client):
    first, again = client.get(f"{PROJECT}/topics"), client.get(f"{PROJECT}/topics")
    client.post(f"{PROJECT}/topics", {"name": "another"})
    changed = client.get(f"{PROJECT}/topics")

    assert first.body == again.body
    assert len(changed.json) == len(first.json) + 1
    kept, same, _, newer = (one.answer for one in entries(client.mock))
    assert kept is same
    assert newer is not kept


def test_a_refusal_is_made_once_and_keeps_its_own_id(client: Client):
    first, again = client.get("/projects/nobody"), client.get("/projects/nobody")

    assert first.status == again.status == 404
    assert first.json["requestId"] == first.headers["x-request-id"]
    assert again.json["requestId"] == again.headers["x-request-id"] != first.json["requestId"]
    one, other = entries(client.mock)
    assert one.refusal is other.refusal is not None


@pytest.mark.parametrize("where", ["query", "x-api-key"])
def test_nothing_is_kept_by_what_is_too_long(client: Client, where: str):
    long = "a" * 4096
    query, key = (long, KEY) if where == "query" else ("", long)
    for _ in range(2):
        client.as_(key=key).get(f"{PROJECT}?unknown={query}")

    one, other = entries(client.mock)
    assert one.answer is not other.answer
    assert one.refusal is None or one.refusal is not other.refusal


@pytest.mark.parametrize("name", [name for name in READS if "{" in template(name)])
def test_a_refusal_is_its_own_whatever_its_media_type(pair: Pair, name: str):
    def miss(client: Client, headers: Mapping[str, str]) -> Response:
        parameters = re.findall(r"{(\w+)}", template(name))
        return calls.make(client, name, headers=headers, **{parameters[-1]: calls.NOTHING})

    alike(pair, [miss])


def test_a_path_that_nothing_has_is_looked_for_once(client: Client):
    client.get("/nothing/here")
    client.get("/nothing/here")

    one, other = entries(client.mock)
    assert one.refusal is other.refusal is not None
    assert other.is_unmatched


def test_another_key_is_another_caller(client: Client):
    assert client.get(PROJECT).status == 200
    assert client.as_(key="mock-inactive-key").get(PROJECT).status == 401
    assert client.as_(key="mock-globex-key").get(PROJECT).status == 403
    assert client.get(PROJECT).status == 200


def test_a_key_that_is_gone_opens_nothing(client: Client):
    key = client.post(f"{PROJECT}/api-keys", {"label": "for a while"}).json["key"]
    caller = client.as_(key=key)
    assert caller.get(PROJECT).status == 200
    assert caller.get(PROJECT).status == 200

    client.delete(f"{PROJECT}/api-keys/{key}")

    assert caller.get(PROJECT).status == 401


def test_a_state_that_is_put_back_is_answered_as_before(client: Client):
    before = client.get(f"{PROJECT}/topics").body
    kept = client.mock.sandbox.snapshot()
    client.post(f"{PROJECT}/topics", {"name": "another"})
    client.get(f"{PROJECT}/topics")

    client.mock.sandbox.restore(kept)

    assert client.get(f"{PROJECT}/topics").body == before


def test_two_sandboxes_do_not_share_what_differs(client: Client):
    there = {"x-mock-sandbox": "elsewhere"}
    client.get(f"{PROJECT}/topics", headers=there)
    client.post(f"{PROJECT}/topics", {"name": "another"})

    here, elsewhere = (
        client.get(f"{PROJECT}/topics"),
        client.get(f"{PROJECT}/topics", headers=there),
    )

    assert len(here.json) == len(elsewhere.json) + 1


def exchange_of(mock: Mock, number: int) -> Exchange:
    return Exchange(mock.sandbox, number, "run", 0)


def key(number: int) -> tuple[str, int, bytes, bytes, None]:
    return "default", 0, b"/%d" % number, b"", None


def test_the_first_that_was_kept_goes_first(mock: Mock):
    recall = Recall(most=2)
    for number in range(3):
        recall.keep(key(number), exchange_of(mock, number), Answer(200, is_lasting=True))

    assert len(recall) == 2
    assert recall.find(key(0), mock.sandbox) is None
    assert recall.find(key(2), mock.sandbox) is not None


def test_what_is_large_or_does_not_last_is_not_kept(mock: Mock):
    recall = Recall(largest=3)
    recall.keep(key(1), exchange_of(mock, 1), Answer(200, body=b"long", is_lasting=True))
    recall.keep(key(2), exchange_of(mock, 2), Answer(200, body=b"now"))
    recall.keep(key(3), exchange_of(mock, 3), Answer(500, is_lasting=True))

    assert len(recall) == 0
