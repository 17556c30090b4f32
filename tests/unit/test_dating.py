"""What dates an injection is found, whatever form it has."""

from __future__ import annotations

import pytest

from tests.support.dating import moments

NOW = 1_700_000_100.0


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ({"page": {"at": "2023-11-14T22:14:40.000Z"}}, "/page/at"),
        ({"window_s": 20.0}, "/window_s"),
        ({"edges": [{"seconds": 20}]}, "/edges/0/seconds"),
        ([1_700_000_080], "/0"),
    ],
)
def test_a_moment_is_found(document: object, place: str) -> None:
    assert list(moments(document, NOW)) == [(place, NOW - 20)]


def test_other_figures_and_words_are_none() -> None:
    assert list(moments({"rps": 20.0, "holds": True, "name": "lab", "none": None}, NOW)) == []
