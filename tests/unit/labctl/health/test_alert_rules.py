from __future__ import annotations

import promql_parser
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from labctl.base import paths
from labctl.health.alert_rules import Slow, branches

GROUPS = yaml.safe_load((paths.bundle_root() / "compose" / "prometheus" / "alerts.yml").read_text())["groups"]
SHIPPED = {rule["alert"]: rule["expr"] for group in GROUPS for rule in group["rules"] if "alert" in rule}
AT_ANY_VALUE = {"LedgerRestarted"}
"""Compared with zero: the second restart is enough."""
SLOW = 'requests{le="+Inf"} - on (endpoint) requests{le="0.5"}'

every_alert = pytest.mark.parametrize("expr", SHIPPED.values(), ids=SHIPPED.keys())


def queries(expr: str) -> list[list[str]]:
    return [[each.query for each in branch] for branch in branches(expr)]


def test_every_shipped_rule_with_a_threshold_has_a_branch() -> None:
    assert {name for name, expr in SHIPPED.items() if not branches(expr)} == AT_ANY_VALUE


@every_alert
def test_what_is_compared_in_a_shipped_rule_can_be_asked_for(expr: str) -> None:
    for branch in branches(expr):
        for each in branch:
            assert isinstance(promql_parser.parse(each.query), promql_parser.BinaryExpr)


@every_alert
def test_each_choice_of_a_shipped_rule_is_a_branch_but_one_without_a_threshold(expr: str) -> None:
    found = branches(expr)
    assert all(found)
    assert len(found) <= 1 + expr.count(" or ")


def test_of_a_latency_the_quantile_counts_and_the_number_of_slow_requests_restates_it() -> None:
    latencies = {name: expr for name, expr in SHIPPED.items() if "histogram_quantile" in expr}
    assert set(latencies) == {"CheckoutLatencyHigh", "CheckoutsSlow", "EndpointLatencyHigh"}
    for expr in latencies.values():
        for quantile, count in branches(expr):
            assert quantile.slow is None
            assert count.slow
            assert "le=" not in count.slow.buckets
            assert f'le="{count.slow.bound:g}"' in count.query
            assert count.query.endswith(f"/ ({count.slow.least:g})")
            assert quantile.query.startswith("(histogram_quantile(")
    assert len(branches(SHIPPED["EndpointLatencyHigh"])) == 3


def test_of_an_error_ratio_the_number_of_errors_is_a_threshold_of_its_own() -> None:
    for name in ("CheckoutErrorRatioHigh", "EndpointErrorRatioHigh"):
        found = branches(SHIPPED[name])
        assert len(found) == 2
        assert not any(each.slow for branch in found for each in branch)
        assert all(number.query.endswith("/ (4)") for _, number in found)


def test_balances_are_late_by_their_delay_and_by_their_number() -> None:
    ((delay, number),) = branches(SHIPPED["BalancesLate"])
    assert delay.query.endswith("/ (15)")
    assert number.query.endswith("/ (20)")


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        ("x > 3", [["(x{}) / (3)"]]),
        ("3 < x", [["(x{}) / (3)"]]),
        ("x >= 3", [["(x{}) / (3)"]]),
        ("x < 3", [["(3) / (x{})"]]),
        ("3 >= x", [["(3) / (x{})"]]),
        ("((x > 3))", [["(x{}) / (3)"]]),
        ("x > y", [["(x{}) / (y{})"]]),
        ("x > 3 and y > 4", [["(x{}) / (3)", "(y{}) / (4)"]]),
        ("x > 3 or y > 4", [["(x{}) / (3)"], ["(y{}) / (4)"]]),
        ("x > 3 and y > 4 or z > 5", [["(x{}) / (3)", "(y{}) / (4)"], ["(z{}) / (5)"]]),
        ("x > 3 unless y > 4", [["(x{}) / (3)"]]),
        ("x > 3 and y", [["(x{}) / (3)"]]),
        ("x and y > 4", [["(y{}) / (4)"]]),
        ("x > 3 or up == 0", [["(x{}) / (3)"]]),
        ("x / (y < 60) > 3", [["(x{} / (y{} < 60)) / (3)"]]),
    ],
)
def test_what_is_compared_with_what(expr: str, expected: list[list[str]]) -> None:
    assert queries(expr) == expected


@pytest.mark.parametrize(
    "expr", ["x", "sum(x)", "up == 1", "up != 1", "x > 0", "x > 0.0", "x >= 0", "0 < x", "(x) > 0"]
)
def test_what_compares_with_nothing_or_with_zero_knows_no_more_or_less(expr: str) -> None:
    assert branches(expr) == ()


@pytest.mark.parametrize("expr", ["x < 0", "0 > x", "x <= 0"])
def test_nor_does_what_has_to_be_below_zero(expr: str) -> None:
    assert branches(expr) == ()


@pytest.mark.parametrize(
    ("value", "counts_slow"),
    [
        (SLOW, True),
        (f"({SLOW})", True),
        ('(requests{le="+Inf"} < 60) - on (endpoint) requests{le="0.5"}', True),
        ('requests{le="+Inf"} + requests{le="0.5"}', False),
        ('requests{le="+Inf"} - requests', False),
        ('requests{le="+Inf"}', False),
        ("requests - errors", False),
        ("sum(requests)", False),
    ],
)
def test_all_requests_less_those_of_one_bucket_are_the_slow_ones(value: str, counts_slow: bool) -> None:
    ((found,),) = branches(f"{value} > 3")
    assert found.slow == (Slow("requests{}", 0.5, 3) if counts_slow else None)


@pytest.mark.parametrize("expr", ["", "sum(", "x >", "x > 3 and"])
def test_what_is_no_promql_is_an_error(expr: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        branches(expr)


names = st.from_regex(r"[a-z][a-z_]{0,8}", fullmatch=True).map(lambda each: f"m_{each}")
thresholds = st.integers(1, 10**6)
comparisons = st.tuples(names, st.sampled_from([">", ">="]), thresholds)


def written(comparison: tuple[str, str, int]) -> str:
    return " ".join(str(each) for each in comparison)


@given(st.lists(st.lists(comparisons, min_size=1, max_size=4), min_size=1, max_size=4), st.booleans())
def test_a_rule_comes_apart_as_it_was_put_together(rule: list[list[tuple[str, str, int]]], bracketed: bool) -> None:
    branch = "({})" if bracketed else "{}"
    expr = " or ".join(branch.format(" and ".join(map(written, each))) for each in rule)
    assert queries(expr) == [[f"({name}{{}}) / ({threshold})" for name, _, threshold in each] for each in rule]
