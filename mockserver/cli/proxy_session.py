"""One run of the proxy: what it is made of, how it begins, how it ends. Needs the extra `check`."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from mockserver.addresses import AddressRules
from mockserver.cli.proxy_screen import Screen
from mockserver.cli.recorded import settle
from mockserver.contract.contract import load_api
from mockserver.proxy.application import House, Proxy
from mockserver.proxy.bench import Bench
from mockserver.proxy.fixture import fixture_of
from mockserver.proxy.judged import Witness
from mockserver.proxy.log import Log
from mockserver.proxy.moments import stamp
from mockserver.proxy.recording import Files, Recording, Saving
from mockserver.proxy.tally import Tally
from mockserver.proxy.upstream import Place, Upstream, read_place
from mockserver.proxy.world import World
from mockserver.simulation.clock import wall_clock


@dataclass(slots=True)
class Session:
    """A proxy that is ready to run, and what it leaves behind."""

    application: Proxy
    screen: Screen
    console: Console
    place: Place
    tally: Tally
    started: str  # RFC 3339
    log: Path | None
    world: World | None = None
    recording: Recording | None = None
    saving: ExitStack = field(default_factory=ExitStack)
    closing: list[str] = field(default_factory=list)

    @classmethod
    def opened(
        cls,
        stack: ExitStack,
        *,
        upstream: str,
        rules: AddressRules,
        timeout: float,
        most: int,
        only_loopback: bool,
        log: Path | None,
        record: Path | None,
        alias: str,
        console: Console,
    ) -> Session:
        """Open everything that a run needs; what must be closed goes onto `stack`.

        Raises:
            click.ClickException: an address or a file cannot be used.
        """
        try:
            place = read_place(upstream)
        except ValueError as error:
            raise click.ClickException(f"--upstream {upstream!r}: {error}") from None
        tally = Tally()
        screen = stack.enter_context(Screen(console, tally))
        witnesses: list[Witness] = [screen]
        session_started = stamp(wall_clock())
        world = World(load_api()) if record else None
        recording = None
        try:
            if log is not None:
                witnesses.append(_opened_log(stack, log))
            if record is not None and world is not None:
                render = partial(_rendered, source=place.root, time=session_started)
                recording = Recording(Files.named(record), world, render)
                stack.callback(recording.close)
                witnesses.append(recording)
        except OSError as error:
            raise click.ClickException(f"{error.filename}: {error.strerror}") from None
        house = House(
            upstream=Upstream(place, rules=rules, timeout=timeout, most=most),
            bench=stack.enter_context(Bench()),
            witnesses=witnesses,
            unanswered=screen.unanswered,
            wall=wall_clock,
            alias=alias,
            most=most,
            only_loopback=only_loopback,
        )
        return cls(
            Proxy(house),
            screen,
            console,
            place,
            tally,
            session_started,
            log,
            world=world,
            recording=recording,
        )

    def begin(self, url: str) -> None:
        """Show where the proxy is, and begin to save."""
        for line in _banner(url, self.place, self.log, self.recording):
            self.console.print(line, soft_wrap=True)
        self.screen.begin()
        if self.recording is not None:
            self.saving.enter_context(Saving(self.recording, self._not_saved, wall_clock))

    def end(self) -> None:
        """Save for the last time, and see to it that the fixture loads."""
        self.saving.close()
        if self.recording is None or self.world is None:
            return
        files = self.recording.files
        try:
            self.recording.save()
            fixture = fixture_of(self.world)
            refusal = settle(files.fixture, fixture, source=self.place.root, time=self.started)
        except OSError as error:
            raise click.ClickException(f"{error.filename}: {error.strerror}") from None
        self.closing.append(f"  {self.recording.entries} exchanges in {files.archive}")
        if refusal is not None:
            self.closing.append(f"  the fixture does not load: {refusal}")
            return
        self.closing.append(f"  mockserver serve --fixture {files.fixture}")
        for line in fixture.left_out:
            self.closing.append(f"    left out: {line}")

    def _not_saved(self, error: OSError) -> None:
        self.screen.say(f"not saved: {error.filename}: {error.strerror}")


def _opened_log(stack: ExitStack, path: Path) -> Log:
    log = Log(path)
    stack.callback(log.close)
    return log


def _rendered(world: World, *, source: str, time: str) -> str:
    return fixture_of(world).text(source=source, time=time)


def _banner(url: str, place: Place, log: Path | None, recording: Recording | None) -> list[Text]:
    rows = [("Call", f"{url}/v1"), ("Upstream", f"{place.root}/v1")]
    if log is not None:
        rows.append(("Log", str(log)))
    if recording is not None:
        rows.append(("Recording", f"{recording.files.archive}, {recording.files.fixture}"))
    lines = [Text(), Text("  Ampersand contract proxy", "bold"), Text()]
    for name, value in rows:
        style = "cyan" if name in {"Call", "Upstream"} else ""
        lines.append(Text(f"  {name:<12}", "dim").append(value, f"not dim {style}".strip()))
    return [*lines, Text(), Text("  Ctrl-C stops and sums up.", "dim"), Text()]
