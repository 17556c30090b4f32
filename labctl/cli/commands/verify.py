"""`labctl verify`: whether faults still do what their files claim, and can be told apart."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from labctl.base.errors import EXIT_ERROR
from labctl.base.files import write_text
from labctl.base.names import DEFAULT_NAME
from labctl.base.times import iso
from labctl.catalogue import catalogue
from labctl.cli import console, series_progress, series_view
from labctl.cli.broken import warn_of
from labctl.cli.options import CatalogueOption, NameOption, finite
from labctl.lab.lab import Lab
from labctl.model.fault import Fault
from labctl.model.signature import Outcome
from labctl.operate import guard
from labctl.play import incidents
from labctl.verify import selection, series
from labctl.verify.junit import junit
from labctl.verify.margin import LEAST
from labctl.verify.series import Plan
from labctl.verify.series_markdown import markdown
from labctl.verify.series_record import SeriesRecord, findings

KIND = "verification"
FaultsArgument = Annotated[
    list[str] | None, typer.Argument(metavar="FAULT", help="Which faults; `labctl faults` lists them.")
]
AllOption = Annotated[bool, typer.Option("--all", help="Verify the whole catalogue.")]
ChangedOption = Annotated[
    str | None,
    typer.Option(
        "--changed",
        metavar="BASE",
        help="Verify the faults that differ from a git revision; all of them when what they run on does.",
    ),
]
ShardOption = Annotated[
    str | None, typer.Option("--shard", metavar="I/N", help="Of those, the i-th of n parts, about equally long.")
]
RepeatOption = Annotated[
    int, typer.Option("--repeat", metavar="N", min=1, max=1000, help="Verify so many times, round by round.")
]
BudgetOption = Annotated[
    float | None,
    typer.Option(
        "--budget",
        metavar="MINUTES",
        min=0,
        callback=finite,
        help="Leave out, as unknown, what would take longer in all.",
    ),
]
SoakOption = Annotated[
    float,
    typer.Option(
        "--soak",
        metavar="MINUTES",
        min=0,
        max=1440,
        callback=finite,
        help="At the end, watch that nothing holds in the healthy lab.",
    ),
]
MarginOption = Annotated[
    float | None,
    typer.Option(
        "--margin",
        metavar="TIMES",
        min=1,
        callback=finite,
        help="Fail where a symptom goes less than so many times beyond what pages, or the healthy lab comes closer.",
    ),
]
JsonFileOption = Annotated[Path | None, typer.Option("--json", dir_okay=False, help="Write the records as JSON here.")]
JunitFileOption = Annotated[
    Path | None, typer.Option("--junit", dir_okay=False, help="Write the records as JUnit XML here.")
]
MarkdownFileOption = Annotated[
    Path | None, typer.Option("--markdown", dir_okay=False, help="Write the records as Markdown here.")
]


def verify(  # noqa: PLR0913 - a parameter for each option
    faults: FaultsArgument = None,
    *,
    everything: AllOption = False,
    changed: ChangedOption = None,
    shard: ShardOption = None,
    repeat: RepeatOption = 1,
    budget: BudgetOption = None,
    soak: SoakOption = 0.0,
    margin: MarginOption = None,
    json_file: JsonFileOption = None,
    junit_file: JunitFileOption = None,
    markdown_file: MarkdownFileOption = None,
    folder: CatalogueOption = None,
    name: NameOption = DEFAULT_NAME,
) -> None:
    """Verify faults on the lab: inject each, see its whole signature and no other one's, heal it.

    Exit 0 only when everything that was asked for was run, and passes, with the margin that was asked for.
    """
    only_soak = bool(soak) and not (faults or everything or changed is not None or shard is not None)
    ids = faults or []
    known = catalogue.known(folder) if everything or changed is not None else _around(ids, folder)
    chosen = [] if only_soak else selection.select(known, ids, everything=everything, changed=changed, shard=shard)
    plan = Plan(tuple(chosen), repeat, soak * 60, None if budget is None else budget * 60)
    if not plan.steps:
        console.note("no fault is meant: nothing to verify")
        _write(SeriesRecord(), json_file, junit_file, markdown_file)
        return
    lab = Lab.open(name)

    def keep(found: SeriesRecord) -> None:
        # Kept and written after each run: a long series that is cut short keeps what it found.
        for record in found.records[-1:]:
            lab.store.documents.put(KIND, iso(record.started_at), record.to_document())
        _write(found, json_file, junit_file, markdown_file)

    # What is asked for by name has to be possible; of many, what the load can't show is left out, and unknown.
    for fault in plan.faults if faults else ():
        incidents.require_fit(lab, fault)
    found = _verified(lab, plan, known, keep)
    series_view.show(found, LEAST if margin is None else margin)
    if found.outcome is not Outcome.PASS or (margin is not None and not _is_wide(found, margin)):
        raise typer.Exit(EXIT_ERROR)


def _around(ids: Sequence[str], folder: Path | None) -> tuple[Fault, ...]:
    """Return the faults that load, those named among them: only a file that is asked for has to be sound."""
    for each in ids:
        catalogue.find(each, folder)
    found = catalogue.usable(folder)
    warn_of(found.broken)
    return found.faults


def _is_wide(found: SeriesRecord, least: float) -> bool:
    """Whether the series has the margin that was asked for; says of which runs it was not measured."""
    unknown = [each.fault for each in found.records if each.margin is None or each.margin.healthy is None]
    for fault in unknown:
        console.show(f"{fault}: its margin was not measured")
    return not unknown and not findings(found, least)


def _verified(lab: Lab, plan: Plan, known: Sequence[Fault], keep: series.Keep) -> SeriesRecord:
    with guard.exclusive(lab, "verify"):
        incidents.reconcile(lab)
        incidents.require_none(lab)
        with series_progress.watching(plan.steps) as view:
            return series.run(lab, plan, known, view, keep)


def _write(found: SeriesRecord, json_file: Path | None, junit_file: Path | None, markdown_file: Path | None) -> None:
    if json_file:
        write_text(json_file, json.dumps(found.to_document(), indent=2) + "\n")
    if junit_file:
        write_text(junit_file, junit(found))
    if markdown_file:
        write_text(markdown_file, markdown(found))
