import pytest

from bench import queries
from labctl.catalogue import probe_queries

QUERIES = (queries.checkout_latency(0.95, 20), queries.failing_checkouts(20), queries.look_ups("hit", 20))


@pytest.mark.parametrize("query", QUERIES)
def test_every_one_parses_and_looks_back_as_far_as_it_is_told(query: str) -> None:
    assert probe_queries.flaws(query) == []
    assert query.count("[20s]") == query.count("[") > 0


def test_hits_and_misses_are_told_apart() -> None:
    hits, misses = queries.look_ups("hit", 20), queries.look_ups("miss", 20)
    assert 'cache_result="hit"' in hits
    assert hits.replace('"hit"', '"miss"') == misses != hits
