from pathlib import Path

import pytest

from labctl.lab import fingerprint
from labctl.lab.facts.state import facts
from labctl.lab.lab import Lab
from tests.support.fake_lab import make_lab


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    monkeypatch.setenv("LABCTL_STATE_DIR", str(tmp_path / "state"))
    made, _ = make_lab("lab", tmp_path, monkeypatch)
    return made


def test_a_changed_file_a_version_and_what_is_not_done(lab: Lab) -> None:
    before = facts(lab)
    lab.files.write("risk", "FEATURE_CACHE_TTL_SECONDS=1\n")
    lab.store.set("releases", {"gateway": "9.9.9"})
    lab.store.set("rollout:risk", {})
    said = fingerprint.differences(before, facts(lab))
    assert said[0].startswith("gateway: version was ")
    assert said[1:] == ["risk: configuration file is not what it was", "state: rollout:risk is new ({})"]


def test_that_a_version_was_given_back_is_no_difference(lab: Lab) -> None:
    before = facts(lab)
    lab.store.set("releases", {})
    lab.store.set("images", {"made": []})
    assert facts(lab) == before
