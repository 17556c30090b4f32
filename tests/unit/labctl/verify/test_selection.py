from collections.abc import Callable
from pathlib import Path

import pytest

from labctl.base.errors import InputError, NotFoundError
from labctl.model.fault import Fault
from labctl.verify import git
from labctl.verify.selection import select
from tests.support.example_fault import example

ONE, TWO, THREE = (example(id=f"fault-{name}") for name in ("one", "two", "three"))


def chosen(*ids: str, everything: bool = False, changed: str | None = None, shard: str | None = None) -> list[Fault]:
    return select((ONE, TWO, THREE), ids, everything=everything, changed=changed, shard=shard)


def test_those_named_each_once_in_the_order_asked_for() -> None:
    assert chosen("fault-two", "fault-one", "fault-two") == [TWO, ONE]


def test_all() -> None:
    assert chosen(everything=True) == [ONE, TWO, THREE]


def test_those_that_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    def changed(_root: Path, base: str) -> list[str]:
        return ["faults/fault_three.py"] if base == "main" else []

    monkeypatch.setattr(git, "changed_files", changed)
    assert chosen(changed="main") == [THREE]
    assert chosen(changed="other") == []


def test_a_shard_of_what_is_chosen() -> None:
    parts = [chosen(everything=True, shard=f"{number}/2") for number in (1, 2)]
    assert sorted(each.id for part in parts for each in part) == ["fault-one", "fault-three", "fault-two"]


def test_an_empty_shard_is_no_way_to_say_all() -> None:
    with pytest.raises(InputError):
        chosen(everything=True, shard="")


def test_an_unknown_one_gets_the_nearest() -> None:
    with pytest.raises(NotFoundError) as caught:
        chosen("fault-one", "fault-tow")
    assert caught.value.near == "fault-two"


def test_none_or_two_ways_at_once_are_wrong_usage() -> None:
    asks: tuple[Callable[[], object], ...] = (
        chosen,
        lambda: chosen("fault-one", everything=True),
        lambda: chosen(everything=True, changed="main"),
    )
    for ask in asks:
        with pytest.raises(InputError, match="in one way"):
            ask()


def test_a_bad_shard_is_said_before_git_is_asked() -> None:
    with pytest.raises(InputError, match="--shard"):
        chosen(changed="main", shard="3/2")
