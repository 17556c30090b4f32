"""Every route of a room, as its app has them: a test that goes through them covers views that are added later."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import islice
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit

from flask import Flask
from werkzeug.routing import Rule

from labctl.room.door import OPEN, READING
from labctl.state.journal import LOOK_UP
from labctl.state.schema import TABLES
from tests.support.room_world import PREFIX, Browser

VALUES = {"trace_id": f"{1:032x}", "name": "room.css", "alert": "CheckoutErrorRatioHigh"}
OTHER = "1"
"""What stands for a part of an address that VALUES does not know."""


@dataclass(frozen=True)
class Route:
    """One route: its endpoint, its address below the prefix, what it may be asked with."""

    endpoint: str
    path: str
    methods: frozenset[str]

    @property
    def is_open(self) -> bool:
        """Whether it needs no visitor."""
        return self.endpoint in OPEN

    @property
    def changing(self) -> list[str]:
        """The methods by which it changes something."""
        return sorted(self.methods - READING)


def routes(app: Flask) -> list[Route]:
    """Return all routes, by address."""
    found = (Route(rule.endpoint, _path(rule), frozenset(rule.methods or ())) for rule in app.url_map.iter_rules())
    return sorted(found, key=lambda each: each.path)


def _path(rule: Rule) -> str:
    parts = (VALUES.get(text, OTHER) if dynamic else text.lstrip("|") for dynamic, text in rule._trace)
    return "".join(parts).removeprefix(PREFIX)


def kept(browser: Browser) -> dict[str, list[tuple[object, ...]]]:
    """Return all that the lab remembers, but for what was looked up."""
    with browser.lab.store.database.reading() as connection:
        rows = {each: connection.execute(f"SELECT * FROM {each}").fetchall() for each in TABLES}  # noqa: S608 - ours
    return {name: [tuple(row) for row in found if LOOK_UP not in tuple(row)] for name, found in rows.items()}


class Page(HTMLParser):
    """What a page leads to: links, parts that it asks for, forms that look something up with each of their choices."""

    def __init__(self, text: str, address: str) -> None:
        super().__init__()
        self._address = address
        self._form: dict[str, list[str]] | None = None
        self._action = self._select = ""
        self.leads_to: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        found = [has[name] for name in ("href", "hx-get") if has.get(name)]
        found += [value for name, value in has.items() if name.startswith("data-") and value.startswith(PREFIX)]
        self.leads_to += [urldefrag(urljoin(self._address, each))[0] for each in found]
        if tag == "form" and has.get("method", "get").lower() == "get":
            self._form, self._action = {}, urljoin(self._address, has.get("action", ""))
        elif self._form is not None and has.get("name"):
            self._form.setdefault(has["name"], []).append(has.get("value", ""))
            self._select = has["name"] if tag == "select" else ""
        elif self._form is not None and tag == "option" and self._select:
            self._form[self._select].append(has.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._form is not None:
            self.leads_to += _sent(self._action, self._form)
            self._form = None


def _sent(action: str, fields: dict[str, list[str]]) -> Iterator[str]:
    """Yield the addresses of a form: as it is, then with each other value that a field may have."""
    asked = {name: values[0] for name, values in fields.items()}
    yield f"{action}?{urlencode(asked)}"
    for name, values in fields.items():
        yield from (f"{action}?{urlencode({**asked, name: value})}" for value in values[1:])


def crawl(browser: Browser, start: Sequence[str], most: int, of_a_kind: int = 2) -> Iterator[tuple[str, int, str]]:
    """Yield address, status and text of the pages that these lead to, at most `of_a_kind` that differ by values."""
    return islice(_crawled(browser, start, of_a_kind), most)


def _crawled(browser: Browser, start: Sequence[str], of_a_kind: int) -> Iterator[tuple[str, int, str]]:
    waiting, seen, kinds = list(start), set[str](), dict[str, int]()
    while waiting:
        address = waiting.pop(0)
        kind = _kind(address)
        if address in seen or not address.startswith(PREFIX) or kinds.get(kind, 0) >= of_a_kind:
            continue
        seen.add(address)
        kinds[kind] = kinds.get(kind, 0) + 1
        status, text = read(browser, address)
        yield address, status, text
        waiting += Page(text, address).leads_to


def read(browser: Browser, address: str) -> tuple[int, str]:
    """Return the status and the text of a page, its headers and what is spelled as entities included."""
    browser.client.application.extensions["room"].reads._left.clear()
    with closing(browser.client.get(address, base_url="http://127.0.0.1:21005")) as answer:
        endless = answer.mimetype == "text/event-stream"
        body = b"".join(islice(answer.iter_encoded(), 6)) if endless else answer.data
        text = body.decode("utf-8", "replace")
        return answer.status_code, f"{answer.headers}\n{text}\n{html.unescape(text)}"


def _kind(address: str) -> str:
    parts = urlsplit(address)
    names = sorted({each.partition("=")[0] for each in parts.query.split("&")})
    return re.sub(r"[0-9a-f]{32}", "", parts.path) + "?" + "&".join(names)
