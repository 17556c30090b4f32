import json
from dataclasses import replace
from pathlib import Path

import pytest

from bench.merge import main, merged
from labctl.base.errors import InputError
from labctl.model.signature import Outcome
from labctl.verify.batch_record import BatchRecord
from labctl.verify.decided import Looked
from labctl.verify.soak import Soak
from labctl.verify.verification_record import Record
from tests.support.example_record import RECORD

IN_FOG = replace(RECORD, fog="hazy", effects=(), evidence=(Looked("logs", "log", "risk", decides=True),))


def at(started: float, fault: str, outcome: Outcome = Outcome.PASS) -> Record:
    return replace(IN_FOG, fault=fault, started_at=started, outcome=outcome)


def test_every_run_of_every_part_is_there_in_the_order_in_which_they_were_made() -> None:
    later = BatchRecord((at(300, "two"), at(400, "one", Outcome.FAIL))).to_document()
    earlier = BatchRecord((at(100, "one"),)).to_document()
    whole = merged([later, earlier])
    assert [(each.fault, each.started_at) for each in whole.records] == [("one", 100), ("two", 300), ("one", 400)]
    assert whole.outcome is Outcome.FAIL, "a run that failed is not outdone by one that passed"


def test_what_was_run_in_no_part_is_not_run() -> None:
    cut = BatchRecord((at(1, "one"),), ("two", "three", "three"), why_not={"three": "too slow a host"}).to_document()
    rest = BatchRecord((at(2, "two"),)).to_document()
    whole = merged([cut, rest])
    assert whole.not_run == ("three",)
    assert whole.why_not == {"three": "too slow a host"}
    assert whole.outcome is Outcome.UNKNOWN
    assert merged([cut, rest, BatchRecord((at(3, "three"),)).to_document()]).outcome is Outcome.PASS


@pytest.mark.parametrize("other", [replace(IN_FOG, fog="dense"), replace(IN_FOG, rps=40.0), RECORD])
def test_parts_of_different_kinds_are_refused(other: Record) -> None:
    with pytest.raises(InputError, match="different kinds"):
        merged([BatchRecord((IN_FOG,)).to_document(), BatchRecord((other,)).to_document()])


def test_a_part_with_a_soak_is_refused() -> None:
    with pytest.raises(InputError, match="soak"):
        merged([BatchRecord(soak=Soak("lab", 20, 60, seconds=60)).to_document()])


def test_the_whole_is_a_record_like_any_other(tmp_path: Path) -> None:
    parts = [tmp_path / "a.json", tmp_path / "b.json"]
    for number, part in enumerate(parts):
        part.write_text(json.dumps(BatchRecord((at(number, f"fault-{number}"),)).to_document()))
    main(tmp_path / "whole.json", parts)
    found = json.loads((tmp_path / "whole.json").read_text())
    whole = BatchRecord((at(0, "fault-0"), at(1, "fault-1"))).to_document()
    assert found == json.loads(json.dumps(whole))
