from __future__ import annotations

from pathlib import Path

import pytest

from labctl.base.errors import InputError, LabStateError, NotFoundError
from labctl.state.traffic import ENDPOINTS, MOST, Traffic, TrafficFile
from loadgen import orders, traffic


def test_it_is_as_usual_until_something_else_is_written(tmp_path: Path) -> None:
    file = TrafficFile(tmp_path / "traffic" / "traffic.json")
    assert file.read() == Traffic()
    file.write(Traffic(1.5, {"history": 4.0}))
    assert file.read() == Traffic(1.5, {"history": 4.0})


def test_the_clients_read_what_is_written_here(tmp_path: Path) -> None:
    file = TrafficFile(tmp_path / "traffic" / "traffic.json")
    file.write(Traffic(1.5, {"history": 4.0}))
    assert traffic.parse(file.path.read_text()) == traffic.Traffic(1.5, {"history": 4.0})
    assert file.path.stat().st_mode & 0o777 == 0o644, "they run as somebody else"
    assert traffic.MOST == MOST
    assert orders.ENDPOINTS == ENDPOINTS


@pytest.mark.parametrize("rate", [-1.0, 21.0, float("nan"), float("inf")])
def test_no_clients_do_that(rate: float) -> None:
    with pytest.raises(InputError, match="times the usual"):
        Traffic(rate)
    with pytest.raises(InputError, match="times the usual"):
        Traffic(1.0, {"refund": rate})


def test_an_endpoint_that_nobody_has() -> None:
    with pytest.raises(NotFoundError, match="no endpoint named 'histroy'"):
        Traffic(1.0, {"histroy": 2.0})


@pytest.mark.parametrize(
    "text", ["", "[]", "7", '{"rate": "fast"}', '{"rate": 99}', '{"speed": 2}', '{"endpoints": [1]}']
)
def test_a_damaged_file_is_named(tmp_path: Path, text: str) -> None:
    file = TrafficFile(tmp_path / "traffic.json")
    file.path.write_text(text)
    with pytest.raises(LabStateError, match="cannot be read"):
        file.read()
