"""`python -m bench.shortcuts`: play hidden incidents by rules, and write the record of who was right."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from bench import ending
from bench.shortcuts import baro
from bench.shortcuts.judging import completed
from bench.shortcuts.learner import Learner
from bench.shortcuts.plan import Planned, planned
from bench.shortcuts.played import Log, Played
from bench.shortcuts.players import players
from bench.shortcuts.playing import Playing
from bench.shortcuts.record import document, findings
from bench.shortcuts.standing import standing
from labctl.actions import incident
from labctl.actions.incident import Choice
from labctl.base import progress
from labctl.base.errors import EXIT_ERROR, EXIT_INTERRUPTED
from labctl.base.files import write_text
from labctl.base.words import matching
from labctl.catalogue import catalogue
from labctl.cli import console
from labctl.cli.endings import CtrlCError
from labctl.cli.terminal import Terminal
from labctl.docker.machine import describe
from labctl.lab.lab import Lab
from labctl.model.fault import Fault
from labctl.model.surroundings import FOGS
from labctl.verify.selection import Shard as Part
from labctl.verify.selection import parse_shard

ROOT = Path(__file__).resolve().parents[2]
RECORD = ROOT / "bench" / "records" / "shortcuts.json"
LOG = ROOT / "build" / "shortcuts"
NAME = "shortcuts"
WHOLE = Part(1, 1)
Fogs = Annotated[list[str] | None, typer.Option("--fog", metavar="LEVEL", help="Play under this fog; all three.")]
Draws = Annotated[int, typer.Option("--draws", min=1, max=50, help="So many draws of every fault under every fog.")]
Faults = Annotated[list[str] | None, typer.Option("--fault", metavar="ID", help="Only this fault, for a trial; all.")]
Rps = Annotated[float, typer.Option("--rps", min=1, max=500, help="The load in requests per second.")]
Name = Annotated[str, typer.Option("--name", help="The lab; another one for each run that goes on at the same time.")]
Shard = Annotated[
    str | None,
    typer.Option("--shard", metavar="I/N", help="Play this part only, and write no record: part 2 of 3, 2/3."),
]
Out = Annotated[
    Path, typer.Option("--out", dir_okay=False, help="The record to write; what it has of other levels of fog stays.")
]
Kept = Annotated[
    Path, typer.Option("--log", file_okay=False, help="Each incident is kept there, and not played again.")
]


def main(
    *,
    fogs: Fogs = None,
    draws: Draws = 3,
    faults: Faults = None,
    rps: Rps = 20.0,
    name: Name = NAME,
    shard: Shard = None,
    out: Out = RECORD,
    log: Kept = LOG,
) -> None:
    """Play hidden incidents with players that follow one rule each; takes hours, and goes on where it was stopped.

    Parts of it can be played side by side, in labs of their own, with one log; a run without --shard then plays what
    is left and writes the record. Exits with 1 when a rule is right too often, the methodical player too seldom, or an
    incident never paged.
    """
    meant = parse_shard(shard) if shard is not None else WHOLE
    baro.require()
    known = catalogue.known()
    kept = Log(log)
    with standing(Learner(name), rps) as lab:
        plan = _plan(lab, known, fogs or FOGS, draws, faults)
        _play_rest(plan[meant.number - 1 :: meant.count], Playing(name, known, kept))
    if shard is not None:
        return
    everybody, by_id = players(known), {each.id: each for each in known}
    played = [completed(each, everybody, by_id[each.planned.fault], kept) for each in kept.of(plan)]
    before = json.loads(out.read_text("utf-8")) if out.exists() else None
    record = document(played, everybody, describe(), rps, before)
    write_text(out, json.dumps(record, indent=2) + "\n")
    _tell(record, list(findings(played, everybody)))


def _plan(
    lab: Lab, known: Sequence[Fault], fogs: Sequence[str], draws: int, only: Sequence[str] | None
) -> list[Planned]:
    ids = [each.id for each in known]
    wanted = [matching("fault", each, ids) for each in only] if only else ids
    return planned(wanted, fogs, draws, lambda seed: incident.choose(lab, known, Choice(seed=seed)).id)


def _play_rest(plan: Sequence[Planned], playing: Playing) -> None:
    done = {each.planned for each in playing.log.read()}
    left = [each for each in plan if each not in done]
    for number, each in enumerate(left, start=len(plan) - len(left) + 1):
        with progress.step(f"incident {number} of {len(plan)}, {each.name}") as step:
            played = playing.play(each)
            playing.log.add(played)
            step.note(_line(played))


def _line(played: Played) -> str:
    if not played.paged:
        return f"{played.planned.fault} never paged: {played.why}"
    right = [name for name, each in played.told.items() if each.right]
    return f"{played.planned.fault}: {played.alert}; right: {', '.join(right) or 'nobody'}"


def _tell(record: dict[str, object], broken: Sequence[str]) -> None:
    console.show(json.dumps(record["players"], indent=2))
    for each in broken:
        console.note(each)
    if broken:
        raise typer.Exit(EXIT_ERROR)


if __name__ == "__main__":
    try:
        with progress.listening(Terminal()):
            ending.run(main)
    except (CtrlCError, KeyboardInterrupt):
        sys.exit(EXIT_INTERRUPTED)  # the same command goes on there
