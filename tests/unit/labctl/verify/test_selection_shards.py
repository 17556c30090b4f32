import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.base.errors import InputError
from labctl.model.fault import Fault
from labctl.verify.selection import Shard, estimate, parse_shard, part
from tests.support.example_fault import example

catalogues = st.lists(st.sampled_from([30.0, 60.0, 120.0, 300.0]), max_size=20).map(
    lambda dues: [example(id=f"fault-{i}", page_within_s=due) for i, due in enumerate(dues)]
)


@given(catalogues, st.integers(1, 8))
def test_every_fault_is_in_exactly_one_shard_in_the_catalogues_order(faults: list[Fault], count: int) -> None:
    parts = [part(faults, Shard(number, count)) for number in range(1, count + 1)]
    assert sorted(each.id for one in parts for each in one) == sorted(each.id for each in faults)
    assert all(one == [each for each in faults if each in one] for one in parts)


@given(catalogues, st.integers(1, 8))
def test_shards_differ_by_one_verification_at_most(faults: list[Fault], count: int) -> None:
    loads = [sum(map(estimate, part(faults, Shard(number, count)))) for number in range(1, count + 1)]
    assert max(loads) - min(loads) <= max(map(estimate, faults), default=0.0)


def test_the_split_does_not_depend_on_the_order() -> None:
    faults = [example(id=f"fault-{i}") for i in range(7)]
    one, other = part(faults, Shard(1, 3)), part(faults[::-1], Shard(1, 3))
    assert [each.id for each in one] == sorted(each.id for each in other)


def test_parse_shard() -> None:
    assert parse_shard("2/3") == Shard(2, 3)


@pytest.mark.parametrize("text", ["", "0/3", "4/3", "1", "a/b", "1/0", "-1/3", "1/3/5", "१/३"])
def test_what_is_no_shard_is_wrong_usage(text: str) -> None:
    with pytest.raises(InputError, match="not a part of a whole"):
        parse_shard(text)
