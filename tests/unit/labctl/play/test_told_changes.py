from dataclasses import replace

from labctl.model.fault import RootCause
from labctl.model.surroundings import Surroundings
from labctl.model.vocabulary import Component, Mechanism, Trigger
from labctl.play.told_changes import BEFORE_S, Part, told
from labctl.state.change_feed import Change
from labctl.state.journal import Entry
from tests.support.example_debrief import CHANGES, DECOY, FAR, entries
from tests.support.example_fault import EXAMPLE, example
from tests.support.example_incident import INJECTED, PAGED, SOLVED, solved


def parts(*changes: Change, journal: list[Entry] | None = None) -> list[Part]:
    journal = entries() if journal is None else journal
    return [each.part for each in told(EXAMPLE, solved(), journal, changes)]


def test_the_change_that_was_made_while_the_fault_was_injected_is_the_cause() -> None:
    assert parts(*CHANGES) == [Part.DECOY, Part.CAUSE, Part.HARMLESS]


def test_what_the_injection_left_is_known_by_its_number() -> None:
    incident = replace(solved(), around=Surroundings(cause=(2,)))
    late = replace(FAR, at=INJECTED + 5)
    found = [each.part for each in told(EXAMPLE, incident, entries(), (DECOY, CHANGES[1], late))]
    assert found == [Part.DECOY, Part.CAUSE, Part.HARMLESS], "somebody else's, made between injection and page"


def test_one_after_the_page_is_nobodys_cause() -> None:
    assert parts(replace(DECOY, at=PAGED + 1)) == [Part.DECOY]


def test_what_the_learner_changed_is_told_as_mitigation() -> None:
    assert parts(replace(DECOY, at=PAGED + 1, author="you")) == []


def test_from_an_hour_before_to_the_end() -> None:
    early, late = replace(FAR, at=INJECTED - BEFORE_S - 1), replace(FAR, at=SOLVED + 1)
    assert parts(early, late) == []
    assert parts(replace(FAR, at=INJECTED - BEFORE_S + 1), replace(FAR, at=SOLVED - 1)) == [Part.HARMLESS] * 2


def test_what_the_feed_did_not_have_at_the_end_is_left_out() -> None:
    assert parts(replace(FAR, id=4, at=INJECTED - 100)) == []


def test_the_journal_of_an_older_labctl_does_not_say_what_was_in_the_feed() -> None:
    assert parts(replace(FAR, id=4, at=INJECTED - 100), journal=[]) == [Part.HARMLESS]


def test_where_nothing_is_wrong_no_change_is_the_cause() -> None:
    calm = example(root_cause=RootCause(Component.NONE, Trigger.NOTHING, Mechanism.NOTHING_WRONG), accepted=())
    assert Part.CAUSE not in [each.part for each in told(calm, solved(), entries(), CHANGES)]
