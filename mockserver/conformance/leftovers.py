"""Cleans up after a run that is over: killed, or with something left."""

from __future__ import annotations

from pathlib import Path

from mockserver.conformance.belongings import Belongings
from mockserver.conformance.cleanup import Cleanup, Remains
from mockserver.conformance.derive import read_places
from mockserver.conformance.door import Door
from mockserver.conformance.keeper import Keeper
from mockserver.conformance.lab import Lab
from mockserver.conformance.ledger import Ledger, read_ledger
from mockserver.conformance.profiles import OWN_DATA, load_profile
from mockserver.conformance.suite import Options, target_of
from mockserver.contract.contract import Contract


def clean_up(options: Options, contract: Contract, path: Path) -> Remains:
    """Delete what a run's ledger names, and whatever else carries its mark.

    Raises:
        CannotRun: the target does not answer.
        OSError: the ledger cannot be read.
        ValueError: it is none, or it is of another target.
    """
    pages = read_ledger(path)
    target = target_of(options)
    if pages.header["url"] != target.url:
        raise ValueError(f"the run was of {pages.header['url']}, not of {target.url}")
    mark = pages.header["run"]
    belongings = Belongings(mark)
    for entry in pages.entries:
        belongings.ids.update(entry.ids)
    ledger = Ledger(path, run=mark, url=target.url)  # what is deleted now is written down too
    door = Door(
        target,
        contract,
        keeper=Keeper(load_profile(OWN_DATA, contract), contract, belongings, ledger),
        patience=options.patience,
    )
    try:
        read_places(Lab(door, f"{mark}-0000"), pages.places)
        return Cleanup(door, pages.entries, pages.gone).run()
    finally:
        ledger.close()
        door.close()
