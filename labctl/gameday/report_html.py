"""The report of a game day as one HTML page that needs nothing else: all ways side by side on one clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from labctl.base.text import number_of, visible_lines
from labctl.base.times import iso, show_clock
from labctl.gameday.report import Report, Round, Step, Way

FOLDER = Path(__file__).parent / "pages"
WIDTH = 1000.0
LANES = ("look-up", "hypothesis", "note", "update", "mitigation", "submission")
"""From the top down, in each team's strip."""
LANE_HEIGHT = 9.0
TICKS_S = (30, 60, 120, 300, 600)
MOST_TICKS = 12


@dataclass(frozen=True)
class Dot:
    """One thing that was done, where it is in the strip."""

    x: float
    y: float
    step: Step


@dataclass(frozen=True)
class Strip:
    """One team's way, drawn: its dots, its long stretches as (x, width, words), and where it ended."""

    way: Way
    dots: tuple[Dot, ...]
    gaps: tuple[tuple[float, float, str], ...]
    end_x: float


@dataclass(frozen=True)
class Drawn:
    """One round, drawn on one clock for all teams."""

    round: Round
    strips: tuple[Strip, ...]
    ticks: tuple[tuple[float, str], ...]
    proofs: tuple[tuple[str, tuple[float | None, ...]], ...]
    """Each step of the path back to the cause, and when each of the teams saw it."""
    height: float = LANE_HEIGHT * len(LANES)

    @property
    def told(self) -> tuple[Way, ...]:
        """The ways whose story is told."""
        return tuple(each.way for each in self.strips)


def as_html(report: Report) -> str:
    """Return the page."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, finalize=_shown,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {"clock": show_clock, "utc": iso}
    environment.globals |= {"number_of": number_of}
    return environment.get_template("report.html").render(
        it=report, drawn=[drawn(each) for each in report.rounds], lanes=LANES, lane_height=LANE_HEIGHT
    )


def drawn(played: Round) -> Drawn:
    """Return a round as it is drawn: all ways have the same scale, that of the longest."""
    told = [each for each in played.ways if each.ended_s is not None]
    longest = max([60.0, *(each.ended_s or 0.0 for each in told)])
    strips = tuple(_strip(each, longest) for each in told)
    return Drawn(played, strips, _ticks(longest), _proofs(told))


def _strip(way: Way, longest: float) -> Strip:
    dots = tuple(
        Dot(_x(step.at_s, longest), LANE_HEIGHT * (LANES.index(step.kind) + 0.5), step)
        for step in way.steps
        if step.kind in LANES
    )
    gaps = tuple(
        (
            _x(each.from_s, longest),
            max(1.0, _x(each.seconds, longest)),
            f"{show_clock(each.seconds)} after {each.after}",
        )
        for each in way.stretches
    )
    return Strip(way, dots, gaps, _x(way.ended_s or 0.0, longest))


def _x(seconds: float, longest: float) -> float:
    return round(min(WIDTH, max(0.0, seconds / longest * WIDTH)), 1)


def _ticks(longest: float) -> tuple[tuple[float, str], ...]:
    step = next((each for each in TICKS_S if longest / each <= MOST_TICKS), TICKS_S[-1])
    return tuple((_x(at, longest), show_clock(at)) for at in range(0, int(longest) + 1, step))


def _proofs(told: Sequence[Way]) -> tuple[tuple[str, tuple[float | None, ...]], ...]:
    """Return the path's steps in order. Teams may have shown a component by other figures: each has its own words."""
    longest = max((each.proofs for each in told), key=len, default=())
    return tuple(
        (proof.shows, tuple(each.proofs[at].seen_s if at < len(each.proofs) else None for each in told))
        for at, proof in enumerate(longest)
    )


def _shown(value: object) -> object:
    """Return a text with control and direction-changing characters spelled out; anything else as it is."""
    return visible_lines(value) if isinstance(value, str) and not isinstance(value, Markup) else value
