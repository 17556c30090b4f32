from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.model.promql_names import metrics_in


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("up", ("up",)),
        ("sum by (service, code) (rate(requests_total{route=~'a|b'}[5m]))", ("requests_total",)),
        ("a / on(instance) group_left(x) b offset 5m > bool 0.5", ("a", "b")),
        ('label_replace(up, "a{b", "$1", "c", "(.*)]")', ("up",)),
        ("job:requests:rate5m and a_total # b_total", ("job:requests:rate5m", "a_total")),
        ('{__name__="up"}', ()),
        ("rate(x[1h:5m]) * 1e3 + NaN - Inf", ("x",)),
        ("x @ end() unless y", ("x", "y")),
        ("up + up", ("up",)),
    ],
)
def test_the_metrics_of_a_query(query: str, names: tuple[str, ...]) -> None:
    assert metrics_in(query) == names


@given(st.text())
def test_any_text_has_some(query: str) -> None:
    assert all(each and "(" not in each for each in metrics_in(query))
