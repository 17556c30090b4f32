"""What a game day was: every team's way through every incident, and how alike the conditions were.

Moments within an incident are seconds on its clock: they count from the team's own page, and leave pauses out.
"""

from __future__ import annotations

import csv
import io
import json
import statistics
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from labctl.actions.answer import Json, plain
from labctl.base.times import iso
from labctl.gameday.messages import CURVEBALL
from labctl.gameday.model import Message, State, TeamIncident
from labctl.gameday.store import DayStore

SCHEMA = "labctl.gameday-report/1"
LONG_S = 60.0
"""A stretch without anything done that is as long is worth asking about."""
MOST_STRETCHES = 3


@dataclass(frozen=True)
class Step:
    """Something that a team did, or that happened to it."""

    at_s: float
    kind: str
    what: str
    part: str = ""
    """Of a submission right or wrong; of a look-up "on" where it bore on the answer, else "off"."""


@dataclass(frozen=True)
class Stretch:
    """A long time between two things that were done."""

    from_s: float
    to_s: float
    after: str

    @property
    def seconds(self) -> float:
        """How long it was."""
        return self.to_s - self.from_s


@dataclass(frozen=True)
class Proof:
    """One step of the shortest path back to the cause, and when the team first looked at it; None for never."""

    shows: str
    seen_s: float | None


@dataclass(frozen=True)
class Way:
    """One team's way through one round's incident."""

    team: str
    round: int
    lab: str
    incident: str
    state: str
    """ready, starting, paged, paused, void, or how it ended: solved, locked, given-up or timed-out."""
    problem: str = ""
    page_s: float | None = None
    """Seconds from the instructor's start to the page."""
    clock_s: float | None = None
    penalty_s: float | None = None
    wrong: int | None = None
    score: float | None = None
    points: float | None = None
    first_on_s: float | None = None
    """When it first looked at something that bore on the answer."""
    mitigated_s: float | None = None
    look_ups: int = 0
    steps: tuple[Step, ...] = ()
    spent: dict[str, float] = field(default_factory=dict)
    stretches: tuple[Stretch, ...] = ()
    proofs: tuple[Proof, ...] = ()

    @property
    def ended_s(self) -> float | None:
        """Where the clock stood at the end, without penalties."""
        return None if self.clock_s is None else self.clock_s - (self.penalty_s or 0.0)


@dataclass(frozen=True)
class Spread:
    """How long the labs of a round took from the start to their page, in seconds; None without two pages."""

    labs: int
    least_s: float | None
    median_s: float | None
    most_s: float | None

    @property
    def spread_s(self) -> float | None:
        """The most less the least."""
        return None if self.least_s is None or self.most_s is None else round(self.most_s - self.least_s, 1)


@dataclass(frozen=True)
class Round:
    """One round: what it played is told once a team's incident in it is over."""

    number: int
    fault: str
    title: str
    cause: str
    ways: tuple[Way, ...]
    paged: Spread


@dataclass(frozen=True)
class Answered:
    """One answer to a message."""

    team: str
    text: str
    after_s: float


@dataclass(frozen=True)
class Said:
    """A message or a curveball, and what came back."""

    at: float
    to: str
    author: str
    text: str
    wants_answer: bool
    answers: tuple[Answered, ...]


@dataclass(frozen=True)
class Report:
    """The whole day; `ranks` are the teams by points."""

    title: str
    made_at: float
    ranks: tuple[tuple[str, float], ...]
    rounds: tuple[Round, ...]
    said: tuple[Said, ...]


def make(store: DayStore, title: str) -> Report:
    """Return the report of a day as far as it is."""
    found = store.incidents.all()
    teams = [each.name for each in store.labs.teams()]
    numbers = sorted({each.round for each in found})
    rounds = tuple(_round(store, number, [each for each in found if each.round == number]) for number in numbers)
    points = {
        team: sum(way.points or 0.0 for each in rounds for way in each.ways if way.team == team) for team in teams
    }
    ranks = tuple(sorted(((team, round(worth, 1)) for team, worth in points.items()), key=lambda each: -each[1]))
    return Report(title, time.time(), ranks, rounds, tuple(map(_said, store.messages.all())))


def worth(store: DayStore, each: TeamIncident) -> float | None:
    """Return the points of an incident that is over and counts; None for another, and where its lab could not tell."""
    told = _told(store, each)
    return None if told is None else float(told["points"])


def _round(store: DayStore, number: int, found: Sequence[TeamIncident]) -> Round:
    told = [(each, _told(store, each)) for each in found]
    ways = tuple(_way(each, story) for each, story in told)
    first = next((story for _, story in told if story), None)
    return Round(
        number,
        first["fault"] if first else "",
        first["title"] if first else "",
        _cause(first["root_cause"]) if first else "",
        ways,
        _spread([each.page_s for each in ways if each.page_s is not None and each.state != State.VOID]),
    )


def _told(store: DayStore, each: TeamIncident) -> Json | None:
    """Return the debrief that was kept of an incident; what has none is shown by what the hub knows of it."""
    kept = store.incidents.result(each.id) if each.state is State.ENDED else None
    found: Json | None = kept["debrief"] if kept else None
    return found


