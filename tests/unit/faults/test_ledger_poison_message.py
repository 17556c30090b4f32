import zlib
from pathlib import Path

import psycopg
import pytest

from faults.ledger_poison_message import FAULT
from labctl.lab import undo
from labctl.model.draw import usual
from services.common.database import DatabaseUnavailableError, translated_errors
from services.ledger.events import parse
from tests.support.corpus import answer_tests
from tests.support.fake_lab import FakeStack, make_lab

RIGHT = (
    "ledger bad-data poison-message",
    "ledger-redis bad-data poison-message",
    "redis bad-data poison-message",
)
WRONG = (
    # the decoy: the ledger is too slow
    "ledger traffic-change consumer-lag",
    "ledger nothing consumer-lag",
    # right place, wrong change or mechanism
    "ledger code-release poison-message",
    "ledger bad-data consumer-lag",
    "ledger nothing poison-message",
    # what the log's word for it suggests
    "postgres infrastructure-failure slow-dependency",
    "ledger-postgres infrastructure-failure network-partition",
    "none nothing nothing-wrong",
)


test_right, test_wrong = answer_tests(FAULT, RIGHT, WRONG)


def _record(stack: FakeStack) -> dict[str, str]:
    (command,) = (command for command in stack.docker.commands if "XADD" in command)
    fields = command[command.index("*") + 1 :]
    return dict(zip(fields[::2], fields[1::2], strict=True))


def test_the_record_comes_and_goes_and_nobody_announces_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    FAULT.break_lab(lab, usual())
    assert stack.docker.seen().events == [_record(stack)["event_id"]]
    undo.replay(lab)
    assert stack.docker.seen().events == []
    assert lab.store.changes.list() == []


def test_the_record_is_well_formed_but_for_what_no_index_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    FAULT.break_lab(lab, usual())
    event = parse(_record(stack))
    assert event.moves_money
    # A third of a page, as Postgres would store it: compressed.
    assert len(zlib.compress((event.request_id or "").encode(), 9)) > 2704


def test_the_error_is_of_the_class_that_is_waited_for() -> None:
    refusal = psycopg.errors.lookup("54000")
    with pytest.raises(DatabaseUnavailableError), translated_errors():
        raise refusal("index row size 6040 exceeds btree version 4 maximum 2704")
