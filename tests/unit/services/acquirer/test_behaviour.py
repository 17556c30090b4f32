from __future__ import annotations

from pathlib import Path

import pytest

from labctl.base import paths
from labctl.state.processor import ProcessorFile
from services.acquirer.behaviour import Behaviour

SHIPPED = (paths.bundle_root() / "compose/config/acquirer.env").read_text()


def test_without_a_file_it_never_changes() -> None:
    assert Behaviour({"DECLINE_RATIO": "0.5"}).now().decline_ratio == 0.5


def test_it_follows_what_labctl_writes_and_keeps_what_it_decided(tmp_path: Path) -> None:
    file = ProcessorFile(tmp_path / "processor" / "plan", SHIPPED)
    behaviour = Behaviour({"PLAN_FILE": str(file.path), "DECLINE_RATIO": "0.03"})
    file.prepare()
    before = behaviour.now()
    assert (before.refused_schemes, before.decline_ratio) == (frozenset(), 0.03)

    file.write({"REFUSED_SCHEMES": "amex", "DETOUR_RATIO": "0.035"})
    after = behaviour.now()
    assert (after.refused_schemes, after.latency.detours.share) == ({"amex"}, 0.035)
    assert after.answers is before.answers
    assert behaviour.now() is after, "read again only when it has changed"

    file.write({"REFUSED_SCHEMES": ""})
    assert (behaviour.now().refused_schemes, behaviour.now().latency.detours.share) == (frozenset(), 0.035)


@pytest.mark.parametrize("text", ["", "no sealed text", '{"ERROR_RATIO": "1"}'])
def test_a_damaged_file_changes_nothing(tmp_path: Path, text: str) -> None:
    path = tmp_path / "plan"
    path.write_text(text)
    assert Behaviour({"PLAN_FILE": str(path)}).now().error_ratio == 0.001
