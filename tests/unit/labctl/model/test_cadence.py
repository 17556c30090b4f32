from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.model.cadence import Cadence
from labctl.model.promql import quantile, rate, share

HAZY, DENSE = Cadence(5), Cadence(15, 10)


@given(st.text(max_size=200))
def test_where_it_is_clear_every_query_stays_as_it_is(promql: str) -> None:
    assert Cadence().widened(promql) == promql


def test_a_window_holds_three_points_in_fog_and_is_never_narrowed() -> None:
    assert HAZY.widened(rate('cache_requests_total{job="risk"}')) == 'sum(rate(cache_requests_total{job="risk"}[15s]))'
    assert HAZY.widened("rate(cache_requests_total[20s])") == "rate(cache_requests_total[20s])"
    assert DENSE.widened("rate(cache_requests_total[20s])") == "rate(cache_requests_total[55s])"
    assert (HAZY.lag_s, DENSE.lag_s) == (5, 25)


def test_every_window_of_a_query_is_widened() -> None:
    promql = share('a{b="}[1s]"}', "a", 7)
    assert re.findall(r"\[(\d+s)\]", DENSE.widened(promql).replace('"}[1s]"', "")) == ["55s"] * 3
    assert "[55s]" in DENSE.widened(quantile(0.5, "took", 'job="risk"'))


def test_what_has_a_point_a_second_in_any_fog_is_left_alone() -> None:
    for fresh in (
        'rate(client_request_duration_seconds_count{job="clients"}[10s])',
        "sum(rate(stream_messages_total[10s]))",
        'rate(container_cpu_usage_seconds_total{service="risk"}[10s])',
        "rate(pg_stat_user_tables_seq_tup_read[10s])",
        "rate(redis_evicted_keys_total[10s])",
        'count_over_time(up{job="telemetry"}[3s])',
        'sum(changes(max(container_start_time_seconds{service="risk"})[15s:1s]))',
    ):
        assert DENSE.widened(fresh) == fresh


@pytest.mark.parametrize(
    ("promql", "thinned"),
    [
        ('rate(http_server_request_duration_seconds_count{job="risk"}[60s])', True),
        ("sum(rate(client_requests_total[5s]))", False),
        ("rate(client_requests_total[5s]) / rate(db_client_operations_total[5s])", True),
        ('max(container_start_time_seconds{service="risk"})', False),
    ],
)
def test_which_queries_have_fewer_points(promql: str, thinned: bool) -> None:
    assert Cadence(5.0).thins(promql) is thinned
    assert not Cadence().thins(promql)
