from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.catalogue.probe_queries import MAX_LENGTH, flaws
from labctl.model import promql

SELECTORS = st.sampled_from(['requests_total{job="risk"}', "up", 'x{path="a[5h]vector("}', "y{z=~'a|b'}"])
WINDOWS = st.integers(1, 20)
SHAPES = st.one_of(
    st.builds(promql.rate, SELECTORS, WINDOWS),
    st.builds(promql.rare_rate, SELECTORS, SELECTORS, WINDOWS),
    st.builds(promql.share, SELECTORS, SELECTORS, WINDOWS),
    st.builds(promql.quantile, st.sampled_from([0.5, 0.99]), st.just("latency_seconds"), st.just('job="a"'), WINDOWS),
)


@given(SHAPES)
def test_what_the_shapes_yield_is_promql(query: str) -> None:
    assert flaws(query) == []


@given(SHAPES)
def test_a_bracket_too_few_is_not(query: str) -> None:
    assert flaws(query.removesuffix(")")) != []


@given(st.text(max_size=200))
def test_any_text_gets_an_answer(query: str) -> None:
    assert all(isinstance(each, str) for each in flaws(query))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("sum(", "is not PromQL: unclosed left parenthesis"),
        ("", "is not PromQL: no expression"),
        ("sum(rate(requests_total))", "expected type matrix"),
        ("median(up)", "unknown function"),
        ('up{job=~"("}', "illegal regex"),
        ("up or vector(0)", "vector() turns missing telemetry into a figure"),
        ("absent (up)", "absent() turns missing telemetry into a figure"),
        ("sum(rate(x_total[21s]))", "looks back 21 s, further than the 20 s"),
        ("max_over_time(sum(up)[1m:1s])", "looks back 60 s"),
        ("sum(rate(x_total[5s] offset 1h))", "looks at another time"),
        ("max_over_time(sum(rate(x[20s]))[20s:1s])", "looks back 40 s"),
        ("sum by (service) (up)", "may yield several series"),
        ("1 + 1", "measures nothing"),
        ("-" * 900 + "sum(up)", "is nested too deeply"),
        ("up @ 0", "looks at another time"),
        ("up or vector # to come\n(0)", "vector() turns missing telemetry into a figure"),
        ("((up[5s]))", "yields no number"),
        ('"up"', "yields no number"),
        ("+".join(["up"] * MAX_LENGTH), f"{MAX_LENGTH} are allowed"),
    ],
)
def test_what_a_probe_may_not_ask(query: str, said: str) -> None:
    assert any(said in each for each in flaws(query)), flaws(query)


def test_what_stands_in_text_counts_for_nothing() -> None:
    assert flaws('sum(rate(x_total{a="absent([1h]"}[5s])) # vector(0)') == []
