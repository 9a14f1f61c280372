"""Jobs wait in the order in which they fall due, whatever order they came in."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mockserver.state.agenda import Agenda

dues = st.lists(st.integers(0, 50), max_size=600)


@given(dues, st.sets(st.integers(0, 599)))
def test_jobs_are_in_order_of_moment_then_of_arrival(moments: list[int], gone: set[int]):
    agenda, jobs = Agenda(), []
    for moment in moments:
        agenda, job = agenda.add("k", moment, {})
        jobs.append(job)
    for number in gone & set(range(len(jobs))):
        agenda = agenda.remove(jobs[number].id)

    left = [job for number, job in enumerate(jobs) if number not in gone]
    assert list(agenda) == sorted(left, key=lambda job: (job.due, job.id))
    assert agenda.first() == next(iter(agenda), None)
    assert len(agenda) == len(left)


@given(dues)
def test_taking_the_first_empties_it_in_order(moments: list[int]):
    agenda = Agenda()
    for moment in moments:
        agenda, _ = agenda.add("k", moment, {})

    taken = []
    while (job := agenda.first()) is not None:
        taken.append(job.due)
        agenda = agenda.remove(job.id)

    assert taken == sorted(moments)


def test_an_agenda_that_was_changed_leaves_the_old_one_as_it_was():
    before, first = Agenda().add("k", 5, {})
    after, _ = before.add("k", 1, {})

    assert [job.due for job in before] == [5]
    assert [job.due for job in after.remove(first.id)] == [1]
    assert before.remove("job_none") is before
