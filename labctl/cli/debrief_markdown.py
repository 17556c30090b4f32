"""The debrief as Markdown: the same story as on the terminal, in tables that a review can quote."""

from __future__ import annotations

from collections.abc import Iterator

from labctl.actions.debrief import Debrief
from labctl.actions.debrief_words import decoy, difficulty, first_look, fogged, lead, seen, signed, told_draw
from labctl.base.markdown import code, plain
from labctl.base.tables import table
from labctl.base.times import show_clock
from labctl.base.units import number
from labctl.cli.sparkline import sparkline


def text(debrief: Debrief) -> str:
    """Return the debrief; its sections are of the third level, so that it can follow a postmortem."""
    return "\n\n".join(each for part in _PARTS for each in part(debrief)) + "\n"


def _head(debrief: Debrief) -> Iterator[str]:
    cause, score = debrief.root_cause, debrief.score
    yield f"# Debrief of {debrief.incident}: {plain(debrief.title)}"
    yield from (f"**Not to be trusted:** {plain(doubt)}" for doubt in debrief.doubts)
    yield plain(f"{debrief.fault}: {debrief.status}, {cause.component} / {cause.trigger} / {cause.mechanism}.")
    if debrief.drawn:
        yield plain(f"This time: {told_draw(debrief.drawn)}.")
    yield f"{show_clock(debrief.clock_s)} on the clock, {score.total:g} of 100 points."
    yield f"Difficulty {difficulty(debrief.around.difficulty, debrief.around.fog)}: worth {debrief.points:g} points."


def _around(debrief: Debrief) -> Iterator[str]:
    around = debrief.around
    if around.hid:
        yield "### What the fog hid"
        yield plain(fogged(around))
        rows = ((plain(each.signal), each.kind, plain(each.how or "as ever")) for each in around.evidence)
        yield table(("The fault's signals", "Kind", "In that fog"), rows)
    if around.decoy:
        yield plain(decoy(around.decoy))


def _chain(debrief: Debrief) -> Iterator[str]:
    yield "### The causal chain, as measured"
    rows = (
        (
            "not seen" if each.onset_s is None else f"{each.onset_s:.0f} s",
            plain(f"{each.component}: {each.claim}"),
            plain(each.probe),
            number(each.baseline, each.unit),
            number(each.value, each.unit),
            sparkline(each.curve, 24),
        )
        for each in debrief.chain
    )
    yield table(("After the change", "What happened", "Measured", "Healthy", "Broken", "Curve"), rows)
    if sign := debrief.first_sign:
        yield f"The earliest abnormal signal was {plain(sign.probe)}, {lead(sign)}; {first_look(sign)}."


def _path(debrief: Debrief) -> Iterator[str]:
    yield "### The shortest path of evidence"
    yield table(
        ("What shows", "Look-up", "Yours"),
        ((plain(each.shows), code(each.command), seen(each)) for each in debrief.path),
    )
    if debrief.looked_at:
        yield "### Your look-ups"
        rows = (
            (
                f"#{each.number}",
                signed(each.at_s),
                code(f"{each.command} {each.asked}"),
                plain(", ".join(each.bears_on)),
            )
            for each in debrief.looked_at
        )
        yield table(("", "After the page", "Look-up", "What it showed of the answer"), rows)


def _timeline(debrief: Debrief) -> Iterator[str]:
    yield "### The timeline"
    rows = (
        (signed(each.at_s), str(each.kind), plain(f"{each.where}: {each.what}" if each.where else each.what), each.part)
        for each in debrief.timeline
    )
    yield table(("After the page", "Kind", "What", "Part"), rows)


def _answers(debrief: Debrief) -> Iterator[str]:
    if debrief.wrong:
        yield "### Why the answers before were wrong"
        rows = (
            (show_clock(each.at_s), f"{each.component} / {each.trigger} / {each.mechanism}", plain(each.why))
            for each in debrief.wrong
        )
        yield table(("After the page", "Answer", "Why not"), rows)
    pieces = [piece for each in debrief.submissions if each.right for piece in each.evidence]
    if pieces:
        yield "### The evidence, looked up again"
        yield table(("Evidence", "Verdict"), ((code(each.evidence), each.finding) for each in pieces))


def _mitigated(debrief: Debrief) -> Iterator[str]:
    told = debrief.mitigated
    if told.steps or told.known:
        yield "### For the users"
    if told.steps:
        rows = (
            (signed(each.at_s), code(each.step), plain(each.evidence_lost), "undone" if each.undone else "")
            for each in told.steps
        )
        yield table(("After the page", "Step", "What it destroyed", "State"), rows)
    yield from (plain(f"{each[:1].upper()}{each[1:]}.") for each in told.remarks)
    if told.known:
        known = ((code(each.step), "yes" if each.restores else "no", plain(each.why)) for each in told.known)
        yield table(("Step", "Restores the service level", "Why"), known)


_PARTS = (_head, _chain, _around, _path, _timeline, _answers, _mitigated)
