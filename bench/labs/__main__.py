"""`python -m bench.labs`: measure labs side by side on this machine, and write the report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bench import ending
from bench.labs.report import report
from bench.labs.run import Plan, play
from labctl.base import progress
from labctl.base.files import write_text
from labctl.catalogue import shipped
from labctl.cli import console
from labctl.cli.terminal import Terminal
from labctl.docker.machine import describe

RESULTS = Path(__file__).resolve().parents[1] / "LABS.md"
Labs = Annotated[int, typer.Option("--labs", min=1, max=64, help="How many labs.")]
Rps = Annotated[float, typer.Option("--rps", min=1, max=200, help="Requests per second of each.")]
Window = Annotated[int, typer.Option("--window", min=20, max=3600, help="Seconds of each of the four windows.")]
Fault = Annotated[str, typer.Option("--fault", help="What breaks in one of them.", show_default="the first there is")]
Output = Annotated[Path, typer.Option("--output", dir_okay=False, help="The file to write the report to.")]


def main(labs: Labs = 8, rps: Rps = 5, window: Window = 120, fault: Fault = "", output: Output = RESULTS) -> None:
    """Measure labs: alone, side by side, beside a broken one, paused. Takes four windows, and a minute for each lab."""
    with progress.listening(Terminal()):
        found = play(Plan(labs, rps, window), shipped.load(fault or shipped.ids()[0]))
    text = report(found, describe())
    write_text(output, text)
    console.show(text)


if __name__ == "__main__":
    ending.run(main)
