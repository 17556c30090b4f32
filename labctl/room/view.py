"""What a view is, and how its pages are made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, Response, g, make_response, render_template, request

from labctl.actions import incident, looking
from labctl.room import pins, stream
from labctl.room.problems import Part, part
from labctl.room.site import here, visitor

REFRESH = "X-Refresh"
"""The header of a request that nobody typed: a view is only kept fresh, which is no new look-up."""


@dataclass(frozen=True)
class View:
    """One entry of the navigation: its path below the prefix, its title, the key that opens it, its routes."""

    name: str
    title: str
    key: str
    add: Callable[[Blueprint], None]

    @property
    def endpoint(self) -> str:
        """The name of its route."""
        return f"room.{self.name}"


def page(template: str, status: int = HTTPStatus.OK, **values: object) -> Response:
    """Return a page in the room's frame: navigation, page and clock, and what the view shows."""
    site = here()
    seen = part(site.watch.look)
    return make_response(
        render_template(
            template,
            **values,
            bar=paging(site.lab),
            away=seen.value.away if seen.value else (),
            seen=stream.written(seen.value.versions) if seen.value else "",
            change_key=site.identity.change_key(visitor()),
            warnings=g.get("warnings", ()),
            pin=pins.present(),
            pin_key=pins.KEY,
            targets=pins.targets(),
        ),
        status,
    )


def paging(lab: str) -> Part[incident.Incident]:
    """Return the page and the clock of the last incident, as the bar at the top shows them."""
    return part(lambda: incident.page(lab))


def kept_fresh() -> bool:
    """Whether nobody typed this request."""
    return REFRESH in request.headers


def looked(ask: Callable[[], object]) -> Part[object]:
    """Return what a look-up finds; where the view is only kept fresh, it is no new one."""
    if kept_fresh():
        with looking.refreshing():
            return part(ask)
    return part(ask)
