import pytest

from labctl.catalogue.probe_queries import flaws
from labctl.health.coverage import ALL_THERE, has_gaps
from labctl.model.measurement import Window
from tests.support.fake_metrics import FakeMetrics

WINDOW = Window(100.0, 140.0)


def test_the_query_is_promql() -> None:
    assert flaws(ALL_THERE) == []


@pytest.mark.parametrize(("missing", "gaps"), [(0, False), (4, False), (6, True), (40, True)])
def test_a_scrape_may_be_missed_and_no_more(missing: int, gaps: bool) -> None:
    metrics = FakeMetrics({ALL_THERE: lambda at: None if at < WINDOW.start + missing else 1.0})
    assert has_gaps(metrics, WINDOW) is gaps


def test_no_telemetry_is_one_gap() -> None:
    assert has_gaps(FakeMetrics({}), WINDOW)
