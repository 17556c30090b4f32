from bench.shortcuts import rules
from bench.shortcuts.answers import Answer
from labctl.catalogue import catalogue
from labctl.model.fault import RootCause
from labctl.model.vocabulary import Component, Mechanism, Trigger
from labctl.verify.dashboard_signals import OVERVIEW, RESOURCES
from tests.support.example_fault import CAUSE, example
from tests.support.shortcuts_seen import BROKEN, CHANGES, PAGE, change, curve, seen, trace


def test_the_newest_change() -> None:
    assert rules.newest_change(seen()) == Answer("jobs", "scheduled-job")
    assert rules.newest_change(seen(changes=CHANGES[:2])) == Answer("risk", "configuration-change")
    assert rules.newest_change(seen(changes=[])) is None


def test_the_newest_change_on_the_paging_component() -> None:
    gateway = change("release", "gateway", BROKEN)
    later = change("flag", "gateway", BROKEN + 1)
    assert rules.newest_change_there(seen(changes=[gateway, later, *CHANGES])) == Answer("gateway", "feature-flag")
    assert rules.newest_change_there(seen(page={**PAGE, "service": "risk"})) == Answer("risk", "configuration-change")


def test_a_component_without_a_change_failed_by_itself_or_got_worse_where_it_is_not_ours() -> None:
    assert rules.newest_change_there(seen()) == Answer("gateway", "infrastructure-failure")
    there = seen(page={**PAGE, "service": "acquirer"})
    assert rules.newest_change_there(there) == Answer("acquirer", "dependency-degradation")


def test_the_largest_difference_counts_the_lines_that_changed_and_of_equal_ones_the_newest() -> None:
    assert rules.largest_diff(seen()) == Answer("postgres", "schema-migration")
    long = change("release", "risk", BROKEN, diff="--- a\n+++ b\n" + " same\n" * 50 + "+one\n")
    assert rules.largest_diff(seen(changes=[*CHANGES, long])) == Answer("postgres", "schema-migration")
    equal = change("release", "risk", BROKEN, diff="+a\n+b\n-c\n")
    assert rules.largest_diff(seen(changes=[*CHANGES, equal])) == Answer("risk", "code-release")
    assert rules.largest_diff(seen(changes=[CHANGES[-1]])) is None


def test_the_loudest_component_of_a_dashboard() -> None:
    by_name = {each.name: each for each in (*OVERVIEW, *RESOURCES)}
    latency, evictions = by_name["p99"].query, by_name["evictions"].query
    loud = seen(
        {
            latency: [curve(0.1, 0.9, service="payments"), curve(0.1, 0.2, service="gateway")],
            evictions: [curve(0.0, 9.0, service="redis")],
        }
    )
    assert rules.loudest(loud, OVERVIEW) == Answer("payments", "feature-flag")
    assert rules.loudest(loud, RESOURCES) == Answer("redis", "infrastructure-failure")
    assert rules.loudest(seen(), OVERVIEW) is None


def test_the_clients_and_what_is_no_component_are_never_the_loudest() -> None:
    called = next(each for each in OVERVIEW if each.label == "server_address")
    loud = {called.query: [curve(0.1, 9.0, server_address="clients:80"), curve(0.1, 0.5, server_address="risk:8080")]}
    assert rules.loudest(seen(loud), OVERVIEW) == Answer("risk", "configuration-change")


def test_the_service_of_the_first_error_line() -> None:
    assert rules.first_error(seen()) == Answer("payments", "feature-flag")
    assert rules.first_error(seen(errors=[])) is None


def test_the_service_with_most_failing_spans() -> None:
    assert rules.most_failing_spans(seen()) == Answer("payments", "feature-flag")
    more = [trace("risk", "risk"), trace("risk", "payments")]
    assert rules.most_failing_spans(seen(failing=more)) == Answer("risk", "configuration-change")
    assert rules.most_failing_spans(seen(failing=[trace()])) is None


def test_the_commonest_answer_of_the_catalogue() -> None:
    twice = [example(root_cause=CAUSE), example(root_cause=CAUSE)]
    other = example(root_cause=RootCause(Component.ACQUIRER, Trigger.BAD_DATA, Mechanism.DATA_SKEW))
    assert rules.commonest_answer([other, *twice]) == Answer("risk", "configuration-change")


def test_the_commonest_answer_is_one_of_the_catalogue() -> None:
    known = catalogue.known()
    answer = rules.commonest_answer(known)
    assert any(
        (each.root_cause.component, each.root_cause.trigger) == (answer.component, answer.trigger) for each in known
    )
