"""Going back to an earlier state drops what the later one had to do, and says so."""

from __future__ import annotations

from mockserver.state.outbox import Message
from mockserver.state.root import empty_root
from mockserver.state.sandbox import Sandbox
from mockserver.state.transactions import RootTransaction


def sandbox() -> Sandbox:
    root = empty_root([])
    return Sandbox("default", 0, root, root)


def schedule(one: Sandbox, kind: str) -> str:
    transaction = RootTransaction(one.root)
    job = transaction.schedule(kind, 5, {})
    one.root = transaction.committed()
    return job.id


def test_a_reset_drops_the_jobs_that_came_since_and_keeps_the_others():
    one = sandbox()
    kept = schedule(one, "kept")
    one.baseline = one.root
    late = schedule(one, "late")

    one.reset()

    assert [job.id for job in one.root.agenda] == [kept]
    assert [(gone.what, gone.id, gone.kind) for gone in one.dropped] == [("job", late, "late")]
    assert one.generation == 1


def test_a_job_that_was_done_since_waits_again_after_a_restore():
    one = sandbox()
    job = schedule(one, "again")
    snapshot = one.snapshot()
    one.root = one.root.without_job(job)

    one.restore(snapshot)

    assert [waiting.id for waiting in one.root.agenda] == [job]
    assert not one.dropped


def test_jobs_of_the_same_name_in_two_branches_are_two_jobs():
    one = sandbox()
    snapshot = one.snapshot()
    first = schedule(one, "first")
    other = one.snapshot()
    one.restore(snapshot)
    assert schedule(one, "second") == first

    one.restore(other)

    assert [gone.kind for gone in one.dropped] == ["first", "second"]


def test_messages_that_nobody_took_are_dropped():
    one = sandbox()
    message = Message("msg_1", "p", "d", "installation.created", "{}", 0)
    one.root = one.root.with_outbox((message,))

    one.reset()

    assert [(gone.what, gone.id) for gone in one.dropped] == [("message", "msg_1")]


def test_what_is_dropped_is_remembered_up_to_a_bound():
    one = sandbox()
    for number in range(2000):
        one.drop("job", str(number), "k", "why")

    assert len(one.dropped) == 1000
    assert one.dropped[-1].id == "1999"


def test_a_message_survives_its_way_through_a_job():
    message = Message("msg_1", "p", "d", "read", '{"a":"ä"}', 7, ("t",), 3)

    assert Message.of_json(message.as_json()) == message
    assert message.content == '{"a":"ä"}'.encode()
