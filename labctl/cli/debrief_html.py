"""The debrief as one HTML page that holds all it needs: text, data, style, scripts. It opens with no network.

Every text is escaped by the template; the data for the charts is JSON that can't end its element. The page's own policy
lets no other script run, and nothing be fetched.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from labctl.actions.answer import Json
from labctl.actions.debrief import Debrief
from labctl.actions.debrief_words import decoy, difficulty, fogged, lead, signed, told_draw
from labctl.base.text import visible_lines
from labctl.base.times import show_clock
from labctl.base.units import number
from labctl.play.timeline import Kind

FOLDER = Path(__file__).parent / "report"
UPLOT = FOLDER / "uplot"


def page(debrief: Debrief) -> str:
    """Return the page."""
    scripts = (_licensed(), _file(FOLDER / "debrief.js"))
    used = {each.kind for each in debrief.timeline}
    return _template().render(
        it=debrief,
        difficulty=difficulty(debrief.around.difficulty, debrief.around.fog),
        kinds=[str(kind) for kind in Kind if kind in used],
        data=_data(debrief),
        policy=_policy(scripts),
        style=Markup(_file(UPLOT / "uPlot.min.css") + _file(FOLDER / "debrief.css")),  # noqa: S704 - our own files
        scripts=[Markup(each) for each in scripts],  # noqa: S704 - our own files
    )


def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, finalize=_shown
    )
    words = {"signed": signed, "lead": lead, "fogged": fogged, "decoy": decoy, "draw": told_draw}
    environment.filters |= {"clock": show_clock, "figure": number, "utc": _utc, **words}
    return environment.get_template("debrief.html")


def _shown(value: object) -> object:
    """Return a text with control and direction-changing characters spelled out; anything else as it is."""
    return visible_lines(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _data(debrief: Debrief) -> Json:
    """Return what the charts show, moments in epoch seconds."""
    return {
        "injected_at": debrief.injected_at.timestamp(),
        "paged_at": debrief.paged_at.timestamp(),
        "ended_at": debrief.ended_at.timestamp(),
        "chain": [{"unit": link.unit, "onset_s": link.onset_s, "curve": link.curve} for link in debrief.chain],
        "timeline": [
            {
                "at_s": each.at_s,
                "kind": str(each.kind),
                "what": visible_lines(each.what),
                "where": each.where,
                "part": each.part,
            }
            for each in debrief.timeline
        ],
    }


def _licensed() -> str:
    return f"/*!\n{_file(UPLOT / 'LICENSE')}\n*/\n{_file(UPLOT / 'uPlot.iife.min.js')}"


def _file(path: Path) -> str:
    return path.read_text("utf-8")


def _policy(scripts: tuple[str, ...]) -> str:
    """Return the page's policy: no other script than these runs, and nothing is fetched from anywhere."""
    digests = (base64.b64encode(hashlib.sha256(each.encode()).digest()).decode() for each in scripts)
    own = " ".join(f"'sha256-{each}'" for each in digests)
    return f"default-src 'none'; script-src {own}; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def _utc(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S UTC")
