from pathlib import Path

import pytest

from labctl.base.errors import LabStateError
from labctl.lab import fingerprint
from labctl.lab.facts.fact import hashed
from labctl.lab.fingerprint import SHOWN, differences
from tests.support.fake_lab import make_lab


def test_a_lab_that_is_as_it_was() -> None:
    assert differences({"risk: state": "running"}, {"risk: state": "running"}) == []


def test_what_differs_is_said_in_sentences_by_place() -> None:
    before = {"risk: Memory": "10", "redis: role": "master", "risk: environment A": hashed("1"), "x: key": ""}
    after = {"risk: Memory": "20", "risk: environment A": hashed("2"), "a: rule": "there"}
    assert differences(before, after) == [
        "a: rule is new (there)",
        "redis: role is gone (master)",
        "risk: Memory was 10 and is 20",
        "risk: environment A is not what it was",
        "x: key is gone",
    ]


def test_a_value_that_may_be_secret_is_never_said() -> None:
    assert differences({}, {"risk: environment A": hashed("secret")}) == ["risk: environment A is new"]


def test_a_long_value_is_cut() -> None:
    (said,) = differences({"a": "x" * 1000}, {"a": "y" * 1000})
    assert len(said) < 3 * SHOWN


def test_a_lab_of_which_a_part_is_gone_is_no_crash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    monkeypatch.setattr(stack, "ps", lambda _service=None: [])
    with pytest.raises(LabStateError, match="postgres is not running"):
        fingerprint.take(lab)


def test_a_leftover_is_what_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = [{"a": "1", "b": "2"}, {"a": "1"}]
    monkeypatch.setattr(fingerprint, "take", lambda _lab: looks.pop(0))
    monkeypatch.setattr(fingerprint, "wait_until", lambda look, **_: any(look() for _ in range(2)))
    assert fingerprint.leftovers(None, {"a": "1"}) == []  # type: ignore[arg-type]
