from pathlib import Path

import pytest

from labctl.verify.affected import touched
from tests.support.example_fault import example

CODE, CONFIG, JOB = (example(id=f"{name}-fault") for name in ("code", "config", "job"))
FAULTS = (CODE, CONFIG, JOB)
EVERY = [each.id for each in FAULTS]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A catalogue of which one fault deploys a release."""
    (tmp_path / "faults").mkdir()
    for each in FAULTS:
        path = tmp_path / "faults" / f"{each.id.replace('-', '_')}.py"
        path.write_text(
            '"""A story of 1.10.0."""\n' + ('lab.releases.deploy("risk", "1.10.0")\n' if each is CODE else "")
        )
    return tmp_path


@pytest.mark.parametrize(
    ("path", "ids"),
    [
        ("faults/config_fault.py", ["config-fault"]),
        ("tests/unit/faults/test_job_fault.py", ["job-fault"]),
        ("services/releases/risk/1.10.0.patch", ["code-fault"]),
        ("services/releases/risk/1.11.0.patch", EVERY),
        ("services/releases/payments/1.10.0.patch", EVERY),
        ("faults/__init__.py", []),
        ("faults/probes.py", EVERY),
        ("faults/database_probes.py", EVERY),
        ("labctl/model/onset.py", EVERY),
        ("compose/lab.yml", EVERY),
        ("services/risk/app.py", EVERY),
        ("loadgen/locustfile.py", EVERY),
        ("requirements/services.lock", EVERY),
        ("services/risk/README.md", []),
        ("docs/telemetry.md", []),
        ("tests/unit/faults/test_probes.py", []),
        ("tests/unit/labctl/model/test_onset.py", []),
        ("bench/measure.py", []),
    ],
)
def test_what_a_path_touches(root: Path, path: str, ids: list[str]) -> None:
    assert [each.id for each in touched(FAULTS, [path], root)] == ids


@pytest.mark.parametrize(
    ("path", "ids"),
    [
        ("ours/my_fault.py", ["my-fault"]),
        ("ours/tests/test_my_fault.py", ["my-fault"]),
        ("ours/_shared.py", ["my-fault", "other-fault"]),
        ("ours/releases/risk/2.0.0.patch", ["my-fault", "other-fault"]),
        ("faults/config_fault.py", ["config-fault"]),
    ],
)
def test_what_a_path_in_a_folder_of_ones_own_touches(root: Path, path: str, ids: list[str]) -> None:
    own = tuple(example(id=f"{name}-fault", folder=root / "ours") for name in ("my", "other"))
    assert [each.id for each in touched((*FAULTS, *own), [path], root)] == ids


def test_faults_from_elsewhere_are_always_touched_since_git_cannot_say(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    theirs = example(id="their-fault", folder=tmp_path_factory.mktemp("elsewhere"))
    assert touched((*FAULTS, theirs), ["faults/job_fault.py"], root) == [JOB, theirs]
    assert touched((*FAULTS, theirs), [], root) == [theirs]


def test_several_paths_touch_each_fault_once_in_the_catalogues_order(root: Path) -> None:
    paths = ["faults/job_fault.py", "tests/unit/faults/test_job_fault.py", "faults/code_fault.py"]
    assert touched(FAULTS, paths, root) == [CODE, JOB]


def test_no_path_touches_nothing(root: Path) -> None:
    assert touched(FAULTS, [], root) == []


def test_a_fault_whose_file_is_gone_names_no_release(tmp_path: Path) -> None:
    assert touched(FAULTS, ["services/releases/risk/1.10.0.patch"], tmp_path) == list(FAULTS)
