"""python -m labctl.gameday.servers.seat LAB: be the task that a swarm places, and pass on to the lab's server.

It has the game day's network and no other; the server beside it has the node's, and is reached by sockets alone.
"""

from __future__ import annotations

import asyncio
import shutil
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path

import httpx

from labctl.actions import lab_servers
from labctl.actions.lab_servers import GRACE_S, ORDERS_PORT, ROOM_PORT, SECRET_AT
from labctl.base.errors import LabctlError
from labctl.base.private_files import make_private_dir, write_private
from labctl.gameday.servers import relay
from labctl.gameday.servers.far import Far
from labctl.gameday.servers.relay import Address, Route
from labctl.gameday.servers.server import FRONT, ORDERS, ROOM

CHECK_S = 2.0


async def main(lab: str) -> None:
    """Serve until Docker ends the task; then remove the lab with its server."""
    folder, secret = lab_servers.run_folder(lab), Path(SECRET_AT).read_text("utf-8").strip()
    shutil.rmtree(folder, ignore_errors=True)  # what an earlier task of this lab left
    make_private_dir(folder)
    write_private(folder / FRONT, secret)
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    lab_servers.start_beside(lab)
    passing = asyncio.create_task(relay.serve(routes(folder, own_address())))
    keeping = asyncio.create_task(_keep(lab))
    await ended.wait()
    for each in (keeping, passing):
        each.cancel()
    await asyncio.to_thread(_leave, lab, folder, secret)


def routes(folder: Path, host: str) -> list[Route]:
    """Return what is passed on: orders, and what is for the room."""
    orders, room = Address(path=str(folder / ORDERS)), Address(path=str(folder / ROOM))
    return [Route(Address(host, ORDERS_PORT), lambda: orders), Route(Address(host, ROOM_PORT), lambda: room)]


def own_address() -> str:
    """Return this task's address on the game day's network: Docker notes it, and not that of the node's bridge."""
    return socket.gethostbyname(socket.gethostname())


async def _keep(lab: str) -> None:
    """Start the server again when it has ended. Where Docker does not answer, it is asked again."""
    while True:
        await asyncio.sleep(CHECK_S)
        with suppress(LabctlError):
            if not await asyncio.to_thread(lab_servers.runs_beside, lab):
                await asyncio.to_thread(lab_servers.start_beside, lab)


def _leave(lab: str, folder: Path, secret: str) -> None:
    transport = httpx.HTTPTransport(uds=str(folder / ORDERS))
    with suppress(LabctlError):
        Far(lab, secret, httpx.Client(transport=transport, base_url="http://lab")).close(GRACE_S)
    with suppress(LabctlError):
        lab_servers.end_beside(lab)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
