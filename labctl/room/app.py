"""The room's app: one lab, below one path, for whoever the identity lets in."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import ExitStack

import jinja2
from flask import Blueprint, Flask, Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from labctl.actions import looking
from labctl.actions.live import Watch
from labctl.base import progress
from labctl.base.progress import Event, Warned
from labctl.room import assets, door, pins, problems, shown, stream
from labctl.room.api import routes as api
from labctl.room.identity import Identity
from labctl.room.site import Site, attach, here
from labctl.room.view import paging
from labctl.room.views import VIEWS

MOST_BYTES = 64 * 1024
"""What a request may bring along: the longest text of a form, many times."""


_FRAME = {
    "key_header": door.KEY_HEADER,
    "key_field": door.KEY_FIELD,
    "htmx_config": json.dumps(
        {
            "allowEval": False,
            "allowScriptTags": False,
            "includeIndicatorStyles": False,
            "selfRequestsOnly": True,
            "historyCacheSize": 0,  # what is on the page is kept nowhere
            "refreshOnHistoryMiss": True,
            "responseHandling": [{"code": "204", "swap": False}, {"code": "...", "swap": True}],
        }
    ),
}
"""What every page's frame needs."""


def create_app(lab: str, prefix: str, identity: Identity, hosts: Iterable[str] = ()) -> Flask:
    """Return the app of a lab's room below the path `prefix`, which a front must not strip.

    `hosts` are the only ones that it answers to, as browsers send them; none for any, where a front checks them.
    """
    app = Flask(__name__, static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=MOST_BYTES, MAX_FORM_MEMORY_SIZE=MOST_BYTES, MAX_FORM_PARTS=100)
    app.jinja_env.undefined = jinja2.StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    shown.add(app)
    problems.add(app)
    pins.watch(app)
    app.register_blueprint(_room(), url_prefix=prefix.rstrip("/"))
    with app.app_context():
        attach(Site(lab, prefix.rstrip("/") + "/", identity, frozenset(hosts), Watch(lab)))
    app.context_processor(
        lambda: {
            **_FRAME,
            "lab": lab,
            "views": VIEWS,
            "here": request.endpoint or "",
            "front_bar": identity.bar(request),
        }
    )
    app.before_request(_listen)
    app.teardown_request(_stop_listening)
    return app


def _room() -> Blueprint:
    room = Blueprint("room", __name__)
    door.add(room)
    assets.add(room)
    stream.add(room)
    pins.add(room)
    api.add(room)
    room.add_url_rule("/", "home", _home)
    room.add_url_rule("/bar", "bar", _bar)
    for view in VIEWS:
        view.add(room)
    return room


def _home() -> AnyResponse:
    return redirect(url_for(VIEWS[0].endpoint), 303)


def _bar() -> Response:
    """Return the page and the clock alone, for a bar that is kept fresh."""
    return Response(render_template("bar.html", bar=paging(here().lab)))


def _listen() -> None:
    """Keep what actions warn of, for the page that is made of their answers."""
    g.warnings = []

    def hear(event: Event) -> None:
        if isinstance(event, Warned):
            g.warnings.append(event.text)

    g.around = ExitStack()
    g.around.enter_context(progress.listening(hear))
    if "visitor" in g and g.visitor.watching:
        g.around.enter_context(looking.only_watching())


def _stop_listening(_error: BaseException | None) -> None:
    if "around" in g:
        g.pop("around").close()
