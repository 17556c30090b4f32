from pathlib import Path

import pytest

from bench import fog, measure
from labctl.model.surroundings import FOGS
from tests.support.world import World, make_world


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    return make_world(tmp_path, monkeypatch)


def test_a_level_is_in_force_while_it_is_measured(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def measured(lab: object) -> dict[str, tuple[float, float]]:
        seen.append(world.lab.fog.level)
        return {"telemetry": (100.0, 0.05), "gateway": (70.0, 0.1)}

    monkeypatch.setattr(measure, "use_by_service", measured)
    figures = [fog.use(world.lab, level) for level in FOGS]
    assert seen == list(FOGS)
    assert figures[1] == {"level": "hazy", "telemetry": 0.05, "lab": pytest.approx(0.15)}
    assert fog.document(figures)["use"] == figures
