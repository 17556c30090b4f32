"""A query plan as a tree with its figures: what EXPLAIN (FORMAT JSON) says, and what follows from it by arithmetic.

Nothing here judges a plan: it says costs, times, rows, and how far these are from what was planned.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from labctl.lookups.plan_facts import facts_of, number, text, title_of
from labctl.lookups.plan_shares import Weight, shares

MOST_NODES = 1000
MOST_DEPTH = 150
COSTLY = 0.25
"""A node with such a share of the whole is marked."""
FAR_OFF = 10.0
"""So many times more rows than planned, or fewer, are marked."""
FEW_ROWS = 100
"""Below so many rows, planned and actual, nothing is far off."""
COLUMN = "QUERY PLAN"
_NEEDS_ALL = frozenset({"Sort", "Aggregate", "Hash", "SetOp"})
"""What reads all rows below it before it gives the first."""
_REMOVED = ("Rows Removed by Filter", "Rows Removed by Join Filter", "Rows Removed by Index Recheck")


class NoPlanError(ValueError):
    """A document that is no plan, or one too large to draw; the message says which."""


@dataclass(frozen=True)
class Node:
    """One step of a plan; rows and times are those of all its loops together."""

    title: str
    relationship: str
    """How it serves the step above, where that is special: InitPlan, SubPlan and their names."""
    depth: int
    cost: float
    """The planner's whole estimate of it, those below included."""
    planned_rows: float
    """Of one loop."""
    rows: float | None
    """That it gave; None where the statement did not run, or did not get to it."""
    loops: float
    ms: float | None
    """With those below."""
    own_ms: float | None
    removed: float
    """Rows that its filters removed."""
    may_stop_early: bool
    """Whether it is asked for no more rows than a LIMIT above it needs, so that fewer rows than planned say nothing."""
    share: float
    """Its own part of the whole, from 0 to 1: of the time where it was measured, else of the cost."""
    facts: tuple[tuple[str, str], ...]

    @property
    def is_costly(self) -> bool:
        """Whether much of the whole is its own."""
        return self.share >= COSTLY

    @property
    def never_ran(self) -> bool:
        """Whether the statement ran without needing it."""
        return self.ms is not None and self.loops == 0

    @property
    def off(self) -> float | None:
        """How many times more rows came than were planned, or fewer (below 1), where that is far off."""
        if self.rows is None or not self.loops:
            return None
        planned = max(self.planned_rows * self.loops, 1.0)
        actual = max(self.rows, 1.0)
        if max(planned, actual) < FEW_ROWS or 1 / FAR_OFF < actual / planned < FAR_OFF:
            return None
        if self.may_stop_early and actual < planned:
            return None
        return actual / planned


@dataclass(frozen=True)
class Plan:
    """A plan, its nodes from the top down, each before those that serve it."""

    nodes: tuple[Node, ...]
    measured: bool
    """Whether the statement ran, so that rows and times are what they were."""
    planning_ms: float | None
    execution_ms: float | None


def parse(document: object) -> Plan:
    """Return the plan in a parsed answer of EXPLAIN (FORMAT JSON). Raises NoPlanError."""
    top = document[0] if isinstance(document, list) and len(document) == 1 else document
    root = top.get("Plan") if isinstance(top, Mapping) else None
    if not isinstance(top, Mapping) or not isinstance(root, Mapping) or not text(root, "Node Type"):
        raise NoPlanError("the answer is no plan in JSON")
    found = list(_walk(root))
    measured = number(root, "Actual Loops") is not None
    parts = shares([_weight(each, depth) for each, depth in found], measured=measured)
    early = _may_stop_early(found)
    made = zip(found, parts, early, strict=True)
    nodes = tuple(_node(each, depth, part, stops) for (each, depth), part, stops in made)
    return Plan(nodes, measured, number(top, "Planning Time"), number(top, "Execution Time"))


def _walk(root: Mapping[str, object]) -> Iterator[tuple[Mapping[str, object], int]]:
    """Yield every step with its depth, from the top down; without recursion, since somebody may have made it up."""
    waiting, count = [(root, 0)], 0
    while waiting:
        step, depth = waiting.pop()
        count += 1
        if depth > MOST_DEPTH or count > MOST_NODES:
            raise NoPlanError(f"the plan is too large to draw: more than {MOST_NODES} steps, or {MOST_DEPTH} levels")
        yield step, depth
        below = step.get("Plans")
        served = [each for each in below if isinstance(each, Mapping)] if isinstance(below, list) else []
        waiting.extend((each, depth + 1) for each in reversed(served))


def _may_stop_early(found: Sequence[tuple[Mapping[str, object], int]]) -> list[bool]:
    """Return for each step whether a LIMIT above it may end it, unless one in between needs all its rows at once."""
    told: list[bool] = []
    path: list[bool] = []
    for step, depth in found:
        del path[depth:]
        told.append(path[-1] if path else False)
        kind = text(step, "Node Type")
        needs_all = kind in _NEEDS_ALL and text(step, "Strategy") != "Sorted"
        path.append(kind == "Limit" or (told[-1] and not needs_all))
    return told


def _weight(step: Mapping[str, object], depth: int) -> Weight:
    loops = number(step, "Actual Loops") or 0.0
    ms = number(step, "Actual Total Time")
    return Weight(
        depth,
        text(step, "Parent Relationship"),
        cost=number(step, "Total Cost") or 0.0,
        rows=number(step, "Plan Rows") or 0.0,
        keeps_rows=text(step, "Node Type") in ("Materialize", "Memoize"),
        ms=None if ms is None else ms * loops,
        makes=name.removeprefix("CTE ") if (name := text(step, "Subplan Name")).startswith("CTE ") else "",
        reads=text(step, "CTE Name"),
    )


def _node(step: Mapping[str, object], depth: int, part: tuple[float, float], stops: bool) -> Node:
    loops = number(step, "Actual Loops")
    rows, ms = number(step, "Actual Rows"), number(step, "Actual Total Time")
    name = text(step, "Subplan Name")
    relationship = text(step, "Parent Relationship")
    return Node(
        title_of(step),
        (name or relationship) if relationship in ("InitPlan", "SubPlan") else "",
        depth,
        number(step, "Total Cost") or 0.0,
        number(step, "Plan Rows") or 0.0,
        None if rows is None or not loops else rows * loops,
        loops or 0.0,
        None if ms is None else ms * (loops or 0.0),
        None if ms is None else part[0],
        sum(number(step, each) or 0.0 for each in _REMOVED) * (loops or 0.0),
        stops,
        part[1],
        tuple(facts_of(step)),
    )
