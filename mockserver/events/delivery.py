"""Delivers messages: signed, in order for each destination, tried again when that fails.

Nothing here holds a sandbox: each attempt reads the state before it, and draws its conclusions
after it, in units of work of their own.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from mockserver.addresses import Resolve, resolve
from mockserver.events import attempts, inbox, retries, sink, streams
from mockserver.events.attempts import DUPLICATE, REDELIVER, SCHEDULE, Target, Verdict
from mockserver.events.disorder import Disorder
from mockserver.events.dispatcher import Changes
from mockserver.events.inbox import Delivery, Inbox
from mockserver.events.lanes import Lanes
from mockserver.events.reputation import Reputation
from mockserver.events.sending import Connection, Network
from mockserver.events.turns import GONE, Turn, drop
from mockserver.events.wire import Attempt, Reply, Request
from mockserver.resources.urls import address_rules, is_sink, split_web_url
from mockserver.rules.work import Work
from mockserver.settings import Settings
from mockserver.simulation import clock, stopwatch
from mockserver.state.outbox import Message
from mockserver.state.sandbox import Sandbox

log = logging.getLogger("mockserver")


@dataclass(slots=True)
class _World:
    """What is known of one sandbox: its inbox, and what is under way since it was put back."""

    generation: int
    inbox: Inbox
    lanes: Lanes[Turn] = field(repr=False)
    reputation: Reputation


class Deliveries:
    """Delivers what leaves the sandboxes, and keeps what became of it."""

    def __init__(
        self,
        settings: Settings,
        *,
        wall: clock.WallClock = clock.wall_clock,
        resolver: Resolve = resolve,
    ) -> None:
        """Take the switches, the machine's clock, and who resolves names."""
        self._settings = settings
        self._wall = wall
        rules = address_rules(settings)
        self._network = Network(rules, settings.webhook_timeout, resolver)
        self._worlds: dict[str, _World] = {}
        self.told: Callable[[Sandbox, Delivery], None] | None = None  # hears of every change
        self._changes: Changes | None = None

    def attach(self, changes: Changes) -> None:
        """Take the way to change sandboxes."""
        self._changes = changes

    def accept(self, sandbox: Sandbox, messages: Sequence[Message]) -> None:
        """Take messages that were committed, in their order."""
        world, disorder, delayed = self._world(sandbox), Disorder.of(sandbox), []
        now = self._changing.now(sandbox)
        for message in messages:
            if attempts.is_about_its_own_end(message):
                continue
            delivery = self._noted(world, sandbox, message)
            due = message.created + disorder.delay(message.id)
            if message.attempt == 1 and due > now:
                delivery.due = due
                delayed.append((message, due))
            else:
                turn = Turn(sandbox, message, SCHEDULE)
                world.lanes.add(message.destination_id, turn)
        for message, due in delayed:
            later = partial(_schedule, message=message, due=due)
            self._changing.change(sandbox, later)
        self._start(world)

    async def settled(self, sandbox: Sandbox, until: int) -> None:  # noqa: ARG002 # jobs are later
        """Return when nothing of the sandbox is under way or waits for its turn."""
        await self._world(sandbox).lanes.finished()

    def pending(self, sandbox: Sandbox) -> int:
        """Return how many messages are under way or wait for their turn."""
        return len(self._world(sandbox).lanes)

    async def close(self) -> None:
        """End what is under way."""
        for world in self._worlds.values():
            await world.lanes.close()

    def inbox(self, sandbox: Sandbox) -> Inbox:
        """Return the deliveries of a sandbox, since it was last reset whole."""
        return self._world(sandbox).inbox

    def empty(self, sandbox: Sandbox) -> None:
        """Forget the deliveries of a sandbox; what waits is dropped."""
        world = self._worlds.pop(sandbox.name, None)
        if world is not None:
            drop(world.lanes.cancel())

    async def redeliver(self, sandbox: Sandbox, delivery: Delivery) -> None:
        """Send a message once more, when its destination's turn comes; return when that is over."""
        world, message = self._world(sandbox), delivery.message
        turn = Turn(sandbox, message, REDELIVER, asyncio.Event())
        world.lanes.add(message.destination_id, turn)
        self._start(world)
        if turn.done is not None:
            with self._changing.traffic.hurried():
                await turn.done.wait()

    @property
    def _changing(self) -> Changes:
        if self._changes is None:
            raise RuntimeError("deliveries are attached before they accept anything")
        return self._changes

    def _world(self, sandbox: Sandbox) -> _World:
        world = self._worlds.get(sandbox.name)
        if world is None or world.generation != sandbox.generation:
            if world is None or sandbox.is_gone:  # by now, the world may be another sandbox's
                kept = Inbox(
                    most=self._settings.inbox_deliveries, most_bytes=self._settings.inbox_bytes
                )
            else:
                drop(world.lanes.cancel())
                kept = world.inbox
                kept.let_go(GONE)
            reputation = Reputation(self._settings)
            lanes = Lanes(
                self._network,
                self._deliver,
                traffic=self._changing.traffic,
                window=reputation.window,
            )
            world = _World(sandbox.generation, kept, lanes, reputation)
            if not sandbox.is_gone:
                self._worlds[sandbox.name] = world
        return world

    def _start(self, world: _World) -> None:
        try:
            asyncio.get_running_loop()
        except RuntimeError:  # nobody serves yet; whoever comes first starts it
            return
        world.lanes.start()

    def _noted(self, world: _World, sandbox: Sandbox, message: Message) -> Delivery:
        """Return the delivery of a message in the inbox, ready for an attempt."""
        delivery = world.inbox.get(message.id)
        if delivery is None or delivery.message.generation != message.generation:
            # A sandbox that was put back counts its messages anew: the same id, another message.
            world.inbox.forget(message.id)
            destination = sandbox.root.tables["destinations"].get(message.destination_id)
            delivery = Delivery(message, destination or {})
            world.inbox.keep(delivery)
        delivery.message, delivery.status = message, inbox.WAITING
        delivery.due = delivery.job_id = None
        delivery.reason = ""
        self._tell(sandbox, delivery)
        return delivery

    def _tell(self, sandbox: Sandbox, delivery: Delivery) -> None:
        if self.told is not None:
            self.told(sandbox, delivery)

    async def _deliver(self, turn: Turn, connection: Connection) -> None:
        try:
            await self._attempt(turn, connection)
        except Exception:
            log.exception("defect in the delivery of %s", turn.message.id)
            self._note(turn, Verdict(inbox.FAILED, "the mock failed; see its log"))
        if turn.done is not None:
            turn.done.set()

    async def _attempt(self, turn: Turn, connection: Connection) -> None:
        delivery = self._delivery(turn)
        if turn.trigger == SCHEDULE and delivery and delivery.status == inbox.DELIVERED:
            return  # somebody redelivered it meanwhile
        message = turn.message
        begin = partial(attempts.begin, message=message, trigger=turn.trigger)
        target = self._changing.change(turn.sandbox, begin, generation=message.generation)
        if not isinstance(target, Target):
            self._note(turn, target)
            return
        request = await self._request(target, message)
        if isinstance(request, Verdict):
            self._note(turn, request)
            return
        reply = await self._post(turn, request, connection)
        made = Attempt(turn.trigger, clock.stamp(target.moment), request, reply)
        self._conclude(turn, made)

    def _conclude(self, turn: Turn, made: Attempt) -> None:
        """Keep an attempt, and let follow from it what does."""
        generation = turn.message.generation
        if turn.sandbox.generation != generation:
            self._note(turn, None)
            return
        delivery = self._delivery(turn)
        if delivery is not None:
            delivery.add(made)
            self._world(turn.sandbox).inbox.keep(delivery)
        conclude = partial(
            attempts.conclude,
            message=turn.message,
            trigger=turn.trigger,
            reply=made.reply,
            pending=delivery.job_id if delivery else None,
        )
        verdict = self._changing.change(turn.sandbox, conclude, generation=generation)
        if verdict is not None:
            self._note(turn, verdict)
        self._repeat(turn, made.reply)

    async def _request(self, target: Target, message: Message) -> Request | Verdict:
        if target.destination["type"] == "webhook":
            return attempts.webhook_request(self._settings, target, message, self._wall())
        try:
            return await asyncio.to_thread(streams.put_record, target.destination, message)
        except streams.MissingExtra as missing:
            log.warning("%s", missing)
            return Verdict(inbox.RECORDED, str(missing))
        except ValueError as error:
            return Verdict(inbox.FAILED, f"partitionKeyTemplate: {error}")

    async def _post(self, turn: Turn, request: Request, connection: Connection) -> Reply:
        parts = split_web_url(request.url)
        if parts is not None and is_sink(parts):
            delivery = self._delivery(turn)
            return sink.answer(request.url, delivery.tried + 1 if delivery else 1)
        destination_id, turned = turn.message.destination_id, self._changing.turning(turn.sandbox)
        reputation = self._world(turn.sandbox).reputation
        timeout, began = reputation.timeout(destination_id, turned), stopwatch.elapsed()
        reply = await connection.post(request, since=turn.since, timeout=timeout)
        reputation.note(destination_id, reply, began, turned)
        return reply

    def _repeat(self, turn: Turn, reply: Reply) -> None:
        """Send a message again at once, where a mode says so."""
        disorder = Disorder.of(turn.sandbox)
        if turn.trigger == SCHEDULE and reply.succeeded and disorder.repeats(turn.message.id):
            again = Turn(turn.sandbox, turn.message, DUPLICATE)
            lanes = self._world(turn.sandbox).lanes
            lanes.add(turn.message.destination_id, again, first=True)

    def _delivery(self, turn: Turn) -> Delivery | None:
        """Return the delivery of a turn, unless the inbox let go of it."""
        world = self._worlds.get(turn.sandbox.name)
        if world is None or world.generation != turn.message.generation:
            return None
        return world.inbox.get(turn.message.id)

    def _note(self, turn: Turn, verdict: Verdict | None) -> None:
        """Keep what became of a message; None says that its sandbox was put back."""
        message = turn.message
        if verdict is None or verdict.status == inbox.DROPPED:
            reason = verdict.reason if verdict else GONE
            turn.sandbox.drop("message", message.id, message.event_type, reason)
        delivery = self._delivery(turn)
        if delivery is None or verdict is None:
            return
        delivery.status, delivery.reason = verdict.status, verdict.reason
        delivery.due, delivery.job_id = verdict.due, verdict.job_id
        self._tell(turn.sandbox, delivery)
        if verdict.evicted is not None:
            _let_go(turn.sandbox, self._world(turn.sandbox).inbox, verdict.evicted)


def _let_go(sandbox: Sandbox, kept: Inbox, evicted: Message) -> None:
    reason = "too many messages wait for this destination"
    sandbox.drop("message", evicted.id, evicted.event_type, reason)
    log.warning("%s: %s is dropped", reason, evicted.id)
    delivery = kept.get(evicted.id)
    if delivery is not None:
        delivery.status, delivery.reason = inbox.DROPPED, reason


def _schedule(work: Work, *, message: Message, due: int) -> None:
    work.schedule(retries.KIND, due, message.as_json())
