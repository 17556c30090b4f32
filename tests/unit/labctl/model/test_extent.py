import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.base.errors import InputError
from labctl.model.extent import RATIO, SECONDS, Extent, parse


@pytest.mark.parametrize(
    ("text", "extent"),
    [
        ("1%-5%", Extent(0.01, 0.05, RATIO)),
        (" 0.5% - 100% ", Extent(0.005, 1.0, RATIO)),
        ("300ms-1s", Extent(0.3, 1.0, SECONDS)),
        ("2s-2s", Extent(2.0, 2.0, SECONDS)),
    ],
)
def test_ranges(text: str, extent: Extent) -> None:
    found = parse(text)
    assert (found.low, found.high) == (pytest.approx(extent.low), pytest.approx(extent.high))
    assert found.unit == extent.unit


@pytest.mark.parametrize(
    "text", ["", "-", "5%", "5%-1%", "1%-101%", "1%-2s", "1s-300ms", "a few", "1%-2%-3%", "-1%-5%", "nan%-5%"]
)
def test_what_is_no_range(text: str) -> None:
    with pytest.raises(InputError, match="--how-much"):
        parse(text)


def test_what_was_measured_is_within_or_not_or_of_another_kind() -> None:
    extent = parse("1%-5%")
    assert extent.says(0.03, RATIO) is True
    assert extent.says(0.2, RATIO) is False
    assert extent.says(0.03, SECONDS) is None
    assert extent.says(None, RATIO) is None


@given(st.text(max_size=30))
def test_any_text_is_a_range_or_refused(text: str) -> None:
    try:
        extent = parse(text)
    except InputError:
        return
    assert 0 <= extent.low <= extent.high
