"""What is remembered is right, and bounded where it must be."""

from __future__ import annotations

from mockserver.contract.memory import Memory


def test_a_value_is_worked_out_once():
    worked: list[str] = []
    memory: Memory[str, int] = Memory()

    def work_out() -> int:
        worked.append("x")
        return 7

    assert [memory.recall("a", work_out) for _ in range(3)] == [7, 7, 7]
    assert worked == ["x"]


def test_nothing_is_remembered_as_well():
    memory: Memory[str, None] = Memory()
    worked: list[str] = []

    for _ in range(2):
        memory.recall("a", lambda: worked.append("x"))

    assert worked == ["x"]


def test_the_oldest_is_forgotten_first():
    memory: Memory[int, int] = Memory(2)

    for key in range(3):
        memory.recall(key, lambda: 0)

    assert len(memory) == 2
    assert [memory.recall(key, lambda: 1) for key in (1, 2, 0)] == [0, 0, 1]
