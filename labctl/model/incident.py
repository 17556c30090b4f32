"""One hidden fault on one lab, from injection to debrief, with its clock. Every step returns a new incident.

injecting ─ page ─> open ─ right answer ───> solved
          └ none ─> void ├ too many wrong ─> locked
                         ├ give up ────────> given-up
                         └ limit ──────────> timed-out
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from labctl.base.boot_clock import Anchor
from labctl.base.errors import LabStateError
from labctl.model.measurement import Curve, Window
from labctl.model.surroundings import NOTHING_AROUND, Surroundings
from labctl.model.verdict import MAX_WRONG, WRONG_PENALTY_S, Answer, Finding


class Status(StrEnum):
    """Where an incident stands."""

    INJECTING = "injecting"
    OPEN = "open"
    SOLVED = "solved"
    LOCKED = "locked"
    GIVEN_UP = "given-up"
    TIMED_OUT = "timed-out"
    VOID = "void"
    """The page never came, or the injection was cut short: nothing to solve."""


ACTIVE = frozenset({Status.INJECTING, Status.OPEN})
ENDED = frozenset({Status.SOLVED, Status.LOCKED, Status.GIVEN_UP, Status.TIMED_OUT})


@dataclass(frozen=True)
class Page:
    """What the on-call engineer got. The alert fired `at`, and its condition began to hold `since` (epoch seconds)."""

    alert: str
    summary: str
    description: str
    at: float
    service: str = ""
    severity: str = ""
    since: float | None = None


@dataclass(frozen=True)
class Attempt:
    """One submission. `evidence` is as it was given, `findings` says what became of each piece.

    `because` is the learner's own reasoning, `how_much` their estimate of the impact: kept, and never graded.
    """

    at: float
    answer: Answer
    evidence: tuple[str, ...]
    findings: tuple[Finding, ...]
    right: bool
    because: str = ""
    how_much: str = ""

    @property
    def counting(self) -> int:
        """How many pieces of evidence count."""
        return sum(each is Finding.COUNTS for each in self.findings)


@dataclass(frozen=True)
class Curves:
    """One probe's curves, kept when the incident ended."""

    healthy: Curve
    broken: Curve


@dataclass(frozen=True)
class Incident:
    """The state of one incident, the hidden fault's id included; times are epoch seconds."""

    id: str
    fault: str
    healthy: Window
    injected_at: float
    status: Status = Status.INJECTING
    page: Page | None = None
    attempts: tuple[Attempt, ...] = ()
    ended_at: float | None = None
    curves: Mapping[str, Curves] = field(default_factory=dict)
    anchor: Anchor | None = None
    """The injection's moment by a clock that nobody can set; None in the record of an older labctl."""
    seed: int | None = None
    """The seed that was given to choose the fault."""
    practice: bool = False
    """Whether the fault, or what the seed chose, had been told before on this machine."""
    hidden: bool = False
    """Whether labctl chose the fault and told nobody which."""
    drawn: Mapping[str, str] = field(default_factory=dict)
    """What varies in the fault, and what was drawn of it: told in the debrief."""
    limit_s: float | None = None
    """Seconds from the page to the end, if nobody ends the incident before; None for no limit."""
    around: Surroundings = NOTHING_AROUND

    def now(self) -> float:
        """Return the present in epoch seconds, by the clock that nobody can set."""
        return self.anchor.now() if self.anchor else time.time()

    @property
    def wrong(self) -> int:
        """How many submissions were not the root cause."""
        return sum(not attempt.right for attempt in self.attempts)

    @property
    def attempts_left(self) -> int:
        """How many more wrong submissions the incident survives."""
        return MAX_WRONG - self.wrong

    @property
    def penalty_s(self) -> float:
        """Seconds that wrong submissions added to the clock."""
        return self.wrong * WRONG_PENALTY_S

    def broken(self, now: float) -> Window:
        """From the injection to the end, or to `now` while the incident is open."""
        return Window(self.injected_at, self.ended_at or now)

    def clock_s(self, now: float) -> float:
        """Seconds since the page, penalties included; stands still once the incident has ended."""
        if self.page is None:
            return 0.0
        return max(0.0, (self.ended_at or now) - self.page.at) + self.penalty_s

    @property
    def break_s(self) -> float | None:
        """Seconds from the beginning of `labctl break` to the page; None before that, or where nobody noted it."""
        began = self.around.began
        return None if self.page is None or began is None else round(self.page.at - began, 1)

    @property
    def deadline(self) -> float | None:
        """When the incident ends by itself, in epoch seconds; None without a limit, or before the page.

        Penalties don't count: they add to the clock, and take nothing of the time that is left.
        """
        return None if self.page is None or self.limit_s is None else self.page.at + self.limit_s

    def left_s(self, now: float) -> float | None:
        """Seconds until the limit, never negative; None without a limit, or when the incident is over."""
        if self.deadline is None or self.status is not Status.OPEN:
            return None
        return max(0.0, self.deadline - now)

    def seen_at(self, now: float) -> Incident:
        """Return the incident as it stands at a moment: one that is open beyond its limit has timed out there."""
        if self.status is Status.OPEN and self.deadline is not None and now > self.deadline:
            return replace(self, status=Status.TIMED_OUT, ended_at=self.deadline)
        return self

    def paged(self, page: Page) -> Incident:
        """Start the clock: the page came."""
        self._require(Status.INJECTING)
        return replace(self, page=page, status=Status.OPEN)

    def void(self, now: float) -> Incident:
        """End an incident that never opened: no page came, or the injection was cut short."""
        self._require(Status.INJECTING)
        return replace(self, status=Status.VOID, ended_at=now)

    def submitted(self, attempt: Attempt) -> Incident:
        """Record a submission; the right one solves the incident, one wrong too many locks it.

        One that was made before the limit counts, even if it is judged after somebody else has noticed the limit.
        """
        if not self.takes(attempt.at):
            self._require(Status.OPEN)
        after = replace(self, attempts=(*self.attempts, attempt))
        if attempt.right:
            return replace(after, status=Status.SOLVED, ended_at=attempt.at)
        if after.attempts_left <= 0:
            return replace(after, status=Status.LOCKED, ended_at=attempt.at)
        return after

    def takes(self, at: float) -> bool:
        """Whether a submission that was made at this moment is still judged."""
        if self.deadline is not None and at > self.deadline:
            return False
        return self.status is Status.OPEN or (self.status is Status.TIMED_OUT and self.deadline is not None)

    def given_up(self, now: float) -> Incident:
        """End the incident without the right answer."""
        self._require(Status.OPEN)
        return replace(self, status=Status.GIVEN_UP, ended_at=now)

    def _require(self, status: Status) -> None:
        if self.status is not status:
            raise LabStateError(
                f"the incident {self.id} is {self.status}",
                expected=f"an incident that is {status}",
                todo="run `labctl debrief` to read about it, `labctl break` for a new one",
            )
