from labctl.model.promql import mean, quantile, rare_rate, rate, share, together


def test_rate_sums_over_instances() -> None:
    assert rate("hits_total", 15) == "sum(rate(hits_total[15s]))"


def test_a_rare_counter_is_zero_only_where_its_anchor_is() -> None:
    query = rare_rate("errors_total", "requests_total")
    assert query == "(sum(rate(errors_total[10s])) or 0 * sum(rate(requests_total[10s])))"
    assert "vector(0)" not in query


def test_share_divides_by_the_whole() -> None:
    assert share("a", "b").endswith(" / sum(rate(b[10s]))")


def test_quantile_keeps_only_the_bounds() -> None:
    expected = 'histogram_quantile(0.99, sum by (le) (rate(wait_seconds_bucket{job="risk"}[10s])))'
    assert quantile(0.99, "wait_seconds", 'job="risk"') == expected


def test_mean_is_sum_over_count() -> None:
    expected = 'sum(rate(w_sum{job="risk"}[20s])) / sum(rate(w_count{job="risk"}[20s]))'
    assert mean("w", 'job="risk"', 20) == expected


def test_each_of_several_queries_has_its_position_as_a_label() -> None:
    assert together(["a", "b or c"]) == (
        'label_replace(a, "asked_as", "0", "", "") or label_replace(b or c, "asked_as", "1", "", "")'
    )
