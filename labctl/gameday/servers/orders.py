"""What a lab server answers to the hub: one address for each of its verbs, to nobody without the hub's secret."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, jsonify, request

from labctl.actions.answer import plain
from labctl.actions.errand import Asked
from labctl.base.errors import LabctlError
from labctl.gameday.servers.opening import Opening, Wanted
from labctl.gameday.servers.server import LabServer, Looker
from labctl.room.identity import FRONT_SECRET

LARGEST = 65536
REFUSED = 409

Verb = Callable[[dict[str, Any]], object]


@dataclass(frozen=True)
class Orders:
    """The verbs, and what each does: there are no others."""

    opening: Opening
    server: LabServer
    looker: Looker

    def verbs(self) -> Mapping[str, Verb]:
        """Return them by name."""
        server, opening = self.server, self.opening
        return {
            "state": lambda _: opening.state(),
            "open": lambda given: opening.open(Wanted(**given)),
            "room": lambda given: opening.move_room(str(given["prefix"])),
            "close": lambda _: opening.close(),
            "pace": lambda _: server.pace(),
            "begin": lambda given: server.begin(Asked(**given)),
            "work": lambda _: server.work(),
            "seen": lambda _: server.seen(),
            "standing": lambda _: server.standing(),
            "heal": lambda _: server.heal(),
            "pause": lambda _: server.pause(),
            "resume": lambda _: server.resume(),
            "extend": lambda given: server.extend(float(given["by_s"])),
            "end": lambda _: server.end(),
            "void": lambda _: server.void(),
            "told": lambda _: server.told(),
            "look": lambda _: self.looker.look(),
        }


def create_app(orders: Orders, secret: str) -> Flask:
    """Return the app that takes orders, each as a POST with a JSON object."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST
    verbs = orders.verbs()

    @app.before_request
    def only_the_hub() -> tuple[str, int] | None:
        given = request.headers.get(FRONT_SECRET, "")
        return None if hmac.compare_digest(given.encode(), secret.encode()) else ("", 403)

    @app.post("/orders/<verb>")
    def order(verb: str) -> Response | tuple[str, int]:
        given = request.get_json(silent=True)
        if verb not in verbs or not isinstance(given, dict):
            return "", 404
        return jsonify({"answer": plain(verbs[verb](given))})

    @app.errorhandler(LabctlError)
    def refused(problem: LabctlError) -> tuple[Response, int]:
        told = {"error": type(problem).__name__, "what": problem.what}
        return jsonify({**told, "expected": problem.expected, "todo": problem.todo}), REFUSED

    return app
