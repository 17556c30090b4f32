from pathlib import Path

import pytest

from bench import incidents
from bench.reference import ROWS, WINDOW_S
from labctl.base.errors import LabStateError
from tests.support.fake_metrics import FakeMetrics
from tests.support.world import PAGE_S, World, make_world


@pytest.fixture
def measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world that shows every figure of the page, twice of it while something is broken."""
    world = make_world(tmp_path, monkeypatch)
    world.use({row.query: (1.0, 2.0) for row in ROWS})
    return world


def test_figures_are_of_the_time_that_passed(measured: World) -> None:
    began = measured.clock.now
    assert set(incidents._figures(measured.lab, "the healthy lab").values()) == {1.0}
    assert measured.clock.now - began >= WINDOW_S


def test_an_incident_is_measured_once_it_has_settled_then_healed(measured: World) -> None:
    figures = incidents._incident(measured.lab, measured.fault())
    assert set(figures.values()) == {2.0}
    assert measured.healthy_now
    start, end = measured.broken[0]
    assert end - start >= incidents.SETTLES_S + WINDOW_S > PAGE_S


def test_what_measures_nothing_is_named_and_healed(measured: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(measured.lab.__dict__, "metrics", FakeMetrics({}))
    with pytest.raises(LabStateError) as caught:
        incidents._incident(measured.lab, measured.fault())
    assert "Checkout, p95" in caught.value.expected
    assert measured.healthy_now


def test_the_page_in_the_repository_has_every_figure() -> None:
    text = incidents.PAGE.read_text()
    assert all(f"| {row.name} |" in text for row in ROWS)
    assert all(f"`{fault}`" in text for fault in incidents.REFERENCES)
