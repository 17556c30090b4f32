from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from labctl.images.images import BuildState
from labctl.operate import image_steps


class Builder:
    def __init__(self, _bundle: Path, progress: Any) -> None:
        self.progress = progress

    def ensure(self) -> list[str]:
        self.progress("base", BuildState.PRESENT, 0.0)
        self.progress("risk", BuildState.BUILDING, 0.0)
        self.progress("risk", BuildState.BUILT, 7.25)
        return ["risk"]


def test_what_is_built_is_told_with_its_time_and_what_is_there_is_not(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(image_steps, "Images", Builder)
    assert image_steps.build_images() == ["risk"]
    err = capsys.readouterr().err
    assert "risk: built in 7.2 s" in err
    assert "base" not in err
