from dataclasses import dataclass, field

from labctl.model.measurement import Window
from labctl.model.samples import Series
from labctl.verify.confusion import Held
from labctl.verify.dashboard_signals import OVERVIEW, RESOURCES
from labctl.verify.survey import curves, panels, survey
from tests.support.example_fault import EXAMPLE, example
from tests.support.fake_metrics import FakeMetrics, steady, step_at

HEALTHY, BROKEN = Window(100, 119.5), Window(120.2, 150)
SIGNATURE = {"queue": step_at(125, 10, 40), "errors": step_at(125, 0, 0.05), "cpu": steady(0.2)}


@dataclass
class Dashboard:
    """A Prometheus with one series per label value; figures jump at BROKEN."""

    series: dict[str, dict[str, tuple[float, float]]] = field(default_factory=dict)
    """By query, by the component's label: healthy and broken value."""

    def query_range(self, promql: str, start: float, end: float, step: float) -> list[Series]:
        times = [start + step * i for i in range(int((end - start) / step) + 1)]
        return [
            Series({"service": name}, tuple((at, after if at >= BROKEN.start else before) for at in times))
            for name, (before, after) in self.series.get(promql, {}).items()
        ]


def query(name: str) -> str:
    return next(each.query for each in (*OVERVIEW, *RESOURCES) if each.name == name)


def test_a_query_that_faults_share_is_asked_once() -> None:
    metrics = FakeMetrics(SIGNATURE)
    found = curves(metrics, [EXAMPLE, example(id="other-fault")], Window(100, 150))
    assert sorted(metrics.asked) == sorted(found) == ["cpu", "errors", "queue"]
    assert len(found["queue"]) == 51


def test_every_signature_is_judged_on_the_run() -> None:
    other = example(id="other-fault", must_move=(EXAMPLE.must_move[0],))
    found = survey(FakeMetrics(SIGNATURE), [EXAMPLE, other], HEALTHY, BROKEN, 130.0)
    assert [(each.signature, each.holds) for each in found.cells] == [
        ("example-fault", Held.YES),
        ("other-fault", Held.YES),
    ]
    assert found.overview == found.resources == ()


def test_a_signal_has_a_curve_per_component_and_what_is_no_suspect_is_left_out() -> None:
    metrics = Dashboard({query("CPU"): {"risk": (0.1, 0.9), "payments": (0.1, 0.1), "prometheus": (0, 1)}})
    seen = panels(metrics, OVERVIEW, HEALTHY, Window(140, 150))
    assert {each.component for each in seen} == {"risk", "payments"}
    assert all(len(each.healthy) == 21 and len(each.broken) == 11 for each in seen)


def test_a_signal_without_a_label_belongs_to_its_component() -> None:
    metrics = Dashboard({query("statements, p99"): {"": (0.01, 0.5)}})
    assert [each.component for each in panels(metrics, RESOURCES, HEALTHY, BROKEN)] == ["postgres"]


def test_anomalies_are_what_stood_there_from_the_page_on() -> None:
    metrics = Dashboard({query("CPU"): {"risk": (0.1, 0.9)}, query("evictions"): {"redis": (0, 40)}})
    found = survey(metrics, [], HEALTHY, BROKEN, 140.0)
    assert [(each.component, each.signal, each.broken) for each in found.overview] == [("risk", "CPU", 0.9)]
    assert [(each.component, each.signal, each.broken) for each in found.resources] == [("redis", "evictions", 40)]
