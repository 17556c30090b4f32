from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.health import alert_rules
from labctl.health.alert_levels import closest_now, levels, paging, sustained
from labctl.model.measurement import Window
from labctl.model.samples import Series
from tests.support.alerting_rules import RuleMetrics, flat, make_rule

NOW = Window(100.0, 103.0)
NOTHING: frozenset[tuple[str, str]] = frozenset()


def level(metrics: RuleMetrics, expr: str, *, by_count: bool = False) -> dict[frozenset[tuple[str, str]], object]:
    return dict(levels(metrics, make_rule(expr), NOW, by_count=by_count))


@pytest.fixture
def metrics() -> RuleMetrics:
    return RuleMetrics()


def test_a_level_is_the_value_in_units_of_the_threshold_at_every_second(metrics: RuleMetrics) -> None:
    metrics.put("(x{}) / (4)", {100.0: 0.5, 101.0: 2.0})
    assert level(metrics, "x > 4") == {NOTHING: {100.0: 0.5, 101.0: 2.0}}


def test_whole_seconds_around_the_window_are_asked_for(metrics: RuleMetrics) -> None:
    levels(metrics, make_rule("x > 4"), Window(100.4, 102.6))
    assert metrics.ranges == [(100, 103, 1.0)]


def test_of_several_comparisons_the_one_that_is_furthest_off_counts(metrics: RuleMetrics) -> None:
    metrics.put("(x{}) / (4)", {100.0: 3.0, 101.0: 0.2})
    metrics.put("(y{}) / (5)", {100.0: 0.5, 101.0: 0.9})
    assert level(metrics, "x > 4 and y > 5") == {NOTHING: {100.0: 0.5, 101.0: 0.2}}


def test_of_several_branches_the_closest_counts(metrics: RuleMetrics) -> None:
    metrics.put("(x{}) / (4)", {100.0: 3.0, 101.0: 0.2})
    metrics.put("(y{}) / (5)", {101.0: 0.9, 102.0: 0.1})
    assert level(metrics, "x > 4 or y > 5") == {NOTHING: {100.0: 3.0, 101.0: 0.9, 102.0: 0.1}}


def test_what_is_known_of_one_comparison_alone_is_no_level(metrics: RuleMetrics) -> None:
    metrics.put("(x{}) / (4)", flat(3.0, 100, 103))
    assert level(metrics, "x > 4 and y > 5") == {}
    metrics.put("(y{}) / (5)", {101.0: 2.0})
    assert level(metrics, "x > 4 and y > 5") == {NOTHING: {101.0: 2.0}}


def test_every_endpoint_has_a_level_of_its_own_and_a_figure_without_one_counts_for_all(metrics: RuleMetrics) -> None:
    for endpoint, value in (("lookup", 0.5), ("refund", 2.0)):
        metrics.put("(x{}) / (4)", {100.0: value}, __name__="x", endpoint=endpoint)
        metrics.put("(y{}) / (5)", {100.0: value / 2}, endpoint=endpoint, le="+Inf")
    metrics.put("(z{}) / (6)", {100.0: 0.7})
    found = level(metrics, "x > 4 and y > 5 and z > 6")
    assert found == {
        frozenset({("endpoint", "lookup")}): {100.0: 0.25},
        frozenset({("endpoint", "refund")}): {100.0: 0.7},
    }


def test_what_is_no_number_is_no_level(metrics: RuleMetrics) -> None:
    metrics.put("(x{}) / (4)", {100.0: math.nan, 101.0: math.inf, 102.0: 0.5})
    assert level(metrics, "x > 4") == {NOTHING: {102.0: 0.5}}


SLOW = 'n{le="+Inf"} - on (endpoint) n{le="0.5"}'
LATENCY = f"q > 0.5 and on (endpoint) {SLOW} >= 3"


