import hashlib
import json
import re
from base64 import b64encode
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labctl.cli.debrief_html import UPLOT, page
from tests.support.example_debrief import HOSTILE, example_debrief

PAGE = page(example_debrief())
PINNED = {
    "uPlot.iife.min.js": "19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f",
    "uPlot.min.css": "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04",
    "LICENSE": "8f989229699b4fe2f1a0432d0e9edc338a8a911e250e2d1b01ecd770a5f5b1bd",
}


class Reader(HTMLParser):
    """Reads a page as a browser does: its elements with their attributes, its text, the content of its scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.text = ""
        self._in = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._in = tag
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        self._in = ""

    def handle_data(self, data: str) -> None:
        if self._in == "script":
            self.scripts[-1] += data
        elif self._in != "style":
            self.text += data


def names(text: str) -> list[str]:
    return [tag for tag, _ in Reader(text).elements]


@pytest.mark.parametrize("name", PINNED)
def test_the_chart_library_is_the_published_one(name: str) -> None:
    assert hashlib.sha256((UPLOT / name).read_bytes()).hexdigest() == PINNED[name]


def test_it_is_whole_in_itself() -> None:
    elements = Reader(PAGE).elements
    assert not [tag for tag, _ in elements if tag in ("link", "img", "iframe", "object", "base", "form")]
    assert not [attrs for tag, attrs in elements if tag == "script" and "src" in attrs]
    assert not [attrs["href"] for tag, attrs in elements if tag == "a" and not str(attrs["href"]).startswith("#")]
    assert not re.search(r"@import|url\(", PAGE)
    assert "Copyright (c) 2022 Leon Sorokin" in PAGE


def test_no_other_script_may_run() -> None:
    read = Reader(PAGE)
    (policy,) = [str(attrs["content"]) for _, attrs in read.elements if attrs.get("http-equiv")]
    assert policy.startswith("default-src 'none'")
    for script in read.scripts[1:]:
        assert f"'sha256-{b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" in policy


def test_the_story_is_told() -> None:
    said = " ".join(Reader(PAGE).text.split())
    for text in (
        "An example",
        "risk / configuration-change / connection-pool-too-small",
        "risk: requests queue",
        "The earliest abnormal signal was risk: queue , 2 s after the change (7 s before the page)",
        "You first looked at it 20 s after the page, with look-up #2.",
        "labctl diff risk",
        "you did not look",
        "queries cost what they did",
        "it destroyed its counters a word, which nobody had looked at",
        "restart risk does not a word",
    ):
        assert text.replace(" ,", ",") in said.replace(" ,", ",")


def test_every_link_has_its_curve() -> None:
    data = json.loads(Reader(PAGE).scripts[0])
    assert len(data["chain"]) == 4
    for link in data["chain"]:
        times = [at for at, _ in link["curve"]]
        assert min(times) < data["injected_at"] < max(times)
    assert len([attrs for _, attrs in Reader(PAGE).elements if "data-link" in attrs]) == 4


def test_what_others_wrote_is_text_and_nothing_else() -> None:
    hostile = page(example_debrief(HOSTILE))
    assert names(hostile) == names(PAGE)
    assert "<script>alert" not in hostile
    assert "\x1b" not in hostile
    read = Reader(hostile)
    assert "<img src=x onerror=alert(2)>" in read.text
    assert "</script><script>alert(1)</script>" in json.dumps(json.loads(read.scripts[0])["timeline"])


@settings(deadline=None, max_examples=30)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_no_text_changes_the_page(text: str) -> None:
    assert names(page(example_debrief(text))) == names(PAGE)


def test_charts_are_in_reach_of_the_keyboard() -> None:
    charts = [attrs for _, attrs in Reader(PAGE).elements if "chart" in str(attrs.get("class", "")).split()]
    assert len(charts) == 5
    assert all(attrs["tabindex"] == "0" and attrs["aria-label"] for attrs in charts)


def test_with_nothing_measured_and_nothing_written() -> None:
    bare = example_debrief()
    chain = tuple(replace(link, curve=(), onset_s=None, value=None, baseline=None) for link in bare.chain)
    told = page(
        replace(bare, chain=chain, first_sign=None, looked_at=(), submissions=(), wrong=(), notes=(), updates=())
    )
    assert "Nothing was measured." in told
    assert "There were none." in told
