import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.catalogue import shipped
from labctl.model.fault import Fault
from labctl.play.evidence_query import flaw, parsed

PLAIN = [
    "sum(rate(a_total[20s]))",
    "sum(rate(a_total[20s])) or vector(0)",
    "db_client_connection_count",
    "histogram_quantile(0.99, sum by (le) (rate(a_seconds_bucket[20s])))",
    "rate(a_seconds_sum[20s]) / rate(a_seconds_count[20s])",
    "max_over_time(a[1m]) * 100",
    "topk(3, rate(sum(a_total)[20s:1s]))",
    "-a",
]
REFUSED = [
    ("vector(time() > bool 5)", "no metric"),
    ("timestamp(vector(1)) > bool 4", "no metric"),
    ("a * time()", "time() is a clock"),
    ("a * timestamp(a)", "timestamp() is a clock"),
    ("a * on() group_left() vector(time())", "vector() is a clock"),
    *((f"{each}(a)", f"{each}() is a clock") for each in ("minute", "hour", "day_of_week", "month", "year", "round")),
    ("sum(ALERTS)", "monitoring"),
    ('a + 0 * sum(ALERTS_FOR_STATE{alertname="x"})', "monitoring"),
    ("up", "monitoring"),
    ("prometheus_tsdb_head_samples_appended_total", "monitoring"),
    ("rate(http_server_synthetic_requests_total[20s])", "requests of your own"),
    ("5", "no metric"),
    ("a @ 1700000000", "another time"),
    ("a @ end()", "another time"),
    ("sum(rate(a_total[20s] offset 5m))", "another time"),
    ("max_over_time(a[5m:1s] offset 1m)", "another time"),
    ("a_total", "only ever grows"),
    ("max_over_time(a_total[5m])", "only ever grows"),
    ("count_over_time(a[1h])", "is a clock"),
    ("a > bool 3", "makes a step"),
    ("a and b > 3", "makes a step"),
    ("a ^ 9", "makes a step"),
    ("a - 300000", "shifts"),
    ("1 / a", "divides a constant"),
    ('{__name__=~"a.*"}', "without the name"),
    ('a{b="1" or c="2"}', "`or` within"),
]


@pytest.mark.parametrize("query", PLAIN)
def test_a_plain_figure(query: str) -> None:
    assert flaw(parsed(query)) == ""


@pytest.mark.parametrize(("query", "why"), REFUSED)
def test_what_a_clock_could_move(query: str, why: str) -> None:
    assert why in flaw(parsed(query))


@pytest.mark.parametrize(
    "wrap", ["sum({})", "({})", "-({})", "rate(a_total[20s]) + ({})", "max_over_time(({})[1m:1s])"]
)
def test_wrapping_hides_nothing(wrap: str) -> None:
    query = parsed(wrap.format("a * time()"))
    assert query is not None
    assert "time() is a clock" in flaw(query)


@pytest.mark.parametrize("fault", shipped.load_all(), ids=lambda fault: fault.id)
def test_what_the_chain_is_measured_by_may_be_evidence(fault: Fault) -> None:
    for link in fault.chain:
        if "ALERTS" not in link.probe.query:
            assert flaw(parsed(link.probe.query)) == "", link.probe.query


@given(st.text(max_size=40))
def test_any_text_is_read_or_left_to_prometheus(text: str) -> None:
    query = parsed(text)
    assert query is None or isinstance(flaw(query), str)
