from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from services.acquirer.answers import DECLINE_CODES, Answers, Decision, KeyReusedError, authorise


def decision(number: int) -> Decision:
    return Decision(True, "approved", f"acq_{number}")


def test_decided_once_per_key() -> None:
    answers, made = Answers(), iter(range(9))
    first = answers.once("k", "body", lambda: decision(next(made)))
    assert answers.once("k", "body", lambda: decision(next(made))) == first
    assert answers.once("other", "body", lambda: decision(next(made))) != first


def test_decided_once_when_asked_at_once() -> None:
    answers, made = Answers(), iter(range(99))
    with ThreadPoolExecutor(16) as threads:
        given = set(threads.map(lambda _: answers.once("k", "body", lambda: decision(next(made))), range(50)))
    assert len(given) == 1
    assert next(made) == 1


def test_a_key_stands_for_one_body() -> None:
    answers = Answers()
    answers.once("k", "body", lambda: decision(1))
    with pytest.raises(KeyReusedError):
        answers.once("k", "another", lambda: decision(2))


def test_the_oldest_key_is_forgotten_first() -> None:
    answers = Answers(most=2)
    for key in ("a", "b", "a", "c"):
        answers.once(key, "body", lambda: decision(1))
    assert answers.once("a", "body", lambda: decision(9)) == decision(1)
    assert answers.once("b", "body", lambda: decision(9)) == decision(9)


def test_the_token_decides() -> None:
    assert authorise("k1", "tok_1", 0.5).approved is authorise("k2", "tok_1", 0.5).approved
    assert authorise("k1", "tok_1", 0.5).reference != authorise("k2", "tok_1", 0.5).reference


def test_the_share_of_declined_cards() -> None:
    given = [authorise("k", f"tok_{number}", 0.03) for number in range(20_000)]
    declined = [one for one in given if not one.approved]
    assert 0.025 < len(declined) / len(given) < 0.035
    assert {one.code for one in declined} == set(DECLINE_CODES)
    assert all(authorise("k", f"tok_{number}", 0.0).approved for number in range(100))
