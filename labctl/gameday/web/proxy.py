"""A team's room, behind the hub: what a member asks for is handed on to the room's server, and its answer back.

Only headers that a room needs are handed on, and who asks is said by the hub alone. What a request says never chooses
the host or the port that is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from flask import Blueprint, Response, abort, request, url_for

from labctl.actions.served import API_PATH, SERVED
from labctl.gameday import servers
from labctl.gameday.model import Caller
from labctl.gameday.web import upstream
from labctl.gameday.web.front import target_of
from labctl.gameday.web.quotas import TooManyError
from labctl.gameday.web.site import Access, Site, caller, here, note, who
from labctl.gameday.web.upstream import Headers
from labctl.room.door import READING
from labctl.room.identity import FRONT_BAR, FRONT_SECRET, FRONT_USER, FRONT_VIA, WATCHING
from labctl.room.stream import STREAM_S
from labctl.room.view import REFRESH
from labctl.room.views import VIEWS

PASSED = frozenset(
    {
        *("accept", "accept-language", "content-type", "if-none-match", "if-modified-since", "last-event-id"),
        *("origin", "sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest", "user-agent", "idempotency-key"),
        *("x-change-key", "x-refresh", "x-look-up", "x-requested-with"),
    }
)
"""What is handed on of a request, beside what htmx says (HX-…)."""
DROPPED = frozenset(
    {
        *("connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer"),
        *("transfer-encoding", "upgrade", "set-cookie", "server", "date", "alt-svc", "clear-site-data"),
    }
)
"""What is not handed back: it is about the connection, or would speak for the hub."""
WITHOUT_BODY = frozenset({204, 304})
STREAM = "stream"
TITLES = {view.name: view.title for view in VIEWS}
LOOKS = frozenset(each.name for each in SERVED if not each.changes)
"""What a terminal asks for by POST as well, and changes nothing."""


def add(hub: Blueprint) -> None:
    """Add the route, for everything that a room has."""
    methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
    hub.add_url_rule("/t/<team>/", "room", room, methods=methods)
    hub.add_url_rule("/t/<team>/<path:rest>", "room", room, methods=methods)


@who(Access.TEAM)
def room(team: str, rest: str = "") -> Response:
    """Hand a request on to the team's room."""
    site, asked = here(), caller()
    if not site.quotas.team_reads.allows(team):
        abort(429)
    view = rest.removeprefix(API_PATH).split("/")[0]
    if request.method not in READING and not (rest.startswith(API_PATH) and view in LOOKS):
        note("change", team=team, detail=f"{request.method} {rest}")
    elif asked.member and view in TITLES and REFRESH not in request.headers:
        site.presence.looked(team, asked.member.id, view)
    try:
        return _streamed(site, asked, team) if rest == STREAM else _answered(site, asked, team)
    except TooManyError:
        abort(503 if rest == STREAM else 429)


def _answered(site: Site, asked: Caller, team: str) -> Response:
    body = request.get_data(cache=False)
    with site.quotas.working(team):
        answer = _ask(site, asked, team, body)
        # Read whole before it is handed back: whoever reads slowly keeps no place in the room.
        whole = b"".join(answer.body())
    return _handed_back(answer, whole)


def _streamed(site: Site, asked: Caller, team: str) -> Response:
    site.quotas.take_stream(team, asked.session)
    left: list[bool] = []

    def leave() -> None:
        if not left:
            left.append(True)
            site.quotas.leave_stream(team, asked.session)

    try:
        answer = _ask(site, asked, team, b"")
    except BaseException:
        leave()
        raise
    response = _handed_back(answer, events(site, asked, team, answer.live(STREAM_S + 60)))
    response.call_on_close(leave)
    response.call_on_close(answer.close)
    return response


def events(site: Site, asked: Caller, team: str, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield a room's stream, with an event of the hub's own between two of the room's when the team has something new.

    It ends when the session is over: a stream that was opened before must not outlive it.
    """
    member, seen, whole = asked.member, -1, True
    if member:
        site.presence.came(team, member.id)
    try:
        for number, piece in enumerate(pieces):
            if piece:
                yield piece
                whole = piece.endswith(b"\n\n")
            if whole and (now := site.presence.version(team)) != seen:
                seen = now
                yield b"event: team\ndata: {}\n\n"
            if number % 8 == 7 and not site.store.sessions.still(asked.session):
                return
    finally:
        if member:
            site.presence.went(team, member.id)


def _ask(site: Site, asked: Caller, team: str, body: bytes) -> upstream.Answer:
    known = site.store.labs.team(team)
    front = servers.front_of(site.store, known, site.secrets.front)
    return upstream.ask(known.port, request.method, target_of(request.environ), _headers(asked, team, front), body)


def _headers(asked: Caller, team: str, front: str) -> Headers:
    passed = [(name, value) for name, value in request.headers.items() if _is_passed(name)]
    ours = [
        ("Host", request.host),
        (FRONT_SECRET, front),
        (FRONT_USER, quote(asked.name)),
        # What the instructor looks at is no look-up of the team's.
        (FRONT_VIA, WATCHING if asked.is_instructor else asked.kind),
        (FRONT_BAR, url_for("hub.bar", team=team)),
    ]
    return [*ours, *passed]


def _is_passed(name: str) -> bool:
    return name.lower() in PASSED or name.lower().startswith("hx-")


def _handed_back(answer: upstream.Answer, body: bytes | Iterator[bytes]) -> Response:
    response = Response(body, answer.status)
    response.headers.clear()
    for name, value in answer.headers:
        if name.lower() not in DROPPED and not (isinstance(body, bytes) and name.lower() == "content-length"):
            response.headers.add(name, value)
    if isinstance(body, bytes) and request.method != "HEAD" and answer.status not in WITHOUT_BODY:
        response.headers["Content-Length"] = str(len(body))
    return response
