"""The report as files to keep: what each is called, what it is, and how it is written."""

from __future__ import annotations

from collections.abc import Callable

from labctl.gameday import report, report_html
from labctl.gameday.report import Report

FILES: dict[str, tuple[str, Callable[[Report], str]]] = {
    "report.html": ("text/html", report_html.as_html),
    "report.csv": ("text/csv", report.as_csv),
    "ways.csv": ("text/csv", report.ways_as_csv),
    "report.json": ("application/json", report.as_json),
}
