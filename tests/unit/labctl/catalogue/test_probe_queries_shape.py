from __future__ import annotations

import promql_parser
import pytest

from labctl.catalogue.probe_queries import labels, looks_back_s, selects

ONE = (
    "sum(up)",
    "-(sum(rate(x[5s])))",
    "sum by () (up)",
    "sum(x) / sum(y) > 2",
    "sum(x) or 0 * sum(y)",
    "sum(x) and y",
    "sum(x) unless y",
    "avg(sum by (a) (x))",
    "sum without (a) (sum by (a) (x))",
    "histogram_quantile(0.99, sum by (le) (rate(x_bucket[5s])))",
    "max_over_time(sum(x)[5s:1s])",
    "scalar(x)",
    "clamp_min(sum(x), 0)",
    "quantile(0.5, x)",
    "x / on() y",
    'label_replace(sum(x), "a", "b", "c", "d")',
)
SEVERAL = (
    "up",
    'up{job="risk"}',
    "rate(x[5s])",
    "topk(3, sum by (a) (x))",
    "bottomk(1, up)",
    'count_values("a", x)',
    "sum by (a) (x)",
    "sum without (a) (x)",
    "sum by (a) (x) / sum by (a) (y)",
    "x and sum(y)",
    "sum(x) + y",
    "histogram_quantile(0.99, rate(x_bucket[5s]))",
    "histogram_quantile(0.99, sum by (le, a) (rate(x_bucket[5s])))",
    'label_replace(x, "a", "b", "c", "d")',
    "x / on(a) y",
    "x / on() group_left y",
    "x / ignoring(a) y",
    "x or on() y",
)


@pytest.mark.parametrize("query", ONE)
def test_what_yields_one_series_whatever_there_is(query: str) -> None:
    assert labels(promql_parser.parse(query)) == frozenset()


@pytest.mark.parametrize("query", SEVERAL)
def test_what_may_yield_several(query: str) -> None:
    assert labels(promql_parser.parse(query)) != frozenset()


@pytest.mark.parametrize(
    ("query", "seconds"),
    [
        ("sum(up)", 0),
        ("sum(rate(x[20s])) / sum(rate(y[5s]))", 20),
        ("max_over_time(sum(rate(x[20s]))[10s:1s])", 30),
        ("topk(scalar(sum(rate(x[7s]))), up)", 7),
    ],
)
def test_windows_within_windows_add_up(query: str, seconds: float) -> None:
    assert looks_back_s(promql_parser.parse(query)) == seconds


@pytest.mark.parametrize(("query", "does"), [("1 + 2", False), ("time()", False), ("1 + sum(up)", True)])
def test_a_number_alone_selects_nothing(query: str, does: bool) -> None:
    assert selects(promql_parser.parse(query)) is does
