"""The hub's app: a game day, below one path."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import jinja2
from flask import Blueprint, Flask, Response, g, redirect, render_template, send_from_directory, url_for
from werkzeug.wrappers import Response as AnyResponse

from labctl.actions.room import proof_of
from labctl.base.text import number_of, visible, visible_lines
from labctl.gameday import plan as plans
from labctl.gameday.store import DayStore
from labctl.gameday.web import crew, door, joining, login, problems, proxy
from labctl.gameday.web.front import MOST_BYTES, Front
from labctl.gameday.web.instructor import instructor
from labctl.gameday.web.site import Access, Site, attach, here, who
from labctl.room.assets import YEAR_S

STATIC = Path(__file__).parent / "static"


def create_app(store: DayStore, plan: plans.Plan) -> Flask:
    """Return the app of a game day's hub."""
    site = Site(store, plan, store.secrets)
    app = Flask(__name__, static_folder=None)
    app.config.update(
        MAX_CONTENT_LENGTH=MOST_BYTES, MAX_FORM_MEMORY_SIZE=MOST_BYTES, MAX_FORM_PARTS=50, APPLICATION_ROOT="/"
    )
    app.url_map.merge_slashes = False
    app.jinja_env.undefined = jinja2.StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(visible=visible, visible_lines=visible_lines)
    app.jinja_env.globals.update(number_of=number_of, static=_static, day=plan.title)
    door.add(app)
    problems.add(app)
    attach(app, site)
    app.register_blueprint(_hub(), url_prefix=site.prefix or None)
    app.register_blueprint(instructor, url_prefix=f"{site.prefix}/instructor")
    app.wsgi_app = Front(app.wsgi_app, hosts_of(plan.hub), plan.hub.proxies)  # type: ignore[method-assign]
    return app


def hosts_of(hub: plans.Hub) -> frozenset[str]:
    """Return the hosts that the hub answers to, as browsers send them: the address that people open, and this host."""
    local = {urlsplit(hub.local_address).netloc, f"{plans.LOOPBACK}:{hub.port}", f"localhost:{hub.port}"}
    return frozenset(each.lower() for each in {urlsplit(hub.url).netloc, *local})


def _hub() -> Blueprint:
    hub = Blueprint("hub", __name__)
    hub.get("/")(home)
    hub.get("/alive")(alive)
    hub.get("/static/<path:name>")(static_file)
    for part in (joining, login, crew, proxy):
        part.add(hub)
    return hub


@who(Access.OPEN)
def home() -> AnyResponse | str:
    """Lead whoever comes to where they belong."""
    if g.caller is None:
        return render_template("home.html")
    if g.caller.member is None:
        return redirect(url_for("instructor.home"), 303)
    return redirect(url_for("hub.room", team=g.caller.member.team), 303)


@who(Access.OPEN)
def alive() -> str:
    """Say that this hub is there, and nothing about it."""
    return proof_of(here().secrets.hub)


@who(Access.OPEN)
def static_file(name: str) -> Response:
    """Return a file of the pages' looks; it is the same for everybody."""
    response = send_from_directory(STATIC, name, etag=True, max_age=YEAR_S)
    response.headers["Cache-Control"] = f"public, max-age={YEAR_S}, immutable"
    return response


def _static(name: str) -> str:
    return url_for("hub.static_file", name=name, v=_digest(name))


@cache
def _digest(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