def test_how_long_the_last_of_those_took_that_have_to_be_slow_or_how_many_there_are(metrics: RuleMetrics) -> None:
    metrics.put("(q{}) / (0.5)", {100.0: 4.0}, endpoint="checkout")
    metrics.put(f"({SLOW}) / (3)", {100.0: 0.5}, endpoint="checkout")
    # The third slowest of twenty took 0.2 s.
    for bound, count in (("0.1", 10.0), ("0.2", 17.0), ("0.5", 18.5), ("+Inf", 20.0)):
        metrics.put("n{}", {100.0: count}, endpoint="checkout", le=bound)
    checkout = frozenset({("endpoint", "checkout")})
    assert level(metrics, LATENCY) == {checkout: {100.0: pytest.approx(0.2 / 0.5)}}
    assert level(metrics, LATENCY, by_count=True) == {checkout: {100.0: 0.5}}


def test_a_branch_that_is_meant_for_little_traffic_has_no_level_where_there_is_much(metrics: RuleMetrics) -> None:
    rare = 'histogram_quantile(0.95, b) > 0.5 and on (endpoint) (b{le="+Inf"} < 60) - on (endpoint) b{le="0.5"} >= 4'
    (branch,) = alert_rules.branches(rare)
    value, count = branch
    metrics.put(value.query, flat(1.4, 100, 103), endpoint="history")
    for bound, requests in (("0.5", 0.0), ("1", 10.0), ("+Inf", 10.0)):
        metrics.put("b{}", flat(requests, 100, 103), endpoint="history", le=bound)
    assert level(metrics, rare) == {}
    metrics.put(count.query, {101.0: 2.5}, endpoint="history")
    assert level(metrics, rare) == {frozenset({("endpoint", "history")}): {101.0: 1.4}}


def test_a_rule_without_a_threshold_has_no_level_and_asks_nothing(metrics: RuleMetrics) -> None:
    assert level(metrics, "x > 0") == {}
    assert metrics.asked == []


values = st.floats(0, 1_000)
curves = st.dictionaries(st.integers(100, 103).map(float), values, min_size=1)


@given(curves, curves, st.floats(0.01, 100))
def test_levels_scale_with_the_values(one: dict[float, float], other: dict[float, float], factor: float) -> None:
    def found(by: float) -> dict[float, float]:
        metrics = RuleMetrics()
        for name, curve in (("x", one), ("y", other)):
            metrics.put(f"({name}{{}}) / (4)", {at: by * value for at, value in curve.items()})
        return dict(levels(metrics, make_rule("x > 4 and y > 4 or y > 4"), NOW)[NOTHING])

    once, more = found(1), found(factor)
    assert more == {at: pytest.approx(factor * value) for at, value in once.items()}


@given(curves, curves)
def test_a_rule_is_between_its_comparisons(one: dict[float, float], other: dict[float, float]) -> None:
    metrics = RuleMetrics()
    metrics.put("(x{}) / (4)", one)
    metrics.put("(y{}) / (5)", other)
    both = levels(metrics, make_rule("x > 4 and y > 5"), NOW).get(NOTHING, {})
    either = levels(metrics, make_rule("x > 4 or y > 5"), NOW)[NOTHING]
    assert set(both) == set(one) & set(other)
    assert set(either) == set(one) | set(other)
    assert all(both[at] == min(one[at], other[at]) for at in both)
    assert all(either[at] == max(curve[at] for curve in (one, other) if at in curve) for at in either)


@pytest.mark.parametrize(
    ("level", "hold_s", "expected"),
    [
        ({}, 0, None),
        ({}, 2, None),
        ({1: 5}, 0, 5),
        ({1: 5}, 2, None),
        ({1: 5, 2: 5, 3: 5}, 2, 5),
        ({1: 5, 2: 9, 3: 4}, 2, 4),
        ({1: 5, 2: 9, 3: 4}, 1, 5),
        ({1: 5, 2: 9, 3: 4}, 0, 9),
        ({1: 5, 2: 9, 4: 9, 5: 9}, 2, None),
        ({1: 5, 2: 9, 4: 7, 5: 9, 6: 8}, 2, 7),
        ({3: 5, 1: 5, 2: 5}, 2, 5),
        ({1: 5, 2: 5, 3: 5}, 1.5, 5),
    ],
)
def test_what_is_held_long_enough_without_a_gap(level: dict[int, float], hold_s: float, expected: float | None) -> None:
    assert sustained({float(at): value for at, value in level.items()}, hold_s) == expected


