from dataclasses import replace

from labctl.model.incident import Status
from labctl.play.debrief import tell
from labctl.play.timeline import Kind
from tests.support.example_debrief import CHANGES, entries, entry
from tests.support.example_fault import EXAMPLE, NEAR
from tests.support.example_incident import INJECTED, PAGED, SOLVED, attempt, solved

TOLD = tell(EXAMPLE, solved(attempt(PAGED + 50, NEAR)), entries(), CHANGES).timeline


def of(kind: Kind) -> list[tuple[float, str, str, str]]:
    return [(each.at, each.where, each.what, each.part) for each in TOLD if each.kind is kind]


def test_everything_is_on_it_in_order() -> None:
    assert {each.kind for each in TOLD} == set(Kind) - {Kind.CLOCK}
    assert [each.at for each in TOLD] == sorted(each.at for each in TOLD)


def test_changes_say_their_part() -> None:
    assert of(Kind.CHANGE)[:2] == [
        (INJECTED - 40, "gateway", "flag by a.novak: Trim more exactly (off to on)", "decoy"),
        (INJECTED + 1, "risk", "configuration by c.meyer: Use fewer connections (4 to 2)", "cause"),
    ]


def test_effects_are_the_links_that_showed() -> None:
    assert of(Kind.EFFECT)[0] == (INJECTED + 2, "risk", "requests queue", "")


def test_look_ups_have_their_numbers() -> None:
    assert of(Kind.LOOK_UP)[1] == (PAGED + 20, "", "#2 metrics queue, 5m", "")


def test_a_hypothesis_and_what_was_said_of_it() -> None:
    assert [what for _, _, what, _ in of(Kind.HYPOTHESIS)] == ["1: a word", "1 supported by a word"]


def test_submissions_say_whether_they_were_right() -> None:
    assert [part for *_, part in of(Kind.SUBMISSION)] == ["wrong", "right"]


def test_mitigations_and_later_pages_are_read_from_the_journal() -> None:
    assert of(Kind.MITIGATION) == [(PAGED + 60, "", "rollback risk a word", "")]
    assert of(Kind.PAGE) == [
        (PAGED, "", "More than 1% of checkouts fail", ""),
        (PAGED + 44, "", "LedgerLate", ""),
    ]


def test_what_an_instructor_did_to_the_clock_stands_where_it_was_done() -> None:
    done = [
        entry(PAGED + 11, "clock", incident="INC-0001", what="pause", at=PAGED + 10),
        entry(PAGED + 31, "clock", incident="INC-0001", what="resume", at=PAGED + 30),
        entry(PAGED + 41, "clock", incident="INC-0001", what="extend", at=PAGED + 40, by_s=90),
    ]
    found = [each for each in tell(EXAMPLE, solved(), done).timeline if each.kind is Kind.CLOCK]
    assert [(each.at - PAGED, each.what) for each in found] == [
        (10, "the clock was paused"),
        (30, "the clock ran on"),
        (40, "the limit was moved by 1m 30s"),
    ]


def test_what_belongs_to_another_incident_is_not_on_it() -> None:
    other = [entry(PAGED + 5, "mitigation", incident="INC-0002", what="restart risk")]
    assert not [each for each in tell(EXAMPLE, solved(), other).timeline if each.kind is Kind.MITIGATION]


def test_the_end_says_how() -> None:
    assert of(Kind.END) == [(SOLVED, "", "solved", "")]
    given_up = tell(EXAMPLE, replace(solved(), status=Status.GIVEN_UP), []).timeline
    assert given_up[-1].what == "given up"
