from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.base.errors import InputError, LabStateError, NotFoundError
from labctl.state.sealing import seal
from labctl.state.traffic import ENDPOINTS, MOST, Traffic, TrafficFile
from loadgen import orders, traffic


def test_it_is_as_usual_until_something_else_is_written(tmp_path: Path) -> None:
    file = TrafficFile(tmp_path / "clients" / "plan")
    assert file.read() == Traffic()
    file.write(Traffic(1.5, {"history": 4.0}))
    assert file.read() == Traffic(1.5, {"history": 4.0})


def test_the_clients_read_what_is_written_here(tmp_path: Path) -> None:
    file = TrafficFile(tmp_path / "clients" / "plan")
    file.write(Traffic(1.5, {"history": 4.0}))
    assert traffic.parse(file.path.read_text()) == traffic.Traffic(1.5, {"history": 4.0})
    assert file.path.stat().st_mode & 0o777 == 0o644, "they run as somebody else"
    assert traffic.MOST == MOST
    assert orders.ENDPOINTS == ENDPOINTS


@given(st.floats(0, MOST), st.dictionaries(st.sampled_from(ENDPOINTS), st.floats(0, MOST)))
def test_the_clients_read_any_traffic(rate: float, endpoints: dict[str, float]) -> None:
    with TemporaryDirectory() as folder:
        file = TrafficFile(Path(folder) / "clients" / "plan")
        file.write(Traffic(rate, endpoints))
        read = traffic.parse(file.path.read_text())
        assert (read.rate, dict(read.endpoints)) == (rate, endpoints)
        file.write(Traffic())
        usual = file.path.stat().st_size
        file.write(Traffic(rate, endpoints))
        assert file.path.stat().st_size == usual


def test_nobody_sees_that_or_when_it_changed(tmp_path: Path) -> None:
    file = TrafficFile(tmp_path / "clients" / "plan")
    file.prepare()
    os.utime(file.path, (1_000, 1_000))
    before = file.path.stat()
    file.write(Traffic(1.5, {"history": 4.0}))
    after, folder = file.path.stat(), file.path.parent.stat()
    assert (after.st_size, int(after.st_mtime), int(folder.st_mtime)) == (before.st_size, 1_000, 1_000)
    assert "history" not in file.path.read_text()
    assert (after.st_mtime_ns, after.st_ino) != (before.st_mtime_ns, before.st_ino), "else the clients don't look"
    file.prepare()
    assert file.read() == Traffic(1.5, {"history": 4.0})


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
@pytest.mark.parametrize("form", [str, seal])
def test_a_damaged_file_is_named(tmp_path: Path, text: str, form: Callable[[str], str]) -> None:
    file = TrafficFile(tmp_path / "plan")
    file.path.write_text(form(text))
    with pytest.raises(LabStateError, match="cannot be read"):
        file.read()
