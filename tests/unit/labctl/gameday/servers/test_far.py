"""The hub's side and the server's, over a real connection: what goes in at one end comes out at the other."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from labctl.actions.errand import Asked
from labctl.base.errors import LabHeldError, LabStateError, LookupFailedError
from labctl.gameday.servers.far import Far
from labctl.gameday.servers.opening import Present, Wanted
from labctl.gameday.servers.orders import Orders, create_app
from labctl.gameday.servers.server import LabServer
from labctl.room.identity import FRONT_SECRET
from tests.support.lab_servers import NotedServer
from tests.support.wsgi_server import running

SECRET = "of-this-lab-alone"


@pytest.fixture
def noted() -> NotedServer:
    return NotedServer()


@pytest.fixture
def url(noted: NotedServer) -> Iterator[str]:
    with running(create_app(Orders(noted, noted, noted), SECRET)) as found:  # type: ignore[arg-type]  # an opening, too
        yield found


@pytest.fixture
def far(url: str) -> Far:
    return Far("day-blue", SECRET, httpx.Client(base_url=url, trust_env=False))


def test_every_answer_comes_back_as_it_was_given(far: Far, noted: NotedServer) -> None:
    noted.present = Present("abc", ready=True, opening=False, problem="")
    same: LabServer = noted
    assert far.state() == noted.present
    assert (far.pace(), far.work(), far.seen()) == (same.pace(), same.work(), same.seen())
    assert (far.standing(), far.told()) == (same.standing(), same.told())
    assert far.onlooker().look() == noted.look()


def test_every_order_arrives_as_it_was_given(far: Far, noted: NotedServer) -> None:
    far.open(Wanted(5.0, 7, "/t/blue", "abc"))
    far.begin(Asked(fault="a-fault", seed=3, limit="900s"))
    far.extend(60)
    far.room("/t/green")
    for each in (far.heal, far.pause, far.resume, far.end, far.void, far.close):
        each()
    assert noted.done == [
        *("open 5 7 /t/blue abc", "begin a-fault 3 900s", "extend 60", "room /t/green"),
        *("heal", "pause", "resume", "end", "void", "close"),
    ]


def test_a_refusal_is_raised_here_as_it_was_there(far: Far, noted: NotedServer) -> None:
    noted.problem = LabHeldError("somebody has it", expected="nobody", todo="wait")
    with pytest.raises(LabHeldError, match="somebody has it") as raised:
        far.pause()
    assert (raised.value.expected, raised.value.todo) == ("nobody", "wait")


def test_nobody_else_gives_orders(url: str, noted: NotedServer) -> None:
    for headers in ({}, {FRONT_SECRET: "of-another-lab"}, {FRONT_SECRET: ""}):
        assert httpx.post(f"{url}/orders/void", json={}, headers=headers).status_code == 403
    known = {FRONT_SECRET: SECRET}
    for verb in ("", "unknown", "__init__", "down"):
        assert httpx.post(f"{url}/orders/{verb}", json={}, headers=known).status_code == 404
    assert httpx.get(f"{url}/orders/void", headers=known).status_code == 405
    assert httpx.post(f"{url}/orders/void", json=[1], headers=known).status_code == 404
    assert noted.done == []


def test_one_that_is_away_is_said_to_be(far: Far, noted: NotedServer) -> None:
    wrong = Far("day-blue", "another", far.client)
    with pytest.raises(LookupFailedError, match="does not answer: status 403"):
        wrong.state()
    nobody = Far("day-blue", SECRET, httpx.Client(base_url="http://127.0.0.1:9", trust_env=False))
    with pytest.raises(LookupFailedError, match="does not answer"):
        nobody.state()
    assert nobody.onlooker().look().troubles
    assert nobody.onlooker().look().lab == "day-blue"
    noted.problem = LabStateError("no incident")
    assert far.onlooker().look().troubles == ("no incident",)
