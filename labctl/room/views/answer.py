"""Answer: component, trigger, mechanism and impact, with their definitions; evidence; a last look; the verdict."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, request

from labctl.actions import incident, lookups, vocabulary
from labctl.actions.vocabulary import Word
from labctl.base.errors import InputError
from labctl.model.verdict import EVIDENCE_FOR_FULL_POINTS, WRONG_PENALTY_S, WRONG_POINTS, parse_answer
from labctl.room.problems import part, status_of
from labctl.room.site import here
from labctl.room.view import View, page
from labctl.room.views.graphs import components

COSTS = {"points": WRONG_POINTS, "seconds": WRONG_PENALTY_S, "pieces": EVIDENCE_FOR_FULL_POINTS}


@dataclass(frozen=True)
class Draft:
    """What was filled in so far."""

    component: str = ""
    trigger: str = ""
    mechanism: str = ""
    impact: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    because: str = ""
    how_much: str = ""


@dataclass(frozen=True)
class Choice:
    """One of the parts of an answer to choose by search."""

    name: str
    title: str
    question: str
    words: Sequence[Word]


def add(room: Blueprint) -> None:
    """Add the routes."""

    @room.get("/answer", endpoint="answer")
    def show() -> Response:
        return _form(_draft())

    @room.post("/answer/draft")
    def draft() -> Response:
        return _form(_draft())

    @room.post("/answer/review")
    def review() -> Response:
        given = _draft()
        checked = part(lambda: _checked(given))
        if checked.problem:
            return _form(given, checked.problem, status_of(checked.problem))
        meanings = {each.word: each.meaning for choice in _choices() for each in choice.words}
        return page("answer_review.html", draft=given, meanings=meanings, costs=COSTS)

    @room.post("/answer")
    def submit() -> Response:
        given = _draft()
        lab = here().lab
        answer = parse_answer(given.component, given.trigger, given.mechanism, given.impact)
        said = incident.beside(given.because, given.how_much)
        pieces = incident.checked_evidence(lab, given.evidence)
        verdict = incident.submit(lab, answer, pieces, None, said)
        return page("verdict.html", verdict=verdict, draft=given, costs=COSTS)


def _form(draft: Draft, problem: object = None, status: int = 200) -> Response:
    lab = here().lab
    state = part(lambda: incident.require_open(lab))
    last = part(lambda: incident.page(lab)) if state.problem else None
    found = part(lambda: lookups.lookups(lab))
    known = [each for each in found.value.lookups if each.evidence] if found.value else []
    return page(
        "answer.html",
        status,
        draft=draft,
        problem=problem,
        shut=state.problem,
        ended=last is not None and last.value is not None,
        choices=_choices(),
        graph=json.dumps(components().as_json),
        impacts=vocabulary.vocabulary().impacts,
        lookups=known[::-1],
        costs=COSTS,
    )


def _draft() -> Draft:
    given = request.values
    evidence = [each.strip() for each in given.getlist("evidence")]
    typed = [each.strip() for each in given.get("more_evidence", "").splitlines()]
    return Draft(
        component=given.get("component", ""),
        trigger=given.get("trigger", ""),
        mechanism=given.get("mechanism", ""),
        impact=tuple(dict.fromkeys(given.getlist("impact"))),
        evidence=tuple(dict.fromkeys(each for each in (*evidence, *typed) if each)),
        because=given.get("because", ""),
        how_much=given.get("how_much", ""),
    )


def _checked(draft: Draft) -> None:
    """Raise what submitting this draft would be refused for."""
    missing = [name for name in ("component", "trigger", "mechanism") if not getattr(draft, name)]
    if missing:
        raise InputError(f"not chosen yet: {', '.join(missing)}", expected="one of each")
    lab = here().lab
    incident.require_open(lab)
    parse_answer(draft.component, draft.trigger, draft.mechanism, draft.impact)
    incident.beside(draft.because, draft.how_much)
    incident.checked_evidence(lab, draft.evidence)


def _choices() -> tuple[Choice, ...]:
    words = vocabulary.vocabulary()
    return (
        Choice("component", "Component", "Where is the root cause?", words.components),
        Choice("trigger", "Trigger", "What changed?", words.triggers),
        Choice("mechanism", "Mechanism", "How does it hurt?", words.mechanisms),
    )


VIEW = View("answer", "Answer", "a", add)
