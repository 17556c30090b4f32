"""What holds for every fault, whichever it is."""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from labctl.base.paths import bundle_root
from labctl.catalogue import soundness
from labctl.catalogue.catalogue_check import NO_FAULTS
from labctl.health.baseline import LOOK_BACK_S
from labctl.images import releases
from labctl.lab import undo
from labctl.lab.lab import Lab
from labctl.model.draw import usual
from labctl.model.fault import Fault
from labctl.model.signature import probes_of
from labctl.model.vocabulary import Track
from tests.support.catalogue import FAULTS
from tests.support.fake_lab import FakeStack, make_lab
from tests.support.telling import words_in

every_fault = pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)


@every_fault
def test_holds_together(fault: Fault) -> None:
    assert soundness.problems(fault) == []


@every_fault
def test_its_file_is_named_after_it_and_stays_short(fault: Fault) -> None:
    path = Path(__file__).parents[3] / "faults" / f"{fault.id.replace('-', '_')}.py"
    lines = [line for line in path.read_text().splitlines() if line.strip()]
    assert len(lines) <= 90


@every_fault
def test_its_story_is_told_in_whole_sentences(fault: Fault) -> None:
    assert len(fault.story.split()) > 20
    assert fault.story.strip().endswith(".")


@every_fault
def test_no_probe_looks_back_further_than_a_healthy_window_knows(fault: Fault) -> None:
    windows = [int(s) for probe in probes_of(fault) for s in re.findall(r"\[(\d+)s(?::1s)?\]", probe.query)]
    assert windows
    assert max(windows) <= LOOK_BACK_S


@every_fault
def test_missing_telemetry_can_not_look_like_a_zero(fault: Fault) -> None:
    assert not [probe.name for probe in probes_of(fault) if "vector(" in probe.query or "absent(" in probe.query]


@every_fault
def test_the_page_is_due_before_a_learner_gives_up(fault: Fault) -> None:
    assert 0 < fault.page_within_s <= 300


@every_fault
def test_nothing_that_a_learner_sees_tells(fault: Fault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for text in _seen(fault, tmp_path, monkeypatch):
        assert fault.id not in text
        assert fault.id.replace("-", "_") not in text
        assert not list(words_in(text))


@every_fault
def test_healing_what_was_injected_gives_the_lab_back(
    fault: Fault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    before = _state(lab, stack)
    fault.break_lab(lab, usual())
    assert _state(lab, stack) != before
    assert undo.replay(lab) > 0
    assert _state(lab, stack) == before
    assert lab.store.undo_log.entries() == []


def test_names_are_unique() -> None:
    assert len({fault.id for fault in FAULTS}) == len(FAULTS)
    assert len({fault.title for fault in FAULTS}) == len(FAULTS)


def test_no_two_faults_share_a_root_cause() -> None:
    for one, other in itertools.combinations(FAULTS, 2):
        assert not any(one.explains(cause) for cause in (other.root_cause, *other.accepted))


def test_every_fault_file_is_listed() -> None:
    folder = Path(__file__).parents[3] / "faults"
    files = {path.stem.replace("_", "-") for path in folder.glob("*.py") if path.name not in NO_FAULTS}
    assert files == {fault.id for fault in FAULTS}


def _state(lab: Lab, stack: FakeStack) -> object:
    """Return what a fault may change: settings, versions, flags, traffic, and what Docker keeps of the containers."""
    settings = {service: lab.configuration.settings(service) for service in lab.files.services()}
    versions = {service: lab.releases.version(service) for service in releases.services()}
    outside = lab.traffic_file.read(), lab.processor_file.settings()
    return settings, versions, lab.flag_file.flags(), outside, stack.docker.seen()


def _seen(fault: Fault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    lab, _ = make_lab("lab", tmp_path, monkeypatch)
    fault.break_lab(lab, usual())
    for change in lab.store.changes.list():
        yield from (change.component, change.summary, change.old, change.new, change.author, change.detail)
    for service in lab.files.services():
        yield lab.files.text(service)
    for rules in (bundle_root() / "compose" / "prometheus").glob("*alert*"):
        yield rules.read_text()


@pytest.mark.parametrize("track", Track)
def test_every_track_has_faults_of_three_degrees_and_more_than_one_category(track: Track) -> None:
    found = [fault for fault in FAULTS if track in fault.tracks]
    assert len(found) >= 6
    assert len({fault.difficulty for fault in found}) >= 3
    assert len({fault.category for fault in found}) >= 3


@every_fault
def test_it_is_somebody_s_practice(fault: Fault) -> None:
    assert fault.tracks
    assert fault.tracks <= set(Track)
