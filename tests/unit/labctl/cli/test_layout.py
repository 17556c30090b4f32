from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text

from labctl.cli import console
from labctl.cli.layout import Layout

COLUMNS = ("START", "OPERATION", "SPANS", "ID")
ROWS = [("12:00:00.000", "gateway: POST /v1/checkouts", "12", "0123456789abcdef")]
LAYOUT = Layout(spare=("SPANS", "START"), whole=("START", "ID"))


def shown(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: int) -> str:
    monkeypatch.setenv("COLUMNS", str(width))
    console.table(COLUMNS, ROWS, layout=LAYOUT)
    return capsys.readouterr().out


def test_with_room_everything_is_shown(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(capsys, monkeypatch, 100).split()[:4] == list(COLUMNS)


@pytest.mark.parametrize(("width", "left"), [(60, ["START", "OPERATION", "ID"]), (44, ["OPERATION", "ID"])])
def test_without_room_columns_are_spared_and_ids_stay_whole(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: int, left: list[str]
) -> None:
    out = shown(capsys, monkeypatch, width)
    assert out.splitlines()[0].split() == left
    assert "0123456789abcdef" in out
    assert max(map(len, out.splitlines())) <= width


@given(st.lists(st.text(max_size=40), min_size=4, max_size=4), st.integers(1, 200))
def test_only_what_may_be_spared_is_left_out(cells: list[str], width: int) -> None:
    kept = LAYOUT.kept(COLUMNS, [tuple(map(Text, cells))], width)
    assert {1, 3} <= set(kept)
    assert kept == sorted(kept)


def test_what_fits_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "64")
    assert not console.fits(COLUMNS, ROWS)
    monkeypatch.setenv("COLUMNS", "68")
    assert console.fits(COLUMNS, ROWS)
