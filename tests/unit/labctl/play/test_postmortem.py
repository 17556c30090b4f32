import re
from dataclasses import replace

import pytest

from labctl.model.incident import Status
from labctl.model.vocabulary import Trigger
from labctl.play.debrief import tell
from labctl.play.mitigation_story import Mitigated, StepTaken
from labctl.play.postmortem import _PREVENTION, postmortem
from labctl.play.postmortem_check import check
from labctl.state.change_feed import Change
from labctl.state.journal import LOOK_UP, Entry
from tests.support.example_fault import EXAMPLE
from tests.support.example_incident import INJECTED, PAGED, SOLVED, solved

CHANGE = Change(1, INJECTED, "configuration", "risk", "Use fewer connections", "4", "2", "c.meyer")
LOOK = Entry(0, PAGED + 20, LOOK_UP, {"command": "metrics", "query": "a|b"}, "")
DRAFT = postmortem(tell(EXAMPLE, solved(), [LOOK]), [CHANGE], healed_at=SOLVED + 10).text


def section(title: str, text: str = DRAFT) -> str:
    return text.split(f"## {title}\n\n")[1].split("\n\n## ", maxsplit=1)[0]


def test_five_sections_in_order() -> None:
    titles = re.findall(r"^## (.*)$", DRAFT, re.MULTILINE)
    assert titles == ["Timeline", "Root cause", "Impact", "Resolution", "Action items"]


def test_the_timeline_is_in_order_and_tells_everything() -> None:
    rows = section("Timeline").splitlines()[2:]
    assert rows == sorted(rows, key=lambda row: row[:12])
    told = "\n".join(rows)
    for what in (
        "risk: configuration by c.meyer: Use fewer connections",
        "risk: requests queue",
        "page: More than 1% of checkouts fail",
        "looked at: metrics a\\|b",
        "submission: root cause",
        "the lab is healed",
    ):
        assert what in told


def test_the_root_cause_in_words_and_as_a_chain() -> None:
    text = section("Root cause")
    assert "Component `risk`, trigger `configuration-change`, mechanism `connection-pool-too-small`." in text
    assert "1. risk: requests queue\n2. payments: payments gives up" in text


def test_the_impact_in_figures() -> None:
    assert "clients: errors: 5% (healthy: 0%), for 2m 04s until the incident ended" in section("Impact")


def test_the_resolution() -> None:
    assert "The root cause was named, 2m 00s on the clock. The lab was healed at" in section("Resolution")


def test_what_was_done_for_the_users() -> None:
    step = StepTaken(1, 20.0, "restart risk", undone=False, together_with=(), evidence_lost="")
    story = replace(tell(EXAMPLE, solved(), []), mitigated=Mitigated((step,), 62.0, (), ()))
    text = section("Resolution", postmortem(story, [], healed_at=None).text)
    assert text.endswith("For the users: restart risk. Time to mitigate: 1m 02s.")


@pytest.mark.parametrize("status", [Status.LOCKED, Status.GIVEN_UP])
def test_an_unsolved_incident_says_so(status: Status) -> None:
    text = postmortem(tell(EXAMPLE, replace(solved(), status=status), []), [], healed_at=None).text
    assert "The root cause was not found" in section("Resolution", text)
    assert "The lab is not healed yet." in section("Resolution", text)


def test_action_items_leave_owner_and_due_date_to_people() -> None:
    rows = [row[1:-1].split("|") for row in section("Action items").splitlines()[2:]]
    assert [(owner.strip(), due.strip()) for _, owner, due in rows] == [("", "")] * 3
    assert "'risk: queue', which moved 7 s before the page" in rows[1][0]


def test_a_draft_that_nobody_has_edited_is_not_complete() -> None:
    missing = [each.missing for each in check(DRAFT).problems]
    assert [each.partition(" of this")[0] for each in missing] == ["the owner", "the due date"] * 3


def test_without_curves_there_still_is_a_draft() -> None:
    bare = tell(EXAMPLE, replace(solved(), curves={}), [])
    assert "## Action items" in postmortem(bare, [], None).text


def test_every_trigger_has_something_that_prevents_it() -> None:
    assert set(_PREVENTION) == set(Trigger)
