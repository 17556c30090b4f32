"""The report of a day, as files to keep."""

from __future__ import annotations

from flask import Blueprint, Response, abort

from labctl.gameday import report
from labctl.gameday.report_files import FILES
from labctl.gameday.web.site import Access, here, note, who


def add(instructor: Blueprint) -> None:
    """Add the route."""
    instructor.get("/report/<name>")(download)


@who(Access.INSTRUCTOR)
def download(name: str) -> Response:
    """Return one of the report's files."""
    if name not in FILES:
        abort(404)
    site = here()
    kind, written = FILES[name]
    note("report", detail=name)
    response = Response(written(report.make(site.store, site.plan.title)), mimetype=kind)
    # It is its own page with its own looks: opened from a file, where nothing of the hub's can be reached.
    response.headers["Content-Disposition"] = f'attachment; filename="{site.plan.name}-{name}"'
    return response
