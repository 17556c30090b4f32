"""python -m labctl.room LAB: be the room of a lab until the lab is gone.

A front that starts rooms for many adds `--prefix PATH --front-secret-file FILE [--bind ADDRESS:PORT]`: it says who
asks in the header X-Room-User, and proves that it is the front by the secret, in X-Room-Front.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from flask import Flask

from labctl.actions import room as action
from labctl.base.errors import EXIT_ERROR, InputError, LabctlError


def main(arguments: list[str]) -> None:
    """Serve the room that the arguments name; end at once where another process does."""
    asked = _parser().parse_args(arguments)
    with action.being(asked.lab) as alone:
        if alone:
            serve(asked)


def serve(asked: argparse.Namespace) -> None:
    """Serve the room until it is ended."""
    from labctl.room.server import Server  # noqa: PLC0415 - the process that loses the race needs none of it

    keys = _keys(asked)
    address = asked.bind or f"{action.HOST}:{keys.port}"
    Server(asked.lab, address, lambda: app_of(asked, keys)).run()


def _keys(asked: argparse.Namespace) -> action.Keys:
    """Return what the lab knows of its room: behind a front, whose words may be kept from the time it was started."""
    if asked.front_secret_file:
        front = str(asked.front_secret_file.absolute())
        return action.open_at(asked.lab, port_of(asked.bind), asked.prefix, front)
    keys = action.keys(asked.lab)
    if keys.front:
        asked.prefix, asked.front_secret_file = keys.prefix, Path(keys.front)
    return keys


def port_of(address: str) -> int:
    """Return the port of ADDRESS:PORT. Raises InputError."""
    port = address.rpartition(":")[2]
    if not port.isdecimal():
        raise InputError(f"--bind: '{address}' has no port", expected="such as 127.0.0.1:8100, beside a front's secret")
    return int(port)


def app_of(asked: argparse.Namespace, keys: action.Keys) -> Flask:
    """Return the app that the arguments ask for."""
    from labctl.room.app import create_app  # noqa: PLC0415 - only the worker needs it
    from labctl.room.identity import ByCookie, ByFront  # noqa: PLC0415 - as above

    prefix = asked.prefix or action.prefix_of(asked.lab)
    if asked.front_secret_file:
        secret = asked.front_secret_file.read_text("utf-8").strip()
        if not secret:
            raise LabctlError(f"{asked.front_secret_file} is empty", expected="the secret that the front sends")
        return create_app(asked.lab, prefix, ByFront(keys.secret, secret), ())
    port = port_of(asked.bind) if asked.bind else keys.port
    hosts = [f"{host}:{port}" for host in (action.HOST, "localhost")]
    return create_app(asked.lab, prefix, ByCookie(keys.secret, f"{prefix.rstrip('/')}/", f"room_{port}"), hosts)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m labctl.room")
    parser.add_argument("lab")
    parser.add_argument("--prefix", default="")
    parser.add_argument("--front-secret-file", type=Path)
    parser.add_argument("--bind", default="")
    return parser


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except LabctlError as problem:
        sys.stderr.write(f"error: {problem.what}\n")
        sys.exit(EXIT_ERROR)
