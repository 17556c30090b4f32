"""What varies in each fault: it holds to its ranges, and nothing of its form tells it from a colleague's change."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from labctl.catalogue import colleagues
from labctl.catalogue.rehearsal import Call, rehearse, rehearse_fault
from labctl.images import releases
from labctl.lab import undo
from labctl.model.authors import AUTHORS
from labctl.model.colleague import ChangeKind
from labctl.model.draw import Draw, End, usual
from labctl.model.fault import Fault
from labctl.model.signal import Entry
from tests.support.catalogue import FAULTS
from tests.support.fake_lab import make_lab
from tests.support.telling import words_in

SEEDS = range(40)
KINDS = {
    "configuration": ChangeKind.CONFIGURATION,
    "cache": ChangeKind.CONFIGURATION,
    "database": ChangeKind.MIGRATION,
}

every_fault = pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)


@cache
def announced(fault: Fault) -> list[Call]:
    """Return the calls that leave an entry in the feed, for many seeds."""
    made = [rehearse_fault(fault, draw) for draw in (usual(), usual(End.HIGH), *map(Draw, SEEDS))]
    return [call for calls in made for call in calls if call.author]


@cache
def of_colleagues() -> list[tuple[ChangeKind, Call]]:
    found = colleagues.usable()[0]
    return [(each.kind, call) for each in found for seed in range(20) for call in rehearse(each, Draw(seed))]


@every_fault
def test_it_draws_what_it_says_and_nothing_else(fault: Fault) -> None:
    for draw in (usual(), usual(End.HIGH), Draw(1)):
        rehearse_fault(fault, draw)
        assert set(draw.drawn) == {each.what for each in fault.varies}
    assert all(len(set(each.values)) == len(each.values) >= 2 for each in fault.varies)


@every_fault
def test_one_seed_does_the_same_on_every_machine(fault: Fault) -> None:
    first, second = (_without_the_time(rehearse_fault(fault, Draw("7/fault"))) for _ in range(2))
    assert first == second


@every_fault
def test_the_ends_and_other_draws_are_given_back_by_healing(
    fault: Fault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    before = {service: lab.configuration.settings(service) for service in lab.files.services()}
    for draw in (usual(), usual(End.HIGH), Draw(1), Draw(2)):
        fault.break_lab(lab, draw)
        assert undo.replay(lab) > 0
        assert {service: lab.configuration.settings(service) for service in lab.files.services()} == before
        assert stack.docker.seen().events == []
        assert lab.store.undo_log.entries() == []


@every_fault
def test_anybody_may_have_done_it_in_one_of_three_wordings_or_more(fault: Fault) -> None:
    calls = announced(fault)
    for verb in {(each.mechanism, each.verb, *each.given[:1]) for each in calls}:
        same = [each for each in calls if (each.mechanism, each.verb, *each.given[:1]) == verb]
        assert {each.author for each in same} <= set(AUTHORS)
        assert len({each.author for each in same}) > len(AUTHORS) / 2
        assert len({re.sub(r"\d+", "N", each.summary) for each in same}) >= 3


@every_fault
def test_its_words_have_the_form_of_colleagues_words(fault: Fault) -> None:
    for call in announced(fault):
        assert not list(words_in(call.summary))
        if call.mechanism in KINDS:
            kind = KINDS[call.mechanism]
            lengths = [len(other.summary) for known, other in of_colleagues() if known is kind]
            assert min(lengths) <= len(call.summary) <= max(lengths), call.summary
            assert "\n" not in call.summary
            assert not re.match(r"\w+(ed|ing)\b", call.summary)


@every_fault
def test_its_releases_messages_have_the_form_of_all_others(fault: Fault) -> None:
    shipped = {tuple(call.given[:2]) for _, call in of_colleagues() if call.mechanism == "releases"}
    others = [each.message for service, name in shipped if (each := releases.release(service, name))]
    for call in announced(fault):
        if call.mechanism == "releases":
            title, empty, *body = call.summary.split("\n")
            assert not empty
            assert len(title) <= max(len(each.split("\n")[0]) for each in others)
            assert 1 <= len(body) <= max(each.count("\n") - 1 for each in others)
            assert max(map(len, body)) <= max(len(line) for each in others for line in each.split("\n"))


def test_no_value_is_one_that_a_colleague_may_have_set_before() -> None:
    theirs = {call.given for _, call in of_colleagues() if call.verb in ("change", "configure")}
    for fault in FAULTS:
        assert theirs.isdisjoint(call.given for call in announced(fault) if call.verb in ("change", "configure"))


@every_fault
def test_its_evidence_names_whatever_was_drawn(fault: Fault) -> None:
    patterns = [each.pattern for each in fault.evidence if isinstance(each, Entry) and "=" in each.pattern]
    for pattern in patterns:
        assert all(re.search(pattern, _setting(call)) for call in announced(fault) if call.verb == "change")


def _setting(call: Call) -> str:
    return f"{call.given[1]}={call.given[2]}"


def _without_the_time(calls: Iterable[Call]) -> str:
    return re.sub(r"'occurred_at': '[^']*'", "", str(list(calls)))
