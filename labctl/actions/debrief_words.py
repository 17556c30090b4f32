"""Words that every form of the debrief uses: on the terminal, as Markdown, as a page."""

from __future__ import annotations

from collections.abc import Mapping

from labctl.base.times import show_clock
from labctl.model.points import Difficulty
from labctl.play.around_story import AroundStory, Decoy
from labctl.play.trail import FirstSign, Proof


def signed(seconds: float) -> str:
    """Return a span that counts from the page: 38 s, -5m 30s."""
    return f"-{show_clock(-seconds)}" if round(seconds) < 0 else show_clock(seconds)


def lead(sign: FirstSign) -> str:
    """Return how long before the page, or after it, a signal showed."""
    if round(sign.before_page_s) < 0:
        return f"{show_clock(-sign.before_page_s)} after the page"
    return f"{show_clock(sign.before_page_s)} before the page"


def first_look(sign: FirstSign) -> str:
    """Return when the earliest abnormal signal was first looked at."""
    if sign.seen_by is None or sign.seen_at_s is None:
        return "you never looked at it"
    return f"you first looked at it {show_clock(sign.seen_at_s)} after the page, with look-up #{sign.seen_by}"


def seen(proof: Proof) -> str:
    """Return whether and when one's own look-up showed a step of the path."""
    if proof.seen_by is None or proof.seen_at_s is None:
        return "not looked at"
    return f"#{proof.seen_by}, after {show_clock(proof.seen_at_s)}"


def difficulty(found: Difficulty, fog: str) -> str:
    """Return how difficult an incident was, and why: 3.75 (3 of the fault's own, 0.5 for hazy telemetry, …)."""
    parts = [f"{found.fault} of the fault's own"]
    parts += [f"{found.fog:g} for {fog} telemetry"] if found.fog else []
    parts += [f"{found.changes:g} for harmless changes near it"] if found.changes else []
    return f"{found.total:g} ({', '.join(parts)})"


def fogged(around: AroundStory) -> str:
    """Return what the fog hid, as a sentence; empty where telemetry was clear."""
    return f"In {around.fog} telemetry, {'; '.join(around.hid)}." if around.hid else ""


def decoy(laid: Decoy) -> str:
    """Return what the other half of a pair was, as a sentence."""
    made = f"{laid.component}: {laid.title} (by {laid.author}, {show_clock(laid.before_page_s)} before the page)"
    return f"{made} was a decoy: it showed on {laid.shows}'s dashboards, and did no harm."


def told_draw(drawn: Mapping[str, str]) -> str:
    """Return what varies from incident to incident, as it was in this one."""
    return "; ".join(f"{what}: {value}" for what, value in drawn.items())
