from __future__ import annotations

from ipaddress import IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.base.errors import HostError, InputError
from labctl.state import subnets
from labctl.state.subnets import PREFIX, PRIVATE, choose, overlaps, ranges

SMALL = (IPv4Network("10.213.0.0/23"), IPv4Network("192.168.213.0/25"))
"""Ten subnets."""
NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,30}", fullmatch=True)


@st.composite
def inside(draw: st.DrawFn, among: tuple[IPv4Network, ...] = SMALL) -> IPv4Network:
    """A network that has addresses in one of the ranges: smaller or larger than a subnet."""
    around = draw(st.sampled_from(among))
    prefix = draw(st.integers(around.prefixlen, 30))
    number = draw(st.integers(0, 2 ** (prefix - around.prefixlen) - 1))
    return IPv4Network((int(around.network_address) + number * 2 ** (32 - prefix), prefix))


@given(NAMES, st.lists(inside(), max_size=12))
def test_what_is_chosen_lies_in_a_range_and_overlaps_with_nothing(name: str, taken: list[IPv4Network]) -> None:
    whole = [each for one in SMALL for each in one.subnets(new_prefix=PREFIX)]
    free = [each for each in whole if not any(each.overlaps(other) for other in taken)]
    if not free:
        with pytest.raises(HostError, match="no free subnet"):
            choose(name, SMALL, taken)
        return
    assert choose(name, SMALL, taken) in free


@given(st.lists(NAMES, min_size=10, max_size=10))
def test_labs_never_share_a_subnet_and_every_subnet_is_used_before_the_range_ends(names: list[str]) -> None:
    taken: list[IPv4Network] = []
    for name in names:
        found = choose(name, SMALL, taken)
        assert not overlaps(found, taken)
        taken.append(found)
    with pytest.raises(HostError) as caught:
        choose("one-too-many", SMALL, taken)
    assert "LABCTL_SUBNETS=" in caught.value.todo
    assert "prune" not in caught.value.todo
    assert "10.213.0.0/23, 192.168.213.0/25" in caught.value.what


@given(NAMES)
def test_a_name_begins_at_the_same_place_again(name: str) -> None:
    assert choose(name, ranges(""), ()) == choose(name, ranges(""), ())


def test_the_usual_range_holds_a_thousand_labs() -> None:
    first = ranges("")[0]
    assert len(list(first.subnets(new_prefix=PREFIX))) > 1000


def test_a_later_range_is_for_where_the_first_is_taken() -> None:
    assert choose("lab", ranges(""), [IPv4Network("10.0.0.0/8")]).subnet_of(ranges("")[1])


def test_the_range_is_the_environments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(subnets.RANGES_VARIABLE, " 10.7.0.0/16 , 172.20.0.0/20")
    assert ranges() == (IPv4Network("10.7.0.0/16"), IPv4Network("172.20.0.0/20"))
    monkeypatch.delenv(subnets.RANGES_VARIABLE)
    assert ranges() == ranges("")


@pytest.mark.parametrize("text", ["10.213.0.1/16", "ten", "8.8.0.0/16", "10.213.0.0/27", "10.0.0.0/7", "fd00::/64"])
def test_what_no_lab_could_use_is_told(text: str) -> None:
    with pytest.raises(InputError, match="LABCTL_SUBNETS") as caught:
        ranges(text)
    assert text in caught.value.what
    assert "10.213.0.0/16" in caught.value.expected


@given(st.text(max_size=40))
def test_any_text_is_ranges_or_an_error_of_ours(text: str) -> None:
    try:
        found = ranges(text)
    except InputError:
        return
    assert found
    assert all(any(each.subnet_of(private) for private in PRIVATE) for each in found)
