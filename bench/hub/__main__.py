"""`python -m bench.hub`: measure a game day's hub with a room full of learners, and write the report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bench import ending
from bench.hub.crowd import Crowd
from bench.hub.report import report
from bench.hub.run import play
from labctl.base import progress
from labctl.base.files import write_text
from labctl.cli import console
from labctl.cli.terminal import Terminal
from labctl.docker.machine import describe

RESULTS = Path(__file__).resolve().parents[1] / "HUB.md"
Teams = Annotated[int, typer.Option("--teams", min=1, max=40, help="How many teams, with a lab each.")]
Learners = Annotated[int, typer.Option("--learners", min=1, max=400, help="How many learners in all of them.")]
Minutes = Annotated[float, typer.Option("--minutes", min=1, max=120, help="How long they work.")]
Rps = Annotated[int, typer.Option("--rps", min=1, max=200, help="Requests per second in each lab.")]
Output = Annotated[Path, typer.Option("--output", dir_okay=False, help="The file to write the report to.")]


def main(
    teams: Teams = 8, learners: Learners = 60, minutes: Minutes = 10, rps: Rps = 5, output: Output = RESULTS
) -> None:
    """Measure the hub. Takes the minutes that they work, and half a minute for each team."""
    with progress.listening(Terminal()):
        found = play(Crowd(teams, learners, minutes, rps=rps))
    text = report(found, describe())
    write_text(output, text)
    console.show(text)


if __name__ == "__main__":
    ending.run(main)
