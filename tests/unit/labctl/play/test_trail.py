from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.model.fault import Link
from labctl.model.probe import Probe, at_least
from labctl.model.vocabulary import Component
from labctl.play.debrief import tell
from labctl.play.looked import LookUp
from labctl.play.told_changes import told
from labctl.play.trail import SUBMITTED, THE_CAUSE, THE_CHANGE, bearing_of
from labctl.state.change_feed import Change
from tests.support.example_debrief import CAUSE_CHANGE, CHANGES, entries, entry
from tests.support.example_fault import EXAMPLE, example
from tests.support.example_incident import INJECTED, PAGED, SOLVED, solved

TOLD = tell(EXAMPLE, solved(), entries(), CHANGES)


def bears(
    command: str, at: float = PAGED + 20, evidence: str | None = None, *more: Change, **asked: object
) -> list[str]:
    look = LookUp(1, at, command, "", evidence, asked)
    changes = told(EXAMPLE, solved(), entries(), sorted((*CHANGES, *more), key=lambda each: each.at))
    return list(bearing_of(look, EXAMPLE, solved(), changes))


def test_a_query_of_a_links_figure_shows_that_link() -> None:
    assert bears("metrics", query="sum(queue)") == ["risk: queue"]
    assert bears("metrics", query="queue + retries") == ["risk: queue", "payments: retries"]


@pytest.mark.parametrize("query", ["up", "errors", "not promql(", "(" * 900, ""])
def test_another_query_or_the_pages_own_figure_shows_nothing(query: str) -> None:
    assert bears("metrics", query=query) == []


@given(st.text())
def test_no_query_stops_the_debrief(query: str) -> None:
    assert isinstance(bears("metrics", query=query), list)


def test_the_list_of_changes_shows_the_one_as_far_back_as_it_reaches() -> None:
    assert bears("changes", since="") == [THE_CHANGE]
    assert bears("changes", since="5m") == [THE_CHANGE]
    assert bears("changes", since="1s") == []


def test_the_difference_shows_it_while_it_is_the_components_last_change() -> None:
    assert bears("diff", service="risk", old="", new="") == [THE_CHANGE]
    assert bears("diff", service="payments", old="", new="") == []
    later = replace(CAUSE_CHANGE, id=3, at=PAGED + 2)
    assert bears("diff", PAGED + 20, None, later, service="risk", old="", new="") == []
    assert bears("diff", service="risk", old="4", new="2") == [THE_CHANGE]
    assert bears("diff", service="risk", old="1", new="2") == []


def test_lines_and_traces_of_the_component_that_is_the_cause() -> None:
    assert bears("logs", query='{service_name="risk"} |~ "late"') == [THE_CAUSE]
    assert bears("traces", service="risk") == [THE_CAUSE]
    assert bears("logs", query='{service_name="gateway"}') == []
    assert bears("logs", query='{service_name=~".+"}') == []


def test_what_was_submitted_and_counted() -> None:
    assert bears("trace", PAGED + 20, "promql:queue", id="abc") == [SUBMITTED]
    assert bears("trace", PAGED + 20, "log:nothing", id="abc") == []


def test_the_path_leads_from_the_page_back_to_the_change() -> None:
    assert [(each.shows, each.command) for each in TOLD.path] == [
        ("gateway: the gateway answers 502", "labctl metrics 'bad_gateway'"),
        ("payments: payments gives up", "labctl metrics 'retries'"),
        ("risk: requests queue", "labctl metrics 'queue'"),
        ("risk: Use fewer connections", "labctl diff risk"),
    ]


def test_the_path_says_what_was_looked_at() -> None:
    assert [(each.seen_by, each.seen_at_s) for each in TOLD.path] == [(None, None), (None, None), (2, 20), (4, 30)]


def test_one_step_a_component_is_the_link_that_was_looked_at() -> None:
    waits = Link(Component.RISK, "it waits", Probe("risk: waits", "waits", at_least(1), "s"))
    fault = example(chain=(EXAMPLE.chain[0], waits, *EXAMPLE.chain[1:]))
    looked = [entry(PAGED + 20, command="metrics", query="waits")]
    assert [each.shows for each in tell(fault, solved(), looked).path][-1] == "risk: it waits"
    assert [each.shows for each in tell(fault, solved(), []).path][-1] == "risk: requests queue"


def test_without_a_change_in_the_feed_the_path_ends_at_the_first_link() -> None:
    path = tell(EXAMPLE, solved(), entries(), CHANGES[:1]).path
    assert path[-1].shows == "risk: requests queue"


def test_the_earliest_signal_and_when_it_was_first_looked_at() -> None:
    first = TOLD.first_sign
    assert first is not None
    assert (first.probe, first.onset_s, first.before_page_s) == ("risk: queue", 2, 7)
    assert (first.seen_by, first.seen_at_s) == (2, 20)


def test_a_signal_that_nobody_looked_at() -> None:
    first = tell(EXAMPLE, solved(), [entry(PAGED + 3, command="metrics", query="up")]).first_sign
    assert first is not None
    assert first.seen_by is None


def test_nothing_measured_is_no_signal() -> None:
    assert tell(EXAMPLE, replace(solved(), curves={}), []).first_sign is None


def test_look_ups_after_the_end_show_nothing() -> None:
    late = [entry(SOLVED + 5, command="metrics", query="queue")]
    assert tell(EXAMPLE, solved(), late).path[2].seen_by is None
    assert INJECTED < SOLVED
