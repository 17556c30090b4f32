"""The plan of a game day, read from YAML; what is wrong is said with file, line and field."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from labctl.actions import drill
from labctl.base.errors import CatalogueError, InputError
from labctl.base.yaml_parts import Part, whole
from labctl.gameday import curveballs
from labctl.gameday.curveballs import Curveball
from labctl.gameday.model import LOCAL, SWARM
from labctl.gameday.people import plain_name
from labctl.model.drill import Planned

FIELDS = ("title", "name", "teams", "drill", "incidents", "rps", "spares", "hosts", "hub", "curveballs")
TEAM_FIELDS = ("name", "members")
HOST_FIELDS = ("name",)
HUB_FIELDS = ("bind", "port", "url", "certificate", "key", "proxies")
INSTRUCTOR = "instructor"
"""Nobody's team: the word for the instructor, where a team could stand."""
MOST_TEAMS = 40
MOST_MEMBERS = 20
MOST_SPARES = 4
NAME = re.compile(r"[a-z][a-z0-9-]{0,13}")
"""A game day's name and a team's: together, with a dash, they are the name of a lab."""
DEFAULT_PORT = 8080
DEFAULT_RPS = 5
LOOPBACK = "127.0.0.1"
SAMPLE = Path(__file__).parent / "plans" / "three-teams.yaml"


@dataclass(frozen=True)
class PlannedTeam:
    """A team; where it names its members, only they can join it."""

    name: str
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hub:
    """Where the hub listens, and what people type to reach it."""

    bind: str = LOOPBACK
    port: int = DEFAULT_PORT
    url: str = ""
    """The address that people open; of its path, everything the hub has is below."""
    certificate: str = ""
    key: str = ""
    proxies: tuple[str, ...] = ()
    """The addresses of reverse proxies whose X-Forwarded-* headers count."""

    @property
    def prefix(self) -> str:
        """The path below which the hub lives, without a slash at its end."""
        return urlsplit(self.url).path.rstrip("/")

    @property
    def address(self) -> str:
        """What people open, without a slash at its end."""
        return self.url.rstrip("/")

    @property
    def local_address(self) -> str:
        """Where this host reaches the hub."""
        host = LOOPBACK if ipaddress.ip_address(self.bind).is_unspecified else self.bind
        return f"{'https' if self.certificate else 'http'}://{host}:{self.port}{self.prefix}"


@dataclass(frozen=True)
class Plan:
    """A game day's plan."""

    title: str
    name: str
    teams: tuple[PlannedTeam, ...]
    drill: str
    """The name of the drill; that of the game day where the plan lists its own incidents."""
    incidents: tuple[Planned, ...]
    rps: float = DEFAULT_RPS
    spares: int = 1
    hosts: str = LOCAL
    """Where its labs are: on this host, or on the nodes of the swarm that this host manages."""
    hub: Hub = Hub()
    curveballs: tuple[Curveball, ...] = ()
    """What somebody says to the teams at a minute of an incident."""

    def lab_of(self, team: str) -> str:
        """Return the name of the lab that a team begins with."""
        return f"{self.name}-{team}"

    @property
    def spare_labs(self) -> tuple[str, ...]:
        """The names of the labs that are no team's at first. No team can be called so: names begin with a letter."""
        return tuple(f"{self.name}-{number}" for number in range(1, self.spares + 1))


