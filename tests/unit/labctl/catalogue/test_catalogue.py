import pytest

from labctl.base.errors import CatalogueError, InputError, NotFoundError
from labctl.catalogue.catalogue import by_id, pick, tracks
from tests.support.example_fault import EXAMPLE, example

OTHER = example(id="another-fault", difficulty=4, tracks=frozenset())
FAULTS = (EXAMPLE, OTHER)


def test_by_id() -> None:
    assert by_id("another-fault", FAULTS) is OTHER


def test_an_unknown_id_gets_the_nearest() -> None:
    with pytest.raises(NotFoundError, match="no fault named 'exmaple-fault'") as caught:
        by_id("exmaple-fault", FAULTS)
    assert caught.value.near == "example-fault"


def test_tracks_are_the_categories_and_what_faults_name() -> None:
    assert {"pools", "code", "downstream"} <= tracks(FAULTS)


class TestPick:
    def test_the_same_seed_gives_the_same_fault(self) -> None:
        assert all(pick(FAULTS, seed) is pick(FAULTS[::-1], seed) for seed in range(20))

    def test_every_fault_can_come(self) -> None:
        assert {pick(FAULTS, seed).id for seed in range(50)} == {"example-fault", "another-fault"}

    def test_by_track(self) -> None:
        assert {pick(FAULTS, seed, track="pools").id for seed in range(20)} == {"example-fault"}

    def test_by_category(self) -> None:
        assert pick(FAULTS, 1, track="timeout-config") in FAULTS

    def test_by_difficulty(self) -> None:
        assert pick(FAULTS, 1, difficulty=4) is OTHER

    def test_an_unknown_track_gets_the_nearest(self) -> None:
        with pytest.raises(NotFoundError) as caught:
            pick(FAULTS, 1, track="poles")
        assert caught.value.near == "pools"

    @pytest.mark.parametrize("difficulty", [0, 6, -1])
    def test_an_impossible_difficulty(self, difficulty: int) -> None:
        with pytest.raises(InputError, match="no difficulty"):
            pick(FAULTS, 1, difficulty=difficulty)

    def test_nothing_fits(self) -> None:
        with pytest.raises(CatalogueError, match="no fault fits"):
            pick(FAULTS, 1, track="pools", difficulty=4)
