from __future__ import annotations

import re
from pathlib import Path

import pytest

from labctl.base.errors import InputError, NotFoundError
from labctl.state.traffic import ENDPOINTS, MOST, Traffic, TrafficFile
from loadgen import traffic


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
    # Read, not imported: Locust would make the sockets of this process cooperative.
    users = Path(traffic.__file__).with_name("users.py").read_text()
    assert tuple(re.findall(r'endpoint = "(\w+)"', users)) == ENDPOINTS


@pytest.mark.parametrize("rate", [-1.0, 21.0, float("nan"), float("inf")])
def test_no_clients_do_that(rate: float) -> None:
    with pytest.raises(InputError, match="times the usual"):
        Traffic(rate)
    with pytest.raises(InputError, match="times the usual"):
        Traffic(1.0, {"refund": rate})


def test_an_endpoint_that_nobody_has() -> None:
    with pytest.raises(NotFoundError, match="no endpoint named 'histroy'"):
        Traffic(1.0, {"histroy": 2.0})
