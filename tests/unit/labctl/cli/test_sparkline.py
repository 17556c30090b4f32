from hypothesis import given
from hypothesis import strategies as st

from labctl.cli.sparkline import GAP, LEVELS, sparkline

POINTS = st.dictionaries(st.integers(0, 500), st.floats(-1e9, 1e9), max_size=60)


def test_rises() -> None:
    assert sparkline(tuple((float(i), float(i)) for i in range(8)), 8) == LEVELS


def test_flat_is_low() -> None:
    assert sparkline(((0, 5.0), (1, 5.0), (2, 5.0)), 3) == LEVELS[0] * 3


def test_missing_data_is_a_gap() -> None:
    assert sparkline(((0, 0.0), (3, 1.0)), 4) == LEVELS[0] + GAP * 2 + LEVELS[-1]


def test_nothing_measured() -> None:
    assert sparkline(()) == ""


def test_one_point() -> None:
    assert sparkline(((7, 3.0),)) == LEVELS[0]


@given(POINTS, st.integers(1, 60))
def test_never_wider_than_asked(points: dict[int, float], width: int) -> None:
    curve = tuple((float(at), value) for at, value in sorted(points.items()))
    line = sparkline(curve, width)
    assert len(line) <= width
    assert set(line) <= {*LEVELS, GAP}
