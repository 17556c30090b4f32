from collections.abc import Mapping

import pytest

from labctl.model.measurement import Curve, Window
from labctl.verify.confusion import Cell, Held, cell, cells, confusions, unclear
from tests.support.example_fault import EXAMPLE, example

HEALTHY, BROKEN = Window(0, 9), Window(10, 29)
QUIET = {"queue": 10.0, "errors": 0.0, "cpu": 0.2}
LOUD = {"queue": 40.0, "errors": 0.05, "cpu": 0.2}


def curves(spans: Mapping[range, Mapping[str, float]]) -> dict[str, Curve]:
    """One curve per query, from what each span of seconds shows."""
    return {
        query: tuple((float(at), shown[query]) for span, shown in spans.items() for at in span if query in shown)
        for query in QUIET
    }


def judged(spans: Mapping[range, Mapping[str, float]]) -> Cell:
    return cell(EXAMPLE, curves(spans), HEALTHY, BROKEN)


def test_it_holds_when_all_of_it_holds_at_once() -> None:
    assert judged({range(15): QUIET, range(15, 30): LOUD}) == Cell("example-fault", Held.YES, 5.0)


def test_two_seconds_are_noise_and_three_are_not() -> None:
    assert judged({range(15): QUIET, range(15, 17): LOUD, range(17, 30): QUIET}).holds is Held.NO
    assert judged({range(15): QUIET, range(15, 18): LOUD, range(18, 30): QUIET}).holds is Held.YES


def test_parts_that_hold_one_after_the_other_are_no_signature() -> None:
    first, second = {**QUIET, "queue": 40.0}, {**QUIET, "errors": 0.05}
    assert judged({range(10): QUIET, range(10, 20): first, range(20, 30): second}).holds is Held.NO


def test_what_must_not_move_rules_it_out() -> None:
    assert judged({range(10): QUIET, range(10, 30): {**LOUD, "cpu": 0.9}}).holds is Held.NO


@pytest.mark.parametrize("query", QUIET)
def test_missing_telemetry_is_unknown_when_the_rest_holds(query: str) -> None:
    shown = {name: value for name, value in LOUD.items() if name != query}
    found = judged({range(10): QUIET, range(10, 30): shown})
    assert found.holds is Held.UNKNOWN
    assert len(found.missing) == 1


def test_missing_telemetry_decides_nothing_where_the_rest_rules_it_out() -> None:
    assert judged({range(10): QUIET, range(10, 30): {"cpu": 0.2, "errors": 0.0}}).holds is Held.NO


def test_no_telemetry_at_all_is_unknown() -> None:
    assert judged({}).holds is Held.UNKNOWN


def test_a_row_has_a_cell_for_every_fault_in_the_catalogues_order() -> None:
    faults = (example(id="one-fault"), example(id="other-fault"))
    shown = curves({range(10): QUIET, range(10, 30): LOUD})
    assert [each.signature for each in cells(faults, shown, HEALTHY, BROKEN)] == ["one-fault", "other-fault"]


def test_only_other_signatures_that_hold_are_confusions_and_both_are_named() -> None:
    row = (Cell("one", Held.YES, 3.0), Cell("two", Held.YES, 4.0), Cell("three", Held.NO))
    (reason,) = confusions("one", row)
    assert reason == "the signature of two held as well, under one (4 s after the injection)"


def test_unclear_ones_say_what_is_missing() -> None:
    row = (Cell("one", Held.UNKNOWN, missing=("own",)), Cell("two", Held.UNKNOWN, missing=("a", "b")))
    (reason,) = unclear("one", row)
    assert "two holds under one is unknown: no data for 'a', 'b'" in reason
