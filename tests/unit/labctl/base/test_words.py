from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from labctl.base.errors import InputError, NotFoundError
from labctl.base.words import matching
from labctl.model.vocabulary import Component, Mechanism

COMPONENTS = [str(word) for word in Component]
MECHANISMS = [str(word) for word in Mechanism]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("payments", "payments"),  # a whole word, though it begins others
        ("Payments", "payments"),
        ("payments-ri", "payments-risk"),
        ("payments risk", "payments-risk"),
        ("payments_risk", "payments-risk"),
        (" gate ", None),
        ("gateway-", "gateway"),
        ("acq", "acquirer"),
    ],
)
def test_a_beginning_that_only_one_word_has_is_enough(typed: str, meant: str | None) -> None:
    if meant is None:
        with pytest.raises(InputError, match="several components begin with"):
            matching("component", typed, COMPONENTS)
    else:
        assert matching("component", typed, COMPONENTS) == meant


def test_several_candidates_are_all_named() -> None:
    with pytest.raises(InputError) as caught:
        matching("mechanism", "cache", MECHANISMS, todo="see them")
    assert caught.value.expected == (
        "one of: cache-lifetime-too-short, cache-key-mismatch, cache-eviction, cache-stampede"
    )
    assert caught.value.todo == "see them"


def test_a_near_word_is_asked_about() -> None:
    with pytest.raises(NotFoundError) as caught:
        matching("component", "paymetns", COMPONENTS)
    assert caught.value.expected == "did you mean 'payments'?"


SECRETS = ["risk-cache-ttl-cut", "risk-timeout-cut", "whale-merchant"]


def test_a_secret_word_is_suggested_to_whoever_nearly_knows_it() -> None:
    with pytest.raises(NotFoundError) as caught:
        matching("fault", "wale-merchant", SECRETS, secret=True)
    assert caught.value.expected == "did you mean 'whale-merchant'?"


@given(st.text(max_size=5))
def test_no_secret_word_is_listed(typed: str) -> None:
    """Five characters are too few to nearly know either of two by, or to mean one: both begin with "risk-"."""
    with pytest.raises((InputError, NotFoundError)) as caught:
        matching("fault", typed, SECRETS[:2], secret=True)
    assert caught.value.expected == "a whole name"


@pytest.mark.parametrize("typed", ["risk", "r", "cache", "merchant", "postgres", "zzz", ""])
def test_a_word_that_fits_many_secrets_tells_none(typed: str) -> None:
    with pytest.raises((InputError, NotFoundError)) as caught:
        matching("fault", typed, SECRETS, todo="see them", secret=True)
    assert caught.value.expected == "a whole name"
    assert caught.value.todo == "see them"


@pytest.mark.parametrize("typed", ["", " ", "-", "_"])
def test_nothing_is_no_beginning(typed: str) -> None:
    with pytest.raises(NotFoundError):
        matching("component", typed, COMPONENTS)


@example("n-plus-one-queries", 1)
@given(st.sampled_from(MECHANISMS), st.integers(min_value=0))
def test_every_beginning_means_its_word_or_names_it_as_a_candidate(word: str, length: int) -> None:
    typed = word[: 1 + length % len(word)]
    candidates = [each for each in MECHANISMS if each.startswith(typed)]
    if len(candidates) == 1 or typed == word:
        assert matching("mechanism", typed, MECHANISMS) == word
    elif not typed.endswith("-"):
        with pytest.raises(InputError) as caught:
            matching("mechanism", typed, MECHANISMS)
        assert caught.value.expected == f"one of: {', '.join(candidates)}"


@given(st.text())
def test_whatever_is_typed_means_a_word_or_is_refused(typed: str) -> None:
    with suppress(InputError, NotFoundError):
        assert matching("mechanism", typed, MECHANISMS) in MECHANISMS
