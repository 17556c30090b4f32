from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from labctl.base.errors import InputError, LabStateError, LookupFailedError
from labctl.cli.cli import program
from labctl.cli.commands import mitigate
from labctl.lab.lab import Lab
from labctl.model.mitigation import VERBS
from labctl.model.samples import Alert
from labctl.operate import guard
from labctl.state.locking import locked
from tests.support.catalogue import FAULTS
from tests.support.fake_lab import FakeStack, make_container, make_lab
from tests.support.fake_metrics import FakeMetrics
from tests.support.telling import words_in

PAGE = Alert("CheckoutErrorRatioHigh", "firing", {"severity": "page"}, {}, 1.0)


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Lab, FakeStack]:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    stack.containers.append(make_container("gateway"))
    lab.__dict__["metrics"] = FakeMetrics({}, firing=lambda: [PAGE])
    monkeypatch.setattr(Lab, "open", lambda _name: lab)
    return lab, stack


def answer(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_a_step_its_number_its_undo_and_what_pages(
    made: tuple[Lab, FakeStack], capsys: pytest.CaptureFixture[str]
) -> None:
    lab, _ = made
    mitigate.config("payments", "DB_POOL_MAX=16", "lab")
    said = capsys.readouterr()
    assert "1: config payments DB_POOL_MAX=16" in said.out
    assert "labctl mitigate undo 1" in said.err
    assert "CheckoutErrorRatioHigh" in said.err
    mitigate.undo(1, "lab", as_json=True)
    undone = answer(capsys)
    assert (undone["step"], undone["undo"]) == ("undo config payments DB_POOL_MAX=16", None)
    assert lab.configuration.settings("payments")["DB_POOL_MAX"] == "8"


def test_json(made: tuple[Lab, FakeStack], capsys: pytest.CaptureFixture[str]) -> None:
    mitigate.restart("risk", "lab", as_json=True)
    found = answer(capsys)
    assert found.pop("seconds") >= 0
    assert found == {
        "schema": "labctl.mitigation/1",
        "number": 1,
        "step": "restart risk",
        "incident": None,
        "undo": None,
        "pages": ["CheckoutErrorRatioHigh"],
    }


@pytest.mark.parametrize("words", [[], ["--list"], ["list"]])
def test_the_catalogue_fits_any_incident(
    words: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LABCTL_STATE_DIR", str(tmp_path))
    program()(["mitigate", *words], standalone_mode=False)
    said = capsys.readouterr()
    for each in VERBS:
        assert each.verb in said.out
    assert "payments" in said.err
    for fault in FAULTS:
        assert fault.id not in said.out + said.err
    assert not list(words_in(said.out))


def test_the_flags_are_those_of_the_lab(made: tuple[Lab, FakeStack], capsys: pytest.CaptureFixture[str]) -> None:
    mitigate.flag("issuer-signals", "off", "lab")
    capsys.readouterr()
    mitigate.list_(name="lab", as_json=True)
    flags = {each["flag"]: each["variant"] for each in answer(capsys)["flags"]}
    assert flags["issuer-signals"] == "off"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda: mitigate.scale("risk", "cpu"), "no amount"),
        (lambda: mitigate.scale("risk", "cpu=nan"), "out of range"),
        (lambda: mitigate.config("risk", "DB_POOL_MAX"), "no setting"),
        (lambda: mitigate.config("risk", "DB_POOL_MAX=8\nX=1"), "several lines"),
    ],
)
def test_what_cannot_be_understood(made: tuple[Lab, FakeStack], change: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        change()
    assert made[0].store.undo_log.entries() == []


def test_one_command_at_a_time(made: tuple[Lab, FakeStack]) -> None:
    with locked("lab", "break"), pytest.raises(LabStateError, match="is in use by 'labctl break'"):
        mitigate.restart("risk", "lab")


def test_a_silent_telemetry_does_not_hide_that_the_step_was_taken(
    made: tuple[Lab, FakeStack], capsys: pytest.CaptureFixture[str]
) -> None:
    lab, stack = made

    def refuse() -> list[Alert]:
        raise LookupFailedError("Prometheus is away")

    lab.__dict__["metrics"] = FakeMetrics({}, firing=refuse)
    mitigate.shed(0.5, "lab")
    assert "1: shed 0.5" in capsys.readouterr().out
    assert stack.rollouts == ["gateway"]


def test_ctrl_c_leaves_it_to_the_next_command(made: tuple[Lab, FakeStack], monkeypatch: pytest.MonkeyPatch) -> None:
    lab, stack = made
    monkeypatch.setattr(stack, "rollout", lambda _service: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        mitigate.shed(0.5, "lab")
    assert [each.what for each in guard.interrupted(lab)] == [guard.MITIGATE]
    monkeypatch.undo()
    lab.__dict__["stack"] = stack
    monkeypatch.setattr(Lab, "open", lambda _name: lab)
    mitigate.block("customer", "7", "lab")
    settings = lab.configuration.settings("gateway")
    assert (settings["SHED_CHECKOUTS"], settings["BLOCKED_CUSTOMERS"]) == ("0", "7")
