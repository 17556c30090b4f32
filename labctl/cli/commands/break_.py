"""`labctl break`: a fault, and the page that it ends in."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from labctl.base import progress
from labctl.base.errors import InputError
from labctl.base.names import DEFAULT_NAME
from labctl.catalogue import catalogue
from labctl.cli.broken import warn_of
from labctl.cli.commands import page as pager
from labctl.cli.options import CatalogueOption, JsonOption, NameOption
from labctl.health import steady_state
from labctl.lab.lab import Lab
from labctl.model.fault import Fault
from labctl.operate import guard
from labctl.play import incidents

MAX_SEED = 2**32
FaultArgument = Annotated[
    str | None, typer.Argument(metavar="[FAULT]", help="Which fault; without it labctl chooses, and does not tell.")
]
TrackOption = Annotated[str | None, typer.Option("--track", help="Choose among the faults of a category or track.")]
DifficultyOption = Annotated[
    int | None, typer.Option("--difficulty", help="Choose among the faults this hard: 1 to 5.")
]
SeedOption = Annotated[int | None, typer.Option("--seed", help="Choose the same fault for the same number.")]
HiddenOption = Annotated[bool, typer.Option("--hidden", help="Let labctl choose (the default without FAULT).")]


def break_(
    fault: FaultArgument = None,
    *,
    track: TrackOption = None,
    difficulty: DifficultyOption = None,
    seed: SeedOption = None,
    hidden: HiddenOption = False,
    folder: CatalogueOption = None,
    name: NameOption = DEFAULT_NAME,
    as_json: JsonOption = False,
) -> None:
    """Break the lab and wait for the page: the clock starts there. What broke is for you to find out."""
    if fault is not None and (hidden or track or difficulty is not None or seed is not None):
        raise InputError(
            "a fault was named, and also how to choose one",
            expected="FAULT, or any of --track, --difficulty, --seed and --hidden",
        )
    named = catalogue.find(fault, folder) if fault else None
    lab = Lab.open(name)
    with guard.exclusive(lab, "break") as left:
        incidents.reconcile(lab)
        if left.interrupted:
            with progress.step("waiting for the steady state") as step:
                steady_state.wait(lab.metrics, lab.rps, progress=step.update)
        chosen = named or _choose(lab, _usable(folder), track, difficulty, seed)
        with progress.step("checking the lab, then waiting for a page"):
            incident = incidents.start(lab, chosen)
    pager.tell(incident, as_json=as_json)


def _usable(folder: Path | None) -> Sequence[Fault]:
    found = catalogue.usable(folder)
    warn_of(found.broken)
    return found.faults


def _choose(lab: Lab, faults: Sequence[Fault], track: str | None, difficulty: int | None, seed: int | None) -> Fault:
    shown = [each for each in faults if not each.unfit(lab.rps, lab.speed)]
    number = secrets.randbelow(MAX_SEED) if seed is None else seed
    return catalogue.pick(shown, number, track=track, difficulty=difficulty)