def load(path: Path) -> Plan:
    """Return the plan in a file. Raises CatalogueError."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError(
            f"{path} can't be read: {error}",
            expected="the plan of a game day, in YAML",
            todo=f"write one: labctl gameday new {path}",
        ) from error
    return read(text, str(path), path.parent)


def read(text: str, file: str, folder: Path | None = None) -> Plan:
    """Return the plan that a text states; files that it names are in `folder`. Raises CatalogueError."""
    part = whole(text, file, FIELDS)
    fields = part.fields(FIELDS)
    for needed in ("title", "teams"):
        if needed not in fields:
            raise part.wrong(f"{needed} is missing", f"fields: {', '.join(FIELDS)}")
    title = fields["title"].text()
    name = _name(fields["name"]) if "name" in fields else slug(title)
    told, incidents = _incidents(part, fields, name, folder)
    teams = _teams(fields["teams"])
    return Plan(
        title=title,
        name=name,
        teams=teams,
        drill=told,
        incidents=incidents,
        rps=float(fields["rps"].number(1, 200)) if "rps" in fields else DEFAULT_RPS,
        hosts=_hosts(fields["hosts"]) if "hosts" in fields else LOCAL,
        spares=fields["spares"].number(0, MOST_SPARES) if "spares" in fields else 1,
        hub=_hub(fields["hub"], folder) if "hub" in fields else _with_url(Hub()),
        curveballs=curveballs.read(fields["curveballs"], tuple(each.name for each in teams), len(incidents))
        if "curveballs" in fields
        else (),
    )


def to_document(plan: Plan) -> dict[str, Any]:
    """Return a plan as JSON types: what was read, without the files that it names, which may change or go."""
    return asdict(plan)


def from_document(document: Mapping[str, Any]) -> Plan:
    """Return what `to_document` was given."""
    teams = tuple(PlannedTeam(each["name"], tuple(each["members"])) for each in document["teams"])
    incidents = tuple(Planned(**each) for each in document["incidents"])
    hub = Hub(**{**document["hub"], "proxies": tuple(document["hub"]["proxies"])})
    told = tuple(Curveball(**each) for each in document.get("curveballs", ()))
    return Plan(**{**document, "teams": teams, "incidents": incidents, "hub": hub, "curveballs": told})


def slug(title: str) -> str:
    """Return a title as a name."""
    words = re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")
    return (words if NAME.match(words) else f"day-{words}")[:14].strip("-")


def _incidents(part: Part, fields: dict[str, Part], name: str, folder: Path | None) -> tuple[str, tuple[Planned, ...]]:
    if ("drill" in fields) == ("incidents" in fields):
        raise part.wrong("needs either a drill or incidents", "drill: first-hour, or incidents as in a drill's plan")
    if "incidents" in fields:
        return name, drill.incidents_of(fields["incidents"])
    named = fields["drill"].text()
    at = folder / named if folder and not drill.is_shipped(named) else named
    return Path(named).stem, drill.plan_of(str(at)).incidents


def _teams(part: Part) -> tuple[PlannedTeam, ...]:
    found: list[PlannedTeam] = []
    for each in part.items("teams", MOST_TEAMS):
        fields = each.fields(TEAM_FIELDS)
        if "name" not in fields:
            raise each.wrong("name is missing", "such as name: blue")
        name = _name(fields["name"])
        if name in {other.name for other in found}:
            raise fields["name"].wrong(f"'{name}' is there twice", "each team once")
        if name == INSTRUCTOR:
            raise fields["name"].wrong(f"'{name}' is no name for a team", "another one")
        found.append(PlannedTeam(name, _members(fields["members"]) if "members" in fields else ()))
    return tuple(found)


def _members(part: Part) -> tuple[str, ...]:
    names: list[str] = []
    for each in part.items("members", MOST_MEMBERS):
        try:
            name = plain_name(each.text())
        except InputError as error:
            raise each.wrong(error.what, error.expected) from error
        if name.casefold() in {other.casefold() for other in names}:
            raise each.wrong(f"'{name}' is there twice", "each name once")
        names.append(name)
    return tuple(names)


def _hosts(part: Part) -> str:
    if not part.is_list:
        return part.one_of((LOCAL, SWARM))
    for each in part.items("hosts", 1):
        fields = each.fields(HOST_FIELDS)
        if "name" in fields:
            fields["name"].one_of((LOCAL,))
    return LOCAL


def _hub(part: Part, folder: Path | None) -> Hub:
    fields = part.fields(HUB_FIELDS)
    hub = Hub(
        bind=_address(fields["bind"]) if "bind" in fields else LOOPBACK,
        port=fields["port"].number(1, 65535) if "port" in fields else DEFAULT_PORT,
        url=_url(fields["url"]) if "url" in fields else "",
        certificate=_file(fields["certificate"], folder) if "certificate" in fields else "",
        key=_file(fields["key"], folder) if "key" in fields else "",
        proxies=tuple(map(_address, fields["proxies"].items("proxies", 16))) if "proxies" in fields else (),
    )
    if bool(hub.certificate) != bool(hub.key):
        raise part.wrong("has a certificate or a key alone", "both, or none of them")
    if not hub.url and ipaddress.ip_address(hub.bind).is_unspecified:
        raise part.wrong("url is missing", "the address that people open, such as http://192.168.1.20:8080")
    return _with_url(hub)


def _file(part: Part, folder: Path | None) -> str:
    path = (folder or Path()) / Path(part.text()).expanduser()
    if not path.is_file():
        raise part.wrong(f"there is no file {path}", "a file in PEM form")
    return str(path.absolute())


def _with_url(hub: Hub) -> Hub:
    return hub if hub.url else Hub(**{**vars(hub), "url": hub.local_address})


def _url(part: Part) -> str:
    url, said = urlsplit(part.text()), part.text()
    plain = re.fullmatch(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/?", url.path)
    known = url.scheme in ("http", "https") and url.hostname and not url.username and plain
    if not known or url.query or url.fragment or not said.isascii():
        raise part.wrong(f"'{said}' is no address", "such as https://training.example/day")
    try:
        port = f":{url.port}" if url.port else ""
    except ValueError as error:
        raise part.wrong(f"'{said}' has no such port", "one from 1 to 65535") from error
    host = url.hostname if url.hostname and ":" not in url.hostname else f"[{url.hostname}]"
    return f"{url.scheme}://{host}{port}{url.path.rstrip('/')}"


def _address(part: Part) -> str:
    try:
        return str(ipaddress.ip_address(part.text()))
    except ValueError as error:
        raise part.wrong(f"'{part.text()}' is no address", "an IP address, such as 0.0.0.0 or 127.0.0.1") from error


def _name(part: Part) -> str:
    if not NAME.fullmatch(part.text()):
        raise part.wrong(f"'{part.text()}' is no name", "a lower-case letter, then up to 13 letters, digits or dashes")
    return part.text()
