from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.images import releases
from labctl.model.versions import as_numbers, following, is_version

VERSIONS = st.lists(st.integers(0, 10**6), min_size=1, max_size=5).map(lambda parts: ".".join(map(str, parts)))
SEEDS = st.integers(0, 2**32)


@given(VERSIONS, SEEDS)
def test_the_next_version_is_later_by_one_step_and_as_long(version: str, seed: int) -> None:
    drawn = following(version, random.Random(seed))
    old, new = as_numbers(version), as_numbers(drawn)
    assert new > old
    assert len(new) == len(old)
    (raised, *reset) = [index for index, (a, b) in enumerate(zip(old, new, strict=True)) if a != b] or [0]
    assert new[raised] == old[raised] + 1
    assert all(new[index] == 0 for index in reset)
    assert len(old) - raised <= 2, "neither the first of three numbers nor more is raised"


@given(VERSIONS, SEEDS)
def test_a_seed_always_draws_the_same(version: str, seed: int) -> None:
    assert following(version, random.Random(seed)) == following(version, random.Random(seed))


@given(st.text())
def test_what_is_no_version_is_refused(text: str) -> None:
    if is_version(text):
        assert ".".join(map(str, as_numbers(text))) == text
        return
    with pytest.raises(ValueError, match="is no version"):
        following(text, random.Random(1))


def test_both_steps_are_drawn() -> None:
    draw = random.Random(1)
    drawn = [following("2.14.1", draw) for _ in range(1000)]
    assert set(drawn) == {"2.14.2", "2.15.0"}
    assert 250 < drawn.count("2.15.0") < 450


def test_a_version_of_one_number_counts_up() -> None:
    assert {following("7", random.Random(seed)) for seed in range(20)} == {"8"}


def test_every_shipped_version_has_a_next_one() -> None:
    for service in releases.services():
        for version in releases.versions(service):
            assert as_numbers(following(version, random.Random(1))) > as_numbers(version)
