"""Mitigation as people read it: the catalogue of steps, a step that was taken, and the debrief's section."""

from __future__ import annotations

from labctl.actions.mitigate import Catalogue, Taken
from labctl.base.times import show_clock
from labctl.cli import console
from labctl.cli.layout import Layout
from labctl.play.mitigation_story import Mitigated


def show_catalogue(answer: Catalogue) -> None:
    """Print every step that there is."""
    console.table(
        ("STEP", "WHAT IT DOES", "WHAT IT COSTS", "UNDO"),
        (
            (f"{each.verb} {each.form}", each.does, each.costs, "yes" if each.undone_by else "-")
            for each in answer.steps
        ),
        layout=Layout(spare=("WHAT IT COSTS",), whole=("STEP", "UNDO")),
    )
    console.note("services: " + ", ".join(answer.services))
    if answer.flags:
        console.note("flags: " + ", ".join(f"{each.flag} ({'|'.join(each.variants)})" for each in answer.flags))
    console.note("labctl mitigate undo NUMBER takes a step back; labctl heal all of them, with what was broken")


def show_taken(answer: Taken, option: str) -> None:
    """Print a step that was taken, and what pages now."""
    console.show(f"{answer.number}: {answer.step}, done in {answer.seconds:.1f} s")
    if answer.undo:
        console.note(f"to undo it: {answer.undo}{option}")
    pages = ", ".join(answer.pages) if answer.pages else "nothing"
    console.note(f"paging now: {pages}; an alert looks back twenty seconds (labctl status{option})")


def show_story(story: Mitigated) -> None:
    """Print the debrief's section."""
    console.show("\nWhat you did for the users")
    if story.steps:
        console.table(
            ("AFTER THE PAGE", "STEP", ""),
            (
                (show_clock(each.at_s), f"{each.number}: {each.step}", "undone" if each.undone else "")
                for each in story.steps
            ),
        )
    for remark in story.remarks:
        console.show(f"  {remark}")
    if story.known:
        console.show("\nWhat would have brought the service level back, and what would not")
        rows = ((each.step, "yes" if each.restores else "no", each.why) for each in story.known)
        console.table(("STEP", "HELPS", "WHY"), rows, layout=Layout(whole=("HELPS",)))
