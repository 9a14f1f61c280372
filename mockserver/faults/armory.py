"""What is armed, by sandbox, and the checks that everything passes before it is armed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mockserver.faults.arms import Arms
from mockserver.faults.buckets import Bucket
from mockserver.faults.chances import Chance, compile_chance
from mockserver.faults.making import check_example, is_problem, make
from mockserver.faults.replies import Reply, label
from mockserver.faults.rules import Rule, compile_rule
from mockserver.faults.surface import Place, Surface
from mockserver.pointers import parts
from mockserver.rules.errors import Issue, Kind, Refused
from mockserver.simulation.delays import compile_delay
from mockserver.simulation.matchers import PatternError
from mockserver.state.sandbox import Sandbox

_NO_SOCKETS = (
    "this mock does not answer over a socket of its own, so that there is nothing to break"
)


class Armory:
    """Holds the arms of every sandbox."""

    def __init__(self, surface: Surface) -> None:
        """Start with nothing armed; rules can be about what is on the surface."""
        self.surface = surface
        #: The arms of sandboxes that have some. The way of a request looks at nothing else.
        self.armed: dict[str, Arms] = {}
        #: Whether the server can break connections; whoever runs it says so.
        self.breaks_sockets = False
        self._arms: dict[str, Arms] = {}

    def empty(self, sandbox: Sandbox) -> None:
        """Disarm everything in a sandbox, with its scenarios and counters."""
        self._arms.pop(sandbox.name, None)
        self.armed.pop(sandbox.name, None)

    def arms(self, sandbox: Sandbox) -> Arms:
        """Return the arms of a sandbox; call `settle` after changing them."""
        if sandbox.is_gone:  # another may have its name by now
            return Arms(sandbox.seed)
        found = self._arms.setdefault(sandbox.name, Arms(sandbox.seed))
        found.seed = sandbox.seed
        return found

    def settle(self, sandbox: Sandbox) -> None:
        """Let the way of a request know what is armed now."""
        if sandbox.is_gone:
            return
        arms = self.arms(sandbox)
        if arms.is_idle:
            self.armed.pop(sandbox.name, None)
        else:
            self.armed[sandbox.name] = arms

    def compile_rules(
        self, sandbox: Sandbox, documents: Sequence[Any], pointer: str | None = None
    ) -> list[Rule]:
        """Compile mappings, and check that each may be armed.

        Args:
            sandbox: where they are to be armed.
            documents: the mappings.
            pointer: JSON pointer of their list in the body; None for a body that is one mapping.

        Raises:
            Refused: UNPROCESSABLE for what is not supported or not legal, CONFLICT for what this
                server cannot do.
        """
        arms = self.arms(sandbox)
        compiled = []
        for number, document in enumerate(documents):
            place = "" if pointer is None else f"{pointer}/{number}"
            try:
                rule = compile_rule(document, arms.next_id(), place)
                self._check(rule, f"{place}/response", f"{place}/request", sandbox.seed)
            except PatternError as error:
                raise refused(error) from None
            compiled.append(rule)
        return compiled

    def compile_chances(self, sandbox: Sandbox, documents: Sequence[Any]) -> list[Chance]:
        """Compile faults by chance, and check that each may be armed.

        Raises:
            Refused: as with rules.
        """
        arms = self.arms(sandbox)
        compiled = []
        for number, document in enumerate(documents):
            try:
                chance = compile_chance(document, arms.next_id(), f"/{number}")
                self._check_chance(chance, f"/{number}", sandbox.seed)
            except PatternError as error:
                raise refused(error) from None
            self._check_fault(chance.fault, f"/{number}/fault")
            compiled.append(chance)
        return compiled

    def set_settings(self, sandbox: Sandbox, document: Mapping[str, Any]) -> None:
        """Set how long every answer waits that no rule makes wait.

        Raises:
            Refused: UNPROCESSABLE.
        """
        given = {name: value for name, value in document.items() if value is not None}
        try:
            delay = compile_delay(given, "", "fixedDelay")
        except PatternError as error:
            raise refused(error) from None
        arms = self.arms(sandbox)
        arms.delay, arms.settings = delay, given
        self.settle(sandbox)

    def set_bucket(self, sandbox: Sandbox, bucket: Bucket | None) -> None:
        """Limit how often a sandbox is called, or no longer."""
        self.arms(sandbox).bucket = bucket
        self.settle(sandbox)

    def _check(self, rule: Rule, response: str, request: str, seed: int) -> None:
        self._check_fault(rule.fault, f"{response}/fault")
        if rule.pattern.operation_id is not None:
            self._place(rule.pattern.operation_id, f"{request}/operationId")
        if rule.reply is None:
            return
        for place in self.surface.hit_by(rule.pattern):
            _check_at(rule.reply, place, seed, response)

    def _check_chance(self, chance: Chance, pointer: str, seed: int) -> None:
        places: Iterable[Place] = self.surface
        if chance.operation_id is not None:
            places = [self._place(chance.operation_id, f"{pointer}/operationId")]
        if chance.reply is not None:
            for place in places:
                _check_at(chance.reply, place, seed, pointer)

    def _check_fault(self, fault: str | None, pointer: str) -> None:
        if fault is not None and not self.breaks_sockets:
            issue = Issue("body", dotted(pointer), _NO_SOCKETS)
            raise Refused(
                Kind.CONFLICT,
                f"{pointer}: {_NO_SOCKETS}",
                remedy="use mockserver serve, or a status like 503",
                issues=[issue],
            )

    def _place(self, operation_id: str, pointer: str) -> Place:
        found = self.surface.get(operation_id)
        if found is None:
            near = " or ".join(self.surface.nearest(operation_id))
            remedy = f"did you mean {near}?" if near else "see mockserver routes"
            raise PatternError(pointer, f"no operation is called {operation_id[:80]!r}", remedy)
        return found


def _check_at(reply: Reply, place: Place, seed: int, pointer: str) -> None:
    try:
        check_reply(reply, place, seed)
    except PatternError as error:
        raise PatternError(f"{pointer}{error.pointer}", error.detail, error.remedy) from None


def check_reply(reply: Reply, place: Place, seed: int) -> None:
    """Check that an answer can be given in the place of an operation.

    Raises:
        PatternError: its contract does not allow it, or there is no such example.
    """
    label(reply, place)
    status = reply.status_at(place)
    if reply.has_body or not place.declares(status) or place.content(status) is None:
        return
    if reply.example is not None:
        check_example(place, status, reply.example)
    if reply.example is not None or not is_problem(place, status):
        make(place, status, reply, seed=seed)


def refused(error: PatternError) -> Refused:
    """Return the refusal of a body that holds what cannot be taken."""
    name = dotted(error.pointer) or "body"
    issue = Issue("body", name, error.detail, remedy=error.remedy)
    return Refused(
        Kind.UNPROCESSABLE,
        f"{error.pointer or '/'}: {error.detail}",
        remedy=error.remedy,
        issues=[issue],
    )


def dotted(pointer: str) -> str:
    """Write a JSON pointer as issues name places in a body: `a.b[0]`."""
    name = ""
    for plain in parts(pointer):
        if plain.isdigit():
            name += f"[{plain}]"
        else:
            name += f".{plain}" if name else plain
    return name
