from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.model.measurement import Window
from labctl.model.samples import Rule
from labctl.verify.margin import LEAST, Margin, baseline, closest, measured, symptom_of
from tests.support.alerting_rules import RuleMetrics, flat, make_rule

HEALTHY, BROKEN = Window(50.0, 80.0), Window(100.0, 130.0)
ERRORS = make_rule("errors > 4", "Errors")
SLOW = make_rule("slow > 5", "Slow")
LATE = make_rule("late > 6", "Late", hold_s=10)
RESTARTED = make_rule("restarts > 0", "Restarted")
RULES = [ERRORS, SLOW, LATE, RESTARTED]
QUERIES = {"Errors": "(errors{}) / (4)", "Slow": "(slow{}) / (5)", "Late": "(late{}) / (6)"}


@pytest.fixture
def metrics() -> RuleMetrics:
    made = RuleMetrics()
    made.alerting = RULES
    return made


def put(metrics: RuleMetrics, rule: Rule, value: float, start: int, end: int, **labels: str) -> None:
    metrics.put(QUERIES[rule.name], flat(value, start, end), **labels)


def run(metrics: RuleMetrics) -> Margin:
    return measured(metrics, baseline(metrics, HEALTHY), BROKEN)


def test_a_lab_without_rules_has_no_margin() -> None:
    assert run(RuleMetrics()) == Margin()
    assert Margin().findings() == []


def test_a_run_in_which_nothing_paged(metrics: RuleMetrics) -> None:
    put(metrics, ERRORS, 3.0, 50, 130)
    assert run(metrics) == Margin(None, None, "Errors", 3.0)


def test_the_symptom_is_measured_while_it_pages_and_the_healthy_lab_before(metrics: RuleMetrics) -> None:
    put(metrics, SLOW, 0.2, 50, 99)
    put(metrics, SLOW, 3.5, 100, 130)
    metrics.fire(SLOW, 110, 112, 131)
    assert run(metrics) == Margin("Slow", 3.5, "Slow", 0.2)


def test_a_rule_that_does_not_page_has_no_part_in_it(metrics: RuleMetrics) -> None:
    info = make_rule("disk > 7", "Disk", severity="info")
    metrics.alerting = [info]
    metrics.put("(disk{}) / (7)", flat(9.0, 50, 130))
    metrics.fire(info, 100, 102, 131)
    assert run(metrics) == Margin()


def test_what_was_only_pending_paged_nobody(metrics: RuleMetrics) -> None:
    put(metrics, ERRORS, 3.0, 100, 130)
    metrics.fire(ERRORS, 110, 120, 120)
    assert symptom_of(metrics, RULES, BROKEN) == (None, None)


def test_the_time_before_it_fired_belongs_to_what_paged(metrics: RuleMetrics) -> None:
    metrics.put(QUERIES["Errors"], {**flat(5.0, 110, 112), **flat(1.5, 113, 130)})
    metrics.fire(ERRORS, 110, 112, 131)
    assert symptom_of(metrics, RULES, BROKEN) == ("Errors", 5.0)


def test_what_was_high_while_it_did_not_page_does_not_count(metrics: RuleMetrics) -> None:
    metrics.put(QUERIES["Errors"], {**flat(9.0, 100, 104), **flat(1.5, 105, 130)})
    metrics.fire(ERRORS, 110, 112, 131)
    assert symptom_of(metrics, RULES, BROKEN) == ("Errors", 1.5)


def test_a_peak_shorter_than_the_rule_asks_does_not_count(metrics: RuleMetrics) -> None:
    metrics.put(QUERIES["Errors"], {**flat(1.5, 110, 130), 115.0: 9.0, 116.0: 9.0})
    metrics.fire(ERRORS, 110, 112, 131)
    assert symptom_of(metrics, RULES, BROKEN) == ("Errors", 1.5)


def test_of_several_that_paged_the_one_that_went_furthest_counts(metrics: RuleMetrics) -> None:
    for rule, value in ((ERRORS, 2.5), (SLOW, 4.0), (LATE, 3.0)):
        put(metrics, rule, value, 100, 130)
        metrics.fire(rule, 105, 115, 131)
    assert symptom_of(metrics, RULES, BROKEN) == ("Slow", 4.0)


def test_a_rule_without_a_level_comes_last(metrics: RuleMetrics) -> None:
    metrics.fire(RESTARTED, 105, 107, 131)
    assert symptom_of(metrics, RULES, BROKEN) == ("Restarted", None)
    put(metrics, LATE, 1.1, 100, 130)
    metrics.fire(LATE, 105, 115, 131)
    for rules in (RULES, RULES[::-1]):
        assert symptom_of(metrics, rules, BROKEN) == ("Late", 1.1)


def test_the_endpoint_that_went_furthest_counts(metrics: RuleMetrics) -> None:
    put(metrics, ERRORS, 1.2, 100, 130, endpoint="lookup")
    put(metrics, ERRORS, 2.2, 100, 130, endpoint="refund")
    metrics.fire(ERRORS, 105, 107, 131)
    assert symptom_of(metrics, RULES, BROKEN) == ("Errors", 2.2)


def test_the_closest_rule_is_the_one_that_came_closest_for_however_short_a_time(metrics: RuleMetrics) -> None:
    put(metrics, LATE, 0.9, 50, 51)
    put(metrics, SLOW, 0.4, 50, 52)
    assert closest(metrics, RULES, HEALTHY) == ("Late", 0.9)


def test_where_nothing_was_measured_no_rule_is_closest(metrics: RuleMetrics) -> None:
    assert closest(metrics, RULES, HEALTHY) == (None, None)


def test_a_narrow_margin_is_told_on_either_side() -> None:
    symptom, healthy = Margin("Slow", 1.4, "Errors", 0.75).findings()
    assert symptom == "Slow went to 1.40 times its threshold, expected 2 or more"
    assert healthy == "the healthy lab came to 0.75 of the threshold of Errors, expected 0.5 or less"


@pytest.mark.parametrize("margin", [Margin("Slow", 2.0, "Errors", 0.5), Margin("Restarted", None, None, None)])
def test_a_wide_margin_is_no_finding(margin: Margin) -> None:
    assert margin.findings() == []


levels = st.none() | st.floats(0, 100)


@given(levels, levels, st.floats(1.01, 10))
def test_a_side_is_told_if_and_only_if_it_is_narrower_than_asked(
    symptom: float | None, healthy: float | None, least: float
) -> None:
    margin = Margin("Slow", symptom, "Errors", healthy)
    narrow = [symptom is not None and symptom < least, healthy is not None and healthy * least > 1]
    assert len(margin.findings(least)) == sum(narrow)
    assert margin.findings() == margin.findings(LEAST)


@given(st.floats(0.01, 50), st.floats(0.01, 50))
def test_the_margin_scales_with_what_is_measured(healthy: float, broken: float) -> None:
    def found(by: float) -> Margin:
        metrics = RuleMetrics()
        metrics.alerting = [ERRORS]
        put(metrics, ERRORS, by * healthy, 50, 99)
        put(metrics, ERRORS, by * broken, 100, 130)
        metrics.fire(ERRORS, 105, 107, 131)
        return run(metrics)

    assert found(2) == Margin("Errors", 2 * broken, "Errors", 2 * healthy)
    assert found(1) == Margin("Errors", broken, "Errors", healthy)
