from pathlib import Path

import pytest

from bench import measure
from labctl.base import paths
from labctl.base.errors import EngineError, LabStateError
from tests.support.fake_metrics import FakeMetrics


class OneLab:
    """A lab that answers one figure."""

    name = "bench"

    def __init__(self, value: float | None) -> None:
        self.metrics = FakeMetrics({measure._P95: lambda _: value})


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "pause", lambda _: None)


def test_a_lab_is_taken_down_whatever_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    removed: list[str] = []
    monkeypatch.setattr(measure, "tear_down", removed.append)
    monkeypatch.setattr(measure, "bring_up", lambda name, options: (name, options.rps))

    def use() -> None:
        with measure.running("bench", 5) as launch:
            assert launch == ("bench", 5)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        use()
    assert removed == ["bench", "bench"]


def test_a_lab_without_figures_is_an_error() -> None:
    assert measure._p95_after_a_minute([OneLab(0.12)]) == [0.12]  # type: ignore[list-item]
    with pytest.raises(LabStateError, match="'bench' measured nothing"):
        measure._p95_after_a_minute([OneLab(None)])  # type: ignore[list-item]


def test_set_up_is_not_measured_while_labs_need_its_images(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "lab_names", lambda: ["lab"])
    with pytest.raises(LabStateError, match="labs are here"):
        measure.setup_seconds(tmp_path)


class TestMake:
    def test_timed(self, tmp_path: Path) -> None:
        (tmp_path / "Makefile").write_text("setup:\n\ttouch made\n")
        assert 0 <= measure._timed_make(tmp_path) < 60
        assert (tmp_path / "made").exists()

    def test_a_failure_says_why(self, tmp_path: Path) -> None:
        (tmp_path / "Makefile").write_text("other:\n")
        with pytest.raises(EngineError) as caught:
            measure._timed_make(tmp_path)
        assert "No rule" in caught.value.expected
