"""The corpus of submissions (tests/corpus): each is judged as its file says, and the debrief gives its reason."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from labctl.model.fault import Fault
from labctl.model.incident import Attempt
from labctl.model.verdict import Answer, is_root_cause, parse_answer, score
from labctl.model.vocabulary import Mechanism
from labctl.play import debrief
from tests.support.catalogue import FAULTS
from tests.support.example_incident import PAGED, SOLVED, solved

FOLDER = Path(__file__).parents[2] / "corpus"
LEAST = {"right": 3, "near": 6, "wrong": 6}
OF_NO_FAULT = 25

Submission = dict[str, Any]


def corpus(fault: Fault) -> dict[str, list[Submission]]:
    found: dict[str, list[Submission]] = json.loads((FOLDER / f"{fault.id}.json").read_text(encoding="utf-8"))
    return found


def told(fault: Fault, submission: Submission) -> str:
    """Return the reason that the debrief gives for a wrong submission."""
    answer = parse_answer(*_words(submission), submission["impact"])
    right = Answer(fault.root_cause, fault.impact)
    attempts = (
        Attempt(PAGED + 30, answer, (), (), right=False),
        Attempt(SOLVED, right, (), (), right=True),
    )
    (wrong,) = debrief.tell(fault, replace(solved(), fault=fault.id, attempts=attempts, curves={}), ()).wrong_answers
    return wrong.reason


def _words(submission: Submission) -> tuple[str, str, str]:
    return submission["component"], submission["trigger"], submission["mechanism"]


every_fault = pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)


@every_fault
def test_there_are_enough_and_none_is_there_twice(fault: Fault) -> None:
    found = corpus(fault)
    assert found.keys() == LEAST.keys()
    for kind, least in LEAST.items():
        assert len(found[kind]) >= least, kind
    every = [json.dumps([_words(each), each["impact"]]) for each in (*found["right"], *found["near"], *found["wrong"])]
    assert len(set(every)) == len(every)


@every_fault
def test_right_ones_are_right_and_earn_what_is_said(fault: Fault) -> None:
    for each in corpus(fault)["right"]:
        answer = parse_answer(*_words(each), each["impact"])
        assert is_root_cause(fault, answer), each
        assert score(fault, answer, 0).total == each["points"], each


@every_fault
def test_near_misses_are_wrong_for_the_faults_own_reasons(fault: Fault) -> None:
    near = corpus(fault)["near"]
    assert {_words(each) for each in near} == {tuple(vars(miss.root_cause).values()) for miss in fault.near_misses}
    for each in near:
        assert not is_root_cause(fault, parse_answer(*_words(each), each["impact"])), each
        assert told(fault, each) == each["reason"]


@every_fault
def test_wrong_ones_are_wrong_in_the_parts_that_are_named(fault: Fault) -> None:
    for each in corpus(fault)["wrong"]:
        assert not is_root_cause(fault, parse_answer(*_words(each), each["impact"])), each
        assert told(fault, each) == each["reason"]
        assert each["reason"].startswith("the ")


def test_every_file_is_of_a_fault() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == {fault.id for fault in FAULTS}


def test_most_mechanisms_are_right_for_no_fault() -> None:
    right = {cause.mechanism for fault in FAULTS for cause in (fault.root_cause, *fault.accepted)}
    assert len(set(Mechanism) - right) >= OF_NO_FAULT
