from __future__ import annotations

from pathlib import Path

import pytest

from labctl.base.errors import EngineError
from labctl.lab import undo
from labctl.lab.lab import Lab
from labctl.lab.mechanisms.stream import DEAD_LETTERS, STREAM
from services.ledger.stream import StreamSettings
from services.payments import events
from tests.support.fake_host import FakeHost
from tests.support.fake_lab import FakeStack, make_lab

FIELDS = {"event_id": "e-1", "type": "payment.captured"}


class Refusing(FakeHost):
    """Answers everything with an error, as redis-cli prints it."""

    def exec(self, container: str, *command: str, stdin: str | None = None, **_: object) -> str:
        return "ERR no"


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Lab, FakeStack]:
    return make_lab("lab", tmp_path, monkeypatch)


def test_the_names_are_those_that_the_services_use() -> None:
    assert events.STREAM == STREAM
    assert StreamSettings(STREAM, "g", "c").dead == DEAD_LETTERS


def test_a_record_is_appended_field_by_field_and_nobody_tells(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    lab.stream.publish(FIELDS)
    assert stack.docker.commands[0][-7:] == ("XADD", STREAM, "*", "event_id", "e-1", "type", "payment.captured")
    assert lab.store.changes.list() == []


def test_it_is_taken_out_of_the_stream_and_of_the_dead_letters(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    lab.stream.publish(FIELDS)
    undo.replay(lab)
    assert stack.docker.seen().events == []
    assert {STREAM, DEAD_LETTERS, "e-1"} <= set(stack.docker.commands[-1])


def test_a_refusal_is_an_error_and_is_not_forgotten(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    stack.docker = Refusing()
    for change in (lambda: lab.stream.publish(FIELDS), lambda: undo.replay(lab)):
        with pytest.raises(EngineError, match="ERR no"):
            change()
    assert [each.subject for each in lab.store.undo_log.entries()] == ["e-1"]
