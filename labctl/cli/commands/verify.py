"""`labctl verify`: whether faults still behave as their files claim, and their signatures tell them apart."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from labctl.actions import verify as action
from labctl.actions import verify_colleagues
from labctl.actions.verify import Asked
from labctl.base.errors import EXIT_ERROR, InputError
from labctl.base.files import write_text
from labctl.base.names import DEFAULT_NAME
from labctl.cli import batch_progress, batch_view, console
from labctl.cli.options import CatalogueOption, NameOption, finite
from labctl.model.signature import Outcome
from labctl.verify import mitigations as mitigation_runs
from labctl.verify.batch_markdown import markdown
from labctl.verify.batch_record import BatchRecord
from labctl.verify.junit import junit
from labctl.verify.margin import LEAST

FaultsArgument = Annotated[
    list[str] | None, typer.Argument(metavar="FAULT", help="Which faults; `labctl faults --spoilers` lists them.")
]
AllOption = Annotated[bool, typer.Option("--all", help="Verify the whole catalogue.")]
ChangedOption = Annotated[
    str | None,
    typer.Option(
        "--changed",
        metavar="BASE",
        help="Verify the faults whose files differ from a git revision; all faults when code that they share differs.",
    ),
]
ShardOption = Annotated[
    str | None, typer.Option("--shard", metavar="I/N", help="Of these faults, the i-th of n equally long parts.")
]
RepeatOption = Annotated[
    int, typer.Option("--repeat", metavar="N", min=1, max=1000, help="Verify each fault N times, round by round.")
]
BudgetOption = Annotated[
    float | None,
    typer.Option(
        "--budget",
        metavar="MINUTES",
        min=0,
        callback=finite,
        help="Time for the whole batch; runs that would exceed it are left out, and the outcome is unknown.",
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
        help="At the end, watch the healthy lab so long: no signature may hold, and no page may come.",
    ),
]
MarginOption = Annotated[
    float | None,
    typer.Option(
        "--margin",
        metavar="TIMES",
        min=1,
        callback=finite,
        help="Fail when a symptom is below TIMES the paging threshold, or a healthy lab above 1/TIMES of it.",
    ),
]
MitigationsOption = Annotated[
    bool,
    typer.Option(
        "--mitigations",
        help="Verify in place of the faults what is known to help the users under them, and what is known not to. "
        "In the file of --json, what it has of other ways stays.",
    ),
]
FogOption = Annotated[
    str,
    typer.Option(
        "--fog",
        metavar="LEVEL",
        help="Look in this fog (clear, hazy, dense) whether enough of each fault's evidence decides, instead of "
        "judging its signature.",
        show_default=False,
    ),
]
EndsOption = Annotated[
    bool,
    typer.Option(
        "--ends", help="Verify a fault in which something varies at both ends, not with its usual values alone."
    ),
]
JsonFileOption = Annotated[Path | None, typer.Option("--json", dir_okay=False, help="Write the records as JSON here.")]
JunitFileOption = Annotated[
    Path | None, typer.Option("--junit", dir_okay=False, help="Write the records as JUnit XML here.")
]
MarkdownFileOption = Annotated[
    Path | None, typer.Option("--markdown", dir_okay=False, help="Write the records as Markdown here.")
]


ColleaguesOption = Annotated[
    bool,
    typer.Option(
        "--colleagues",
        help="Verify colleagues' changes instead, those named or all: each harmless, and undone without a trace. "
        "With --soak, make them one after the other while the lab is watched.",
    ),
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
    mitigations: MitigationsOption = False,
    fog: FogOption = "",
    ends: EndsOption = False,
    json_file: JsonFileOption = None,
    junit_file: JunitFileOption = None,
    markdown_file: MarkdownFileOption = None,
    colleagues: ColleaguesOption = False,
    folder: CatalogueOption = None,
    name: NameOption = DEFAULT_NAME,
) -> None:
    """Verify faults on the lab: inject each, check that its whole signature holds and no other one does, heal it.

    Exit 0 only when every planned run was made and passed, with at least the margin of --margin.
    """
    _require_one({"--colleagues": colleagues, "--mitigations": mitigations, "--fog": bool(fog)})
    apart = {"--budget": budget is not None, "--margin": margin is not None}
    apart |= {"--junit": junit_file is not None, "--markdown": markdown_file is not None}
    if colleagues and not soak:
        chosen = {"--all": everything, "--changed": changed is not None, "--shard": shard is not None}
        _refuse("--colleagues", {**apart, **chosen, "--repeat": repeat != 1, "--ends": ends})
        _verify_colleagues(name, faults or (), json_file)
        return
    budget_s = None if budget is None else budget * 60
    asked = Asked(tuple(faults or ()), everything, changed, shard, repeat, budget_s, soak * 60, colleagues, fog, ends)
    meant = action.planned(asked, folder)

    if mitigations:
        _refuse("--mitigations", {**apart, "--soak": bool(soak), "--ends": ends})
        _verify_mitigations(name, meant, json_file)
        return
    _verify_faults(name, meant, margin, partial(_write, json_file, junit_file, markdown_file))


def _require_one(kinds: Mapping[str, bool]) -> None:
    given = [option for option, asked in kinds.items() if asked]
    if len(given) > 1:
        raise InputError(
            f"{' and '.join(given)} were given, and each verifies something else", expected="one of them in a run"
        )


def _refuse(option: str, others: Mapping[str, bool]) -> None:
    given = [other for other, asked in others.items() if asked]
    if given:
        raise InputError(f"{' and '.join(given)}: no meaning with {option}", expected=f"{option} without that")


def _verify_faults(
    name: str, meant: action.Verification, margin: float | None, keep: Callable[[BatchRecord], None]
) -> None:
    """Verify the planned faults; `keep` gets what was found so far after each run, for one that is interrupted."""
    if not meant.plan.steps:
        console.note("no fault is selected: nothing to verify")
        keep(BatchRecord())
        return
    found = action.verify(name, meant, batch_progress.watching, keep)
    batch_view.show(found, LEAST if margin is None else margin)
    for fault in action.without_margin(found) if margin is not None else ():
        console.show(f"{fault}: its margin was not measured")
    if not action.passed(found, margin):
        raise typer.Exit(EXIT_ERROR)


def _verify_colleagues(name: str, ids: Sequence[str], json_file: Path | None) -> None:
    def keep(proofs: verify_colleagues.Proofs) -> None:
        if json_file:
            write_text(json_file, json.dumps(proofs.to_document(), indent=2) + "\n")

    plan = verify_colleagues.planned(ids)
    found = verify_colleagues.verify(name, plan, batch_progress.watching, keep)
    console.show(f"{found.outcome}: {len(found.records)} of {found.planned} proofs made")
    if found.outcome is not Outcome.PASS:
        raise typer.Exit(EXIT_ERROR)


def _verify_mitigations(name: str, meant: action.Verification, json_file: Path | None) -> None:
    older = json.loads(json_file.read_text(encoding="utf-8")) if json_file and json_file.exists() else None

    def keep(found: Sequence[mitigation_runs.Record]) -> None:
        made = mitigation_runs.document(found)
        if json_file:
            whole = mitigation_runs.merged(older, made) if older else made
            write_text(json_file, json.dumps(whole, indent=2) + "\n")

    found = action.verify_mitigations(name, meant, batch_progress.watching, keep)
    console.table(
        ("FAULT", "STEPS", "CLAIMED", "OUTCOME", "USERS WELL AFTER"),
        (
            (
                each.fault,
                each.steps,
                each.claims,
                each.outcome,
                None if each.restored_s is None else f"{each.restored_s:g} s",
            )
            for each in found
        ),
    )
    if mitigation_runs.outcome(found) is not Outcome.PASS:
        raise typer.Exit(EXIT_ERROR)


def _write(json_file: Path | None, junit_file: Path | None, markdown_file: Path | None, found: BatchRecord) -> None:
    if json_file:
        write_text(json_file, json.dumps(found.to_document(), indent=2) + "\n")
    if junit_file:
        write_text(junit_file, junit(found))
    if markdown_file:
        write_text(markdown_file, markdown(found))
