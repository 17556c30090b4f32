from typing import Any

import pytest

from bench.shortcuts.answers import Answer
from bench.shortcuts.methodical import decides, methodical, suspects
from labctl.model.fault import RootCause
from labctl.model.probe import Probe, at_least
from labctl.model.signal import entry, lines, metric, rows, spans
from labctl.model.vocabulary import Component, Mechanism, Trigger
from tests.support.example_fault import CAUSE, QUEUE, example
from tests.support.shortcuts_seen import BROKEN, START, change, curve, seen

ROWS = Probe("blocked", "SELECT 1", at_least(3))
ENTRY = entry(Component.RISK, "DB_POOL_MAX=1", *vars(CAUSE).values())
LINES = lines(Component.PAYMENTS, "failed", Component.RISK)
SPANS = spans(Component.PAYMENTS, "/checkouts", Component.RISK, failed=True)
OURS = example(evidence=(ENTRY, metric(Component.RISK, QUEUE, Component.RISK)))
ELSE = RootCause(Component.ACQUIRER, Trigger.DEPENDENCY_DEGRADATION, Mechanism.SLOW_DEPENDENCY)


def test_what_the_evidence_supports_is_the_answer() -> None:
    assert methodical(seen(), [OURS]) == Answer("risk", "configuration-change", "connection-pool-too-small")


def test_without_two_independent_signals_there_is_no_answer() -> None:
    assert methodical(seen(changes=[]), [OURS]) is None
    (suspect,) = suspects(seen(changes=[]), [OURS])
    assert "no two independent signals decide" in suspect.lacks[0]


def test_a_near_miss_that_nothing_speaks_against_keeps_from_answering() -> None:
    silent = example(evidence=(entry(Component.RISK, "DB_POOL"), metric(Component.RISK, QUEUE)))
    assert methodical(seen(), [silent]) is None


def test_of_several_the_one_with_most_of_its_evidence_counts() -> None:
    lacking = example(id="a-first", root_cause=ELSE, evidence=(*OURS.evidence, LINES))
    silent = seen(lines={LINES.name: []})
    assert [each.fault.id for each in suspects(silent, [lacking, OURS])] == ["example-fault", "a-first"]


def test_of_equal_ones_what_must_not_move_decides() -> None:
    moved = Probe("other: CPU", "other", OURS.must_not_move[0].tolerance)
    strayed = example(id="a-first", root_cause=ELSE, evidence=OURS.evidence, must_not_move=(moved,))
    found = suspects(seen({"other": [curve(1.0, 5.0)]}), [strayed, OURS])
    assert [each.fault.id for each in found] == ["example-fault", "a-first"]


@pytest.mark.parametrize(
    ("figures", "decided"),
    [((10.0, 40.0), True), ((10.0, 11.0), False), ((0.0, 40.0), False)],
)
def test_a_metric_decides_when_it_moves_beyond_its_tolerance(figures: tuple[float, float], *, decided: bool) -> None:
    assert decides(metric(Component.RISK, QUEUE), seen({"queue": [curve(*figures)]})) is decided


def test_a_metric_that_held_before_decides_nothing() -> None:
    always = metric(Component.RISK, Probe("errors", "errors", at_least(0.0)))
    assert not decides(always, seen())


def test_a_metric_without_data_decides_nothing() -> None:
    assert not decides(metric(Component.RISK, QUEUE), seen({"queue": []}))


@pytest.mark.parametrize(
    ("before", "after", "decided"), [(0.0, 3.0, True), (3.0, 3.0, False), (0.0, None, False), (None, 3.0, False)]
)
def test_a_statement_decides_when_its_answer_changed(before: Any, after: Any, *, decided: bool) -> None:
    assert decides(rows(Component.POSTGRES, ROWS), seen(rows={"SELECT 1": (before, after)})) is decided


@pytest.mark.parametrize(
    ("times", "decided"),
    [
        ([BROKEN + 1, BROKEN + 2, BROKEN + 3], True),
        ([BROKEN + 1], False),
        ([START + 1, START + 2, START + 3, BROKEN + 1, BROKEN + 2, BROKEN + 3], False),
    ],
)
def test_lines_and_traces_decide_when_they_are_many_more(times: list[float], *, decided: bool) -> None:
    assert decides(LINES, seen(lines={LINES.name: times})) is decided
    assert decides(SPANS, seen(traces={SPANS.name: times})) is decided


@pytest.mark.parametrize(
    ("when", "component", "decided"),
    [(BROKEN + 1, "risk", True), (START + 1, "risk", False), (START - 100, "risk", False), (BROKEN + 1, "jobs", False)],
)
def test_an_entry_decides_when_it_came_since(when: float, component: str, *, decided: bool) -> None:
    feed = [change("configuration", component, when, "DB_POOL_MAX=3", "DB_POOL_MAX=1")]
    assert decides(ENTRY, seen(changes=feed)) is decided


def test_an_entry_that_only_its_difference_tells_decides() -> None:
    feed = [change("release", "risk", BROKEN + 1, "1.0.0", "1.0.1", diff="+DB_POOL_MAX=1\n")]
    assert decides(ENTRY, seen(changes=feed))
