"""`python -m bench`: measure the budgets and write the report."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from bench import budgets, dashboards, ending, measure, room, store
from bench.budgets import Figure
from bench.report import report
from labctl.base.files import write_text
from labctl.catalogue import shipped
from labctl.cli import console
from labctl.docker.machine import describe
from labctl.verify.batch_record import BatchRecord

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "RESULTS.md"
RECORDS = ROOT / "bench" / "records" / "bench.json"
Trials = Annotated[int, typer.Option("--trials", min=1, max=200, help="Starts (at most 3) and verifications.")]
Labs = Annotated[int, typer.Option("--labs", min=0, max=32, help="Also measure this many labs side by side.")]
Setup = Annotated[bool, typer.Option("--setup", help="Also measure set-up from nothing: removes all labctl images.")]
Output = Annotated[Path, typer.Option("--output", dir_okay=False, help="The file to write the report to.")]


def keep(series: BatchRecord) -> None:
    """Write the records of the verifications, which hold the reasons of runs that failed."""
    RECORDS.parent.mkdir(exist_ok=True)
    write_text(RECORDS, json.dumps(series.to_document(), indent=2) + "\n")


def main(trials: Trials = 5, labs: Labs = 0, setup: Setup = False, output: Output = RESULTS) -> None:
    """Measure the lab's budgets on this machine. Takes some minutes; the machine should have nothing else to do."""
    figures: list[Figure] = []
    if setup:
        figures += budgets.setup(measure.setup_seconds(ROOT))
    figures += store.measured()
    figures += budgets.start(measure.start_seconds(min(trials, 3)))
    with measure.running(measure.NAME, 20) as launch:
        use = measure.use_by_service(launch.lab)
        figures += budgets.health(*measure.health(launch.lab))
        figures += room.figures(launch.lab)
        figures += dashboards.figures(launch.lab.name)
        records = measure.verifications(launch.lab, shipped.load(shipped.ids()[0]), trials, keep)
    memory, cores = (sum(each) for each in zip(*use.values(), strict=True))
    figures += budgets.footprint(memory, cores)
    pages = [record.timing.page_s for record in records if record.timing.page_s is not None]
    figures += budgets.verifications(pages, [record.timing.total_s for record in records])
    if labs:
        figures += budgets.side_by_side(*measure.p95_alone_and_together(labs))
    text = report(figures, use, describe(), Counter(str(record.outcome) for record in records))
    write_text(output, text)
    console.show(text)


if __name__ == "__main__":
    ending.run(main)
