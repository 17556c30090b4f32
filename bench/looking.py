"""`python -m bench.looking LAB`: what looking costs, of a lab that runs: telemetry store, room, dashboards.

It measures what `make bench` measures of them, without the minutes that the rest takes, into a report of its own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bench import dashboards, ending, room, store
from bench.report import report
from labctl.base.files import write_text
from labctl.cli import console
from labctl.docker.machine import describe
from labctl.lab.lab import Lab

OUTPUT = Path(__file__).resolve().parent / "LOOKING.md"


def main(
    name: Annotated[str, typer.Argument(metavar="LAB", help="A lab that runs.")],
    output: Annotated[Path, typer.Option("--output", dir_okay=False, help="The file to write to.")] = OUTPUT,
) -> None:
    """Measure what looking costs. Takes some minutes; the machine should have nothing else to do."""
    lab = Lab.open(name)
    figures = [*store.measured(), *room.figures(lab), *dashboards.figures(name)]
    text = report(figures, {}, describe(), {}, by="python -m bench.looking LAB")
    write_text(output, text)
    console.show(text)


if __name__ == "__main__":
    ending.run(main)