whole = st.dictionaries(st.integers(0, 40).map(float), values)
holds = st.integers(0, 12)


@given(whole, holds)
def test_nothing_is_held_above_the_highest_or_below_the_lowest(level: dict[float, float], hold_s: int) -> None:
    held = sustained(level, hold_s)
    if held is not None:
        assert min(level.values()) <= held <= max(level.values())


@given(whole)
def test_the_highest_is_held_for_a_moment(level: dict[float, float]) -> None:
    assert sustained(level, 0) == max(level.values(), default=None)


@given(whole, holds)
def test_what_is_held_longer_is_not_higher(level: dict[float, float], hold_s: int) -> None:
    shorter, longer = sustained(level, hold_s), sustained(level, hold_s + 1)
    if longer is not None:
        assert shorter is not None
        assert longer <= shorter


@given(values, st.integers(0, 20), holds)
def test_what_never_changes_is_held_as_long_as_it_is_seen(value: float, length: int, hold_s: int) -> None:
    assert sustained(flat(value, 100, 100 + length), hold_s) == (value if hold_s <= length else None)


@given(st.dictionaries(st.integers(0, 40).map(float), values, min_size=1), holds, st.floats(0.01, 100))
def test_what_is_held_scales_with_the_level(level: dict[float, float], hold_s: int, factor: float) -> None:
    held = sustained({at: factor * value for at, value in level.items()}, hold_s)
    once = sustained(level, hold_s)
    assert held == (None if once is None else pytest.approx(factor * once))


def test_only_what_wakes_somebody_up_pages(metrics: RuleMetrics) -> None:
    metrics.alerting = [make_rule(name="Errors"), make_rule(name="Disk", severity="info")]
    assert [each.name for each in paging(metrics)] == ["Errors"]


def test_where_no_rule_pages_nothing_is_close(metrics: RuleMetrics) -> None:
    metrics.alerting = [make_rule(severity="info")]
    assert closest_now(metrics, 100.0) == 0
    assert metrics.asked == []


def test_what_nobody_measured_is_unknown(metrics: RuleMetrics) -> None:
    metrics.alerting = [make_rule()]
    assert closest_now(metrics, 100.0) is None


def test_the_comparisons_of_all_rules_are_asked_for_together_and_each_once(
    metrics: RuleMetrics, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Sequence[str]] = []

    def together(queries: Sequence[str], *_span: float) -> list[list[Series]]:
        asked.append(queries)
        return [[Series({}, ((100.0, 0.3),))] for _ in queries]

    monkeypatch.setattr(metrics, "query_ranges", together)
    metrics.alerting = [make_rule("x > 4 and y > 1"), make_rule("x > 4 or z > 2")]
    assert closest_now(metrics, 100.0) == 0.3
    assert asked == [["(x{}) / (4)", "(y{}) / (1)", "(z{}) / (2)"]]
    assert metrics.asked == []


def test_the_closest_rule_goes_by_the_count_of_slow_requests(metrics: RuleMetrics) -> None:
    metrics.alerting = [make_rule("x > 4"), make_rule(LATENCY), make_rule("z > 1", severity="info")]
    metrics.put("(x{}) / (4)", {99.0: 7.0, 100.0: 0.3})
    metrics.put("(q{}) / (0.5)", {100.0: 9.0}, endpoint="checkout")
    metrics.put(f"({SLOW}) / (3)", {100.0: 0.4}, endpoint="checkout")
    metrics.put("(z{}) / (1)", {100.0: 8.0})
    assert closest_now(metrics, 100.0) == 0.4
