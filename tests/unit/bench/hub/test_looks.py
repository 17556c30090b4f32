from __future__ import annotations

import random

from bench.hub import looks
from labctl.gameday.web import paths
from labctl.room.views import VIEWS

DRAWN = [looks.draw(random.Random(seed)) for seed in range(400)]


def test_every_view_that_has_a_share_is_drawn() -> None:
    assert {each.view for each in DRAWN} == set(looks.SHARES)


def test_every_view_is_one_of_the_room() -> None:
    assert set(looks.SHARES) <= {each.name for each in VIEWS}


def test_every_address_is_one_that_the_hub_takes() -> None:
    assert [each for each in DRAWN if not paths.plain(f"/t/t1/{each.target}")] == []


def test_a_seed_draws_the_same_again() -> None:
    assert looks.draw(random.Random(7)) == looks.draw(random.Random(7))
