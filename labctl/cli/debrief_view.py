"""The debrief as people read it."""

from __future__ import annotations

from rich.text import Text

from labctl.actions.debrief import Debrief
from labctl.actions.debrief_words import decoy, difficulty, first_look, fogged, lead, seen, signed, told_draw
from labctl.base.times import show_clock
from labctl.base.units import number
from labctl.cli import console, logbook_view, mitigation_view
from labctl.cli.layout import Layout
from labctl.cli.sparkline import sparkline
from labctl.model.verdict import EVIDENCE_POINTS, IMPACT_POINTS, ROOT_CAUSE_POINTS
from labctl.play.around_story import AroundStory
from labctl.play.debrief import MeasuredLink

PRACTICE = "practice: this machine had told the answer before"


def show(debrief: Debrief) -> None:
    """Print the debrief."""
    cause, score = debrief.root_cause, debrief.score
    console.show(f"{debrief.title} ({debrief.fault}): {debrief.status}\n")
    console.show(debrief.story + "\n")
    console.facts(
        {
            "root cause": f"{cause.component} / {cause.trigger} / {cause.mechanism}",
            "impact": ", ".join(debrief.impact),
            **({"this time": told_draw(debrief.drawn)} if debrief.drawn else {}),
            "clock": f"{show_clock(debrief.clock_s)}, {show_clock(debrief.penalty_s)} of it for wrong answers",
            "score": f"{score.total:g} of 100: root cause {score.root_cause:g} of {ROOT_CAUSE_POINTS:g}, "
            f"impact {score.impact:g} of {IMPACT_POINTS:g}, evidence {score.evidence:g} of {EVIDENCE_POINTS:g}, "
            f"less {score.lost:g} for wrong answers" + (f"; {PRACTICE}" if debrief.practice else ""),
            "difficulty": difficulty(debrief.around.difficulty, debrief.around.fog),
            "points": f"{debrief.points:g}, the score by difficulty",
        }
    )
    for doubt in debrief.doubts:
        console.show(f"NOT TO BE TRUSTED: {doubt}")
    _show_chain(debrief)
    _show_around(debrief.around)
    _show_answers(debrief)
    _show_written(debrief)
    mitigation_view.show_story(debrief.mitigated)
    _show_looks(debrief)
    _show_path(debrief)
    _show_timeline(debrief)


def _show_chain(debrief: Debrief) -> None:
    console.show("\nThe causal chain, seconds after the change")
    console.table(
        ("AFTER", "WHERE", "WHAT HAPPENED", "MEASURED", "HEALTHY", "BROKEN", "CURVE"),
        map(_row, debrief.chain),
        layout=Layout(spare=("CURVE", "MEASURED"), whole=("AFTER", "WHERE", "HEALTHY", "CURVE"), broken_at=20),
    )
    if sign := debrief.first_sign:
        console.show(f"\nThe earliest abnormal signal was {sign.probe}, {lead(sign)}; {first_look(sign)}.")


def _row(link: MeasuredLink) -> tuple[str | None, ...]:
    after = "not seen" if link.onset_s is None else f"{link.onset_s:.0f} s"
    while_it_lasted = "" if link.lasted_s is None else f" for {link.lasted_s:.0f} s"
    figures = number(link.baseline, link.unit), number(link.value, link.unit) + while_it_lasted
    return after, link.component, link.claim, link.probe, *figures, sparkline(link.curve, 30)


def _show_around(around: AroundStory) -> None:
    """Print what the fog hid, of the fault's own signals too, and which change was a decoy."""
    if around.hid:
        console.show(f"\n{fogged(around)}")
        rows = ((each.signal, each.kind, each.how or "as ever") for each in around.evidence)
        console.table(("THE FAULT'S SIGNALS", "KIND", "IN THAT FOG"), rows)
    if around.decoy:
        console.show(f"\n{decoy(around.decoy)}")


def _show_answers(debrief: Debrief) -> None:
    pieces = [(piece.evidence, piece.finding) for each in debrief.submissions if each.right for piece in each.evidence]
    if debrief.wrong:
        console.show("\nWhat you submitted first, and why it is not the root cause")
        console.table(
            ("AFTER THE PAGE", "ANSWER", "WHY NOT"),
            (
                (show_clock(each.at_s), f"{each.component} / {each.trigger} / {each.mechanism}", each.why)
                for each in debrief.wrong
            ),
        )
    _show_estimate(debrief)
    if pieces:
        console.show("\nYour evidence, looked up again before and after the change")
        console.table(("EVIDENCE", "VERDICT"), pieces)


def _show_estimate(debrief: Debrief) -> None:
    """Print how far the last estimate of the impact's extent was right."""
    said = [each for each in debrief.submissions if each.how_much]
    if said:
        felt, holds = debrief.chain[-1], said[-1].how_much_holds
        verdict = "not to be compared" if holds is None else "right" if holds else "wrong"
        measured = f"{felt.probe}: {number(felt.value, felt.unit)}"
        console.show(f"\nHow much: you said {said[-1].how_much}, measured was {measured} ({verdict}; not graded)")


def _show_looks(debrief: Debrief) -> None:
    if debrief.looked_at:
        console.show("\nWhat you looked at")
        rows = (
            (f"#{each.number}", show_clock(each.at_s), each.command, each.asked, ", ".join(each.bears_on) or None)
            for each in debrief.looked_at
        )
        columns = ("", "AFTER THE PAGE", "COMMAND", "ASKED", "SHOWED OF THE ANSWER")
        console.table(columns, rows, layout=Layout(spare=("ASKED",), whole=("", "COMMAND")))


def _show_path(debrief: Debrief) -> None:
    if debrief.path:
        console.show("\nThe shortest path of evidence, from the page back to the cause")
        for number, each in enumerate(debrief.path, start=1):
            console.show(f"{number}. {each.shows} ({seen(each)})")
            console.lines([Text(f"   {each.command}")])  # whole, to be copied


def _show_timeline(debrief: Debrief) -> None:
    if debrief.timeline:
        console.show("\nThe whole story, from an hour before")
        rows = (
            (signed(each.at_s), each.kind, each.where or None, each.what, each.part or None)
            for each in debrief.timeline
        )
        columns = ("AFTER THE PAGE", "KIND", "WHERE", "WHAT", "PART")
        console.table(columns, rows, layout=Layout(spare=("KIND",), whole=("WHERE", "PART")))


def _show_written(debrief: Debrief) -> None:
    if debrief.updates:
        console.show("\nStatus updates")
        logbook_view.show_updates(debrief.updates)
    if debrief.hypotheses:
        console.show("\nWhat you supposed")
        logbook_view.show_hypotheses(debrief.hypotheses)
    if debrief.notes:
        console.show("\nYour notes")
        logbook_view.show_notes(debrief.notes)
