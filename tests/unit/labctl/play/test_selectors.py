import promql_parser
import pytest

from labctl.play.selectors import Selector, resolved, selectors


def only(query: str) -> Selector:
    (found,) = selectors(promql_parser.parse(query))
    return found


def test_every_selector_of_a_query_is_found() -> None:
    query = 'sum(rate(a_total{job="risk"}[20s])) / (b or max_over_time(c{x=~"1|2"}[1m:1s])) + topk(2, d)'
    found = list(selectors(promql_parser.parse(query)))
    assert [each.metric for each in found] == ["a_total", "b", "c", "d"]
    assert [each.text for each in found] == ['a_total{job="risk"}', "b", 'c{x=~"1|2"}', "d"]


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        ("a", "b", False),
        ("a_seconds_bucket", "a_seconds_count", True),
        ('a{outcome="postponed"}', 'a{outcome!="postponed"}', False),
        ('a{outcome="booked"}', 'a{outcome!="postponed"}', True),
        ('a{endpoint="history"}', 'a{endpoint="checkout"}', False),
        ('a{endpoint=~"history|checkout"}', 'a{endpoint="checkout"}', True),
        ('a{endpoint!~"check.*"}', 'a{endpoint="checkout"}', False),
        ('a_bucket{le="0.5"}', 'a_bucket{le="+Inf"}', True),
        ('a{job="risk"}', "a", True),
    ],
)
def test_whether_two_can_read_the_same(one: str, other: str, overlap: bool) -> None:
    assert only(one).overlaps(only(other)) is overlap
    assert only(other).overlaps(only(one)) is overlap


def test_recorded_series_are_what_they_were_recorded_from() -> None:
    recordings = {
        "ratio": "sum(errors) / sum(all)",
        "errors": 'rate(a_total{outcome="error"}[20s])',
        "ratio2": "ratio2",
    }
    found = resolved(promql_parser.parse('ratio{endpoint="checkout"} > 0'), recordings)
    assert [each.metric for each in found] == ["a_total", "all"]
    assert all(("endpoint", "=", "checkout") in {(m.label, m.kind, m.value) for m in each.matchers} for each in found)
    assert [each.metric for each in resolved(promql_parser.parse("ratio2"), recordings)] == ["ratio2"]
