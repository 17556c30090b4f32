from __future__ import annotations

from dataclasses import replace

from bench.hub.crowd import Crowd
from bench.hub.lost import Account
from bench.hub.report import figures, report
from bench.hub.run import HUB, Asked, Run
from bench.hub.using import Taken

RUN = Run(
    Crowd(),
    (
        Asked("look-up: logs", 100, ""),
        Asked("look-up: logs", 200, ""),
        Asked("kept fresh: the team", 10, ""),
        Asked("the stream", 9000, ""),
    ),
    Account(40, (), (0.5, 1.0)),
    0,
    0,
    0,
    {HUB: Taken(120, 0.3, 60), "the rooms": Taken(500, 0.4)},
    1.9,
)
FAILED = replace(
    RUN,
    asked=(*RUN.asked, Asked("look-up: logs", 5, "429 Too Many Requests")),
    account=Account(40, ("Learner 7 of t1: alerts b",), ()),
    doubles=2,
    not_paged=1,
)


def test_a_run_in_which_nothing_went_wrong_keeps_every_budget() -> None:
    assert [each.name for each in figures(RUN) if each.ratio > 1] == []


def test_answers_are_counted_apart_and_the_stream_is_none() -> None:
    assert [each.value for each in figures(RUN)][:2] == [200, 10]


def test_the_hub_is_measured_beside_what_is_not_the_hub() -> None:
    assert [(each.value, each.budget) for each in figures(RUN)][-2:] == [(120, 200), (0.3, 0.5)]


def test_one_failure_one_lost_event_one_incident_that_never_came_break_a_budget_each() -> None:
    broken = [each for each in figures(FAILED) if each.ratio > 1]
    assert [each.value for each in broken] == [1, 3, 1]


def test_the_page_says_what_was_wrong() -> None:
    page = report(FAILED, {"cores": 2})
    assert "- 1 times look-up: logs: 429 Too Many Requests" in page
    assert "- lost: Learner 7 of t1: alerts b" in page
    assert "- 2 events came twice" in page
    assert "What was wrong" not in report(RUN, {"cores": 2})


def test_the_page_has_each_request_and_each_part() -> None:
    page = report(RUN, {"cores": 2})
    assert "| look-up: logs | 2 | 0 | 150 | 200 | 200 |" in page
    assert "| the rooms | 500 | 0 | 0.400 |" in page
    assert "| the hub and its keeper | 120 | 60 | 0.300 |" in page
    assert "| the whole host | - | - | 1.900 |" in page
    assert "| the whole host |" not in report(replace(RUN, busy_cores=None), {"cores": 2})
