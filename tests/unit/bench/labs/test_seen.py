from __future__ import annotations

from pathlib import Path

import pytest

from bench import queries
from bench.labs import seen
from labctl.base.errors import LabStateError
from labctl.docker.usage import Usage
from labctl.lab.lab import Lab
from labctl.operate import cost
from labctl.operate.cost import Cost
from tests.support.fake_lab import make_container, make_lab
from tests.support.fake_metrics import FakeMetrics, steady

WINDOW = 40


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    stack.containers = [make_container("risk"), make_container("gateway")]
    waited: list[float] = []
    looks = iter(({"id-risk": use(1, 0), "id-gateway": use(5, 0)}, {"id-risk": use(5, 40), "new": use(9, 40)}))
    monkeypatch.setattr(seen, "pause", waited.append)
    monkeypatch.setattr(cost, "looks", lambda _docker, _containers: next(looks))
    return lab


def use(cpu_s: float, at: float) -> Usage:
    return Usage(70.0, cpu_s, at, 0.0)


def told(lab: Lab, p95_s: float, checkouts: float, failed: float | None) -> None:
    asked = (queries.checkout_latency(0.95, WINDOW), queries.checkouts(WINDOW), queries.failed_checkouts(WINDOW))
    values = zip(asked, (p95_s, checkouts, failed), strict=True)
    lab.__dict__["metrics"] = FakeMetrics({query: steady(value) for query, value in values if value is not None})


def test_a_window_has_the_clients_view_and_what_the_lab_used(lab: Lab) -> None:
    told(lab, 0.12, 100.0, None)
    found = seen.look([lab], WINDOW, "at rest")["lab"]
    assert (found.p95_s, found.checkouts, found.failed) == (0.12, 100.0, 0.0)
    assert found.use == {"risk": Cost(70.0, 0.1)}, "gateway went meanwhile"
    assert found.whole == Cost(70.0, 0.1)


def test_a_lab_without_checkouts_is_an_error_and_no_figure(lab: Lab) -> None:
    lab.__dict__["metrics"] = FakeMetrics({})
    with pytest.raises(LabStateError, match="measured nothing"):
        seen.look([lab], WINDOW, "at rest")
