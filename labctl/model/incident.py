"""One hidden fault on one lab, from injection to debrief, with its clock. Every step returns a new incident.

injecting ─ page ─> open ─ right answer ───> solved
          └ none ─> void ├ too many wrong ─> locked
                         ├ give up ────────> given-up
                         └ limit ──────────> timed-out

An instructor may pause the clock of an open incident, extend its limit, end it as the limit would, and void any.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from labctl.base.boot_clock import Anchor
from labctl.base.errors import LabStateError
from labctl.model import pauses as stretches
from labctl.model.measurement import Curve, Window
from labctl.model.pauses import Pause
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
    """Nothing that counts: the page never came, the injection was cut short, or an instructor voided it."""


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
    pauses: tuple[Pause, ...] = ()
    voided_from: Status | None = None
    """Where an incident stood that an instructor voided."""

    def now(self) -> float:
        """Return the present in epoch seconds, by the clock that nobody can set; never before the last pause's ends.

        After another start of the machine there is only the wall clock to go by, and somebody may have set it.
        """
        known = [moment for each in self.pauses[-1:] for moment in (each.began, each.ended) if moment is not None]
        return max([self.anchor.now() if self.anchor else time.time(), *known])

    @property
    def paused(self) -> bool:
        """Whether the clock stands still now."""
        return self.status is Status.OPEN and stretches.lasting(self.pauses) is not None

    @property
    def told(self) -> bool:
        """Whether its answer has been told: it is over, or was when it was voided."""
        return self.status in ENDED or self.voided_from in ENDED

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
        """Seconds since the page without the pauses, penalties included; stands still once the incident has ended."""
        if self.page is None:
            return 0.0
        return max(0.0, self.elapsed_s(self.ended_at or now)) + self.penalty_s

    def elapsed_s(self, at: float) -> float:
        """Seconds from the page to a moment, without the pauses and without penalties; negative before the page."""
        if self.page is None or at < self.page.at:
            return at - (self.page.at if self.page else self.injected_at)
        return stretches.ran_s(self.pauses, self.page.at, at)

    def when(self, elapsed_s: float) -> float | None:
        """Return the moment at which so many seconds have elapsed; None without a page, and while the clock stands."""
        return stretches.reached(self.pauses, self.page.at, elapsed_s) if self.page else None

    @property
    def break_s(self) -> float | None:
        """Seconds from the beginning of `labctl break` to the page; None before that, or where nobody noted it."""
        began = self.around.began
        return None if self.page is None or began is None else round(self.page.at - began, 1)

    @property
    def deadline(self) -> float | None:
        """When the incident ends by itself, in epoch seconds; None without a limit, before the page, and while paused.

        Penalties don't count: they add to the clock, and take nothing of the time that is left.
        """
        return None if self.limit_s is None else self.when(self.limit_s)

    def left_s(self, now: float) -> float | None:
        """Seconds on the clock until the limit, never negative; None without a limit, or when the incident is over."""
        if self.page is None or self.limit_s is None or self.status is not Status.OPEN:
            return None
        return max(0.0, self.limit_s - self.elapsed_s(now))

    def seen_at(self, now: float) -> Incident:
        """Return the incident as it stands at a moment: one that is open beyond its limit has timed out there."""
        if self.status is Status.OPEN and self.deadline is not None and now > self.deadline:
            return self._over(Status.TIMED_OUT, self.deadline)
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
            self.require_running(attempt.at)
        after = replace(self, attempts=(*self.attempts, attempt))
        if attempt.right:
            return after._over(Status.SOLVED, attempt.at)
        if after.attempts_left <= 0:
            return after._over(Status.LOCKED, attempt.at)
        return after

    def takes(self, at: float) -> bool:
        """Whether a submission that was made at this moment is still judged: none that was made during a pause is."""
        if self.stood_still(at):
            return False
        if self.status is Status.TIMED_OUT:
            return self.ended_at is not None and at <= self.ended_at
        return self.status is Status.OPEN and (self.deadline is None or at <= self.deadline)

    def stood_still(self, at: float) -> bool:
        """Whether the clock was paused at a moment."""
        return stretches.covers(self.pauses, at)

    def require_running(self, at: float) -> None:
        """Raise LabStateError when the clock stood still at a moment."""
        if self.stood_still(at):
            raise LabStateError(
                f"the clock of {self.id} is paused, and no answer is taken while it stands still",
                expected="a clock that runs",
                todo="keep the answer, and submit it when the clock runs on: the pause costs no time",
            )

    def given_up(self, now: float) -> Incident:
        """End the incident without the right answer."""
        self._require(Status.OPEN)
        return self._over(Status.GIVEN_UP, now)

    def pause(self, now: float) -> Incident:
        """Let the clock stand still. Raises LabStateError when it does, or when the incident is not open."""
        self._require(Status.OPEN)
        if self.paused:
            raise LabStateError(f"the clock of {self.id} stands still already", expected="a clock that runs")
        # Who pauses may have waited for the lab meanwhile, and an answer been judged that was given later.
        judged = [each.at for each in self.attempts[-1:]]
        return replace(self, pauses=stretches.begun(self.pauses, max([now, *judged])))

    def resume(self, now: float) -> Incident:
        """Let the clock run on. Raises LabStateError when it runs."""
        self._require(Status.OPEN)
        if not self.paused:
            raise LabStateError(f"the clock of {self.id} runs", expected="one that was paused")
        return replace(self, pauses=stretches.resumed(self.pauses, now))

    def extended(self, by_s: float) -> Incident:
        """Move the limit. Raises LabStateError without one, or when the incident is not open."""
        self._require(Status.OPEN)
        if self.limit_s is None:
            raise LabStateError(f"{self.id} has no limit", expected="an incident with a limit to extend")
        return replace(self, limit_s=self.limit_s + by_s)

    def cut_short(self, now: float) -> Incident:
        """End the incident now, as its limit would have."""
        self._require(Status.OPEN)
        return self._over(Status.TIMED_OUT, now)

    def voided(self, now: float) -> Incident:
        """Let nothing of an incident count that has been paged, open or over."""
        if self.page is None or self.status is Status.VOID:
            self._require(Status.OPEN)
        return replace(self._over(Status.VOID, self.ended_at or now), voided_from=self.status)

    def _over(self, status: Status, at: float) -> Incident:
        return replace(self, status=status, ended_at=at, pauses=stretches.ended(self.pauses, at))

    def _require(self, status: Status) -> None:
        if self.status is not status:
            raise LabStateError(
                f"the incident {self.id} is {self.status}",
                expected=f"an incident that is {status}",
                todo="run `labctl debrief` to read about it, `labctl break` for a new one",
            )