def _way(each: TeamIncident, told: Json | None) -> Way:
    paged = None if each.paged_at is None or each.asked_at is None else round(each.paged_at - each.asked_at, 1)
    state = told["status"] if told else str(each.state)
    way = Way(each.team, each.round, each.lab, each.incident, state, each.problem, paged)
    if told is None:
        return way
    steps, ended_s = tuple(_steps(told)), told["clock_s"] - told["penalty_s"]
    return replace(
        way,
        clock_s=told["clock_s"],
        penalty_s=told["penalty_s"],
        wrong=len(told["wrong"]),
        score=told["score"]["total"],
        points=told["points"],
        first_on_s=min((step.at_s for step in steps if step.part == "on"), default=None),
        mitigated_s=told["mitigated"]["time_to_mitigate_s"],
        look_ups=len(told["looked_at"]),
        steps=steps,
        spent=spent(steps, ended_s),
        stretches=stretches(steps, ended_s),
        proofs=tuple(Proof(each["shows"], each["seen_at_s"]) for each in told["path"]),
    )


def _steps(told: Json) -> list[Step]:
    """Return what a team did, in order, on its clock."""
    found = [
        *(
            Step(
                each["at_s"],
                "look-up",
                f"{each['command']} {each['asked']}".strip(),
                "on" if each["bears_on"] else "off",
            )
            for each in told["looked_at"]
        ),
        *(Step(each["at_s"], "hypothesis", each["text"], each["state"]) for each in told["hypotheses"]),
        *(Step(each["at_s"], "note", each["text"]) for each in told["notes"]),
        *(Step(each["at_s"], "update", each["text"] or "") for each in told["updates"] if each["at_s"] is not None),
        *(
            Step(each["at_s"], "mitigation", each["step"], "undone" if each["undone"] else "")
            for each in told["mitigated"]["steps"]
        ),
        *(Step(each["at_s"], "submission", _cause(each), "wrong") for each in told["wrong"]),
    ]
    if told["status"] == "solved":
        ended_s = told["clock_s"] - told["penalty_s"]
        found.append(Step(ended_s, "submission", _cause(told["submissions"][-1]), "right"))
    return sorted((replace(each, at_s=round(each.at_s, 1)) for each in found), key=lambda each: each.at_s)


def _cause(each: Json) -> str:
    return f"{each['component']} / {each['trigger']} / {each['mechanism']}"


def spent(steps: Sequence[Step], ended_s: float) -> dict[str, float]:
    """Return the seconds until the end by what they were spent on: each thing has the time until the next one."""
    marks = [(0.0, "before the first step"), *((step.at_s, _kind(step)) for step in steps)]
    ends = [at for at, _ in marks[1:]] + [ended_s]
    found: dict[str, float] = {}
    for (at, what), end in zip(marks, ends, strict=True):
        found[what] = round(found.get(what, 0.0) + max(0.0, end - at), 1)
    return {what: seconds for what, seconds in found.items() if seconds}


def _kind(step: Step) -> str:
    """Return what a step is called where time is counted: a look-up by its command."""
    return step.what.split(" ", 1)[0] if step.kind == "look-up" else step.kind


def stretches(steps: Sequence[Step], ended_s: float) -> tuple[Stretch, ...]:
    """Return the longest times between two things that were done, the longest first."""
    marks = [(0.0, "the page"), *((step.at_s, f"{step.kind}: {step.what}") for step in steps)]
    ends = [at for at, _ in marks[1:]] + [ended_s]
    found = [Stretch(at, end, after) for (at, after), end in zip(marks, ends, strict=True) if end - at >= LONG_S]
    return tuple(sorted(found, key=lambda each: -each.seconds)[:MOST_STRETCHES])


def _spread(seconds: Sequence[float]) -> Spread:
    if len(seconds) < 2:
        return Spread(len(seconds), None, None, None)
    return Spread(len(seconds), min(seconds), round(statistics.median(seconds), 1), max(seconds))


def _said(each: Message) -> Said:
    answers = tuple(Answered(team, text, round(at - each.at, 1)) for team, text, at in each.answers)
    return Said(each.at, each.team or "all teams", each.author, each.text, each.kind == CURVEBALL, answers)


def as_json(report: Report) -> str:
    """Return the report as a JSON document."""
    return json.dumps({"schema": SCHEMA, **plain(report), "made_at": iso(report.made_at)}, indent=1) + "\n"


_COLUMNS = ("round", "team", "lab", "incident", "state", "page_s", "clock_s", "penalty_s", "wrong", "score", "points",
            "first_on_s", "mitigated_s", "look_ups")  # fmt: skip


def as_csv(report: Report) -> str:
    """Return a row for each team in each round."""
    rows = ([getattr(way, name) for name in _COLUMNS] for each in report.rounds for way in each.ways)
    return _written(_COLUMNS, rows)


def ways_as_csv(report: Report) -> str:
    """Return a row for each thing that a team did, on its clock."""
    head = ("round", "team", "at_s", "kind", "what", "part")
    rows = (
        (each.number, way.team, step.at_s, step.kind, step.what, step.part)
        for each in report.rounds
        for way in each.ways
        for step in way.steps
    )
    return _written(head, rows)


def _written(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(head)
    table.writerows([_cell(each) for each in row] for row in rows)
    return text.getvalue()


def _cell(value: object) -> object:
    """Return a value as a spreadsheet may have it: one that runs formulas takes no text for one."""
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
