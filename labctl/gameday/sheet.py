"""A page to print: the instructor's link, and each team's, to be cut apart."""

from __future__ import annotations

from html import escape
from pathlib import Path

from labctl.base.private_files import write_private
from labctl.gameday.answers import GameDay

_HEAD = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>
body {{ font: 14pt/1.5 sans-serif; margin: 2cm; color: #000; background: #fff; }}
section {{ border: 1px dashed #666; padding: 1em 1.5em; margin: 0 0 1.5em; break-inside: avoid; }}
code {{ font-size: 13pt; overflow-wrap: anywhere; }}
</style></head><body>
"""


def write(path: Path, day: GameDay) -> None:
    """Write the page (0600): whoever has a link is in."""
    parts = [_HEAD.format(title=escape(day.title)), f"<h1>{escape(day.title)}</h1>\n"]
    for each in day.teams:
        parts.append(_section(f"Team {each.team}", each.link, "Open it, and say who you are. Keep it in the team."))
    parts.append(_section("Instructor", day.instructor, "For you alone: cut it off before you hand out the others."))
    write_private(path, "".join(parts) + "</body></html>\n")


def _section(head: str, link: str, text: str) -> str:
    return f"<section><h2>{escape(head)}</h2><p><code>{escape(link)}</code></p><p>{escape(text)}</p></section>\n"
