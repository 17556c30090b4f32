import pytest

from labctl.catalogue.probe_queries import flaws
from labctl.health import stolen
from labctl.model.measurement import Window
from tests.support.fake_metrics import FakeMetrics

WINDOW = Window(100.0, 140.0)


def test_the_query_is_promql() -> None:
    assert flaws(stolen.SHARE) == []


@pytest.mark.parametrize(("share", "told"), [(0.0, ""), (0.19, ""), (0.35, "35%")])
def test_a_moment_in_which_others_had_much_of_the_cpu_is_told(share: float, told: str) -> None:
    metrics = FakeMetrics({stolen.SHARE: lambda at: share if 110 <= at < 112 else 0.01})
    doubt = stolen.doubt(metrics, WINDOW)
    assert told in doubt
    assert bool(doubt) is bool(told)


def test_a_host_that_does_not_tell_had_its_cpu() -> None:
    assert stolen.doubt(FakeMetrics({}), WINDOW) == ""
