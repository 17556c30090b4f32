"""The postmortem's editor: filled by the draft, saved as one types, never over what somebody else saved."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from labctl.actions import postmortem
from labctl.actions.postmortem_editing import MOST_CHARACTERS
from labctl.room.views import postmortem as view
from tests.support.example_debrief import HOSTILE
from tests.support.room_world import Browser
from tests.unit.labctl.room.test_hostile import Seen
from tests.unit.labctl.room.views.test_answer import RIGHT, room

__all__ = ["room"]
AUTOSAVE = {"X-Autosave": "1"}


@pytest.fixture
def ended(room: Browser) -> Browser:
    room.post("/answer", RIGHT)
    return room


def form(browser: Browser, **changed: object) -> dict[str, Any]:
    """Return what the page's form would send, with some of it changed."""
    page = browser.get("/postmortem").text
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    texts = {f"section-{number}": f"text {number}" for number in range(4)}
    items = {"action": ["Do it"], "owner": ["me"], "due": ["2031-05-30"]}
    given = {"incident": "INC-0001", "version": version[1], "title": "A title", "about": "About"}
    return {**given, **texts, **items, **changed}


def test_before_the_end_there_is_none(room: Browser) -> None:
    answer = room.get("/postmortem")
    assert answer.status_code == 200
    assert "is not over" in answer.text
    assert 'action="/room/lab/postmortem"' not in answer.text
    assert room.get("/postmortem.md").status_code == 409


def test_the_draft_is_in_it_with_what_is_missing(ended: Browser) -> None:
    text = ended.get("/postmortem").text
    for name in ("Timeline", "Root cause", "Impact", "Resolution", "Action items"):
        assert f"<h2>{name}</h2>" in text
    assert "the owner of this action item" in text
    assert "<table><thead><tr><th>When</th><th>What</th>" in text


def test_what_is_saved_is_there_again_and_complete(ended: Browser) -> None:
    answer = ended.post("/postmortem", form(ended), **AUTOSAVE)
    assert answer.status_code == 200
    assert 'data-version="1"' in answer.text
    assert "The postmortem is complete" in answer.text
    page = ended.get("/postmortem").text
    assert "text 2</textarea>" in page
    assert 'value="2031-05-30"' in page


def test_without_a_script_the_page_comes_again(ended: Browser) -> None:
    answer = ended.post("/postmortem", form(ended))
    assert (answer.status_code, answer.location) == (303, "/room/lab/postmortem")


def test_nothing_is_saved_over_what_somebody_else_saved(ended: Browser) -> None:
    mine, theirs = form(ended), form(ended, title="Another title")
    assert ended.post("/postmortem", theirs, **AUTOSAVE).status_code == 200
    answer = ended.post("/postmortem", mine, **AUTOSAVE)
    assert answer.status_code == 409
    assert "in another browser" in answer.text
    assert "Another title" in ended.get("/postmortem").text
    # The same text again is no conflict: the answer to the first attempt may have been lost.
    assert ended.post("/postmortem", theirs, **AUTOSAVE).status_code == 200


@pytest.mark.parametrize("change", [{"version": "x"}, {"incident": "INC-0009"}, {"section-0": "x" * 250_000}])
def test_what_cannot_be_saved_is_refused_with_a_reason(ended: Browser, change: dict[str, object]) -> None:
    answer = ended.post("/postmortem", form(ended, **change), **AUTOSAVE)
    assert answer.status_code in (409, 422)
    assert 'class="problem"' in answer.text


def test_a_long_text_is_no_problem(ended: Browser) -> None:
    text = "длинный текст " * 8000
    assert ended.post("/postmortem", form(ended, **{"section-1": text}), **AUTOSAVE).status_code == 200
    assert text.strip() in ended.get("/postmortem").text


def test_it_is_downloaded_as_markdown(ended: Browser) -> None:
    ended.post("/postmortem", form(ended, action=["a | b", ""], owner=["me", ""], due=["2031-05-30", ""]), **AUTOSAVE)
    answer = ended.get("/postmortem.md")
    assert answer.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="postmortem-INC-0001.md"'
    assert answer.text.startswith("# A title\n\nAbout\n\n## Timeline\n\ntext 0\n")
    assert answer.text.endswith("| a \\| b | me | 2031-05-30 |\n")


def test_the_command_writes_what_was_written_here(ended: Browser, tmp_path: Path) -> None:
    ended.post("/postmortem", form(ended), **AUTOSAVE)
    written = postmortem.write("lab", tmp_path / "postmortem.md")
    assert written.text == ended.get("/postmortem.md").text
    assert postmortem.check(written.file).complete


def test_one_may_begin_again_from_the_draft(ended: Browser) -> None:
    ended.post("/postmortem", form(ended), **AUTOSAVE)
    assert ended.post("/postmortem/draft", {}).status_code == 303
    page = ended.get("/postmortem").text
    assert "text 2" not in page
    assert 'name="version" value="0"' in page


def test_every_text_stays_a_text(ended: Browser) -> None:
    shapes = []
    for text in ("a word", HOSTILE.replace("|", "").replace("`", "").replace("\x1b", "")):
        sections = {f"section-{number}": text for number in range(4)}
        given = form(ended, **sections, title=text, about=text, action=[text], owner=[text])
        ended.post("/postmortem", given, **AUTOSAVE)
        shapes.append(Seen(ended.get("/postmortem").text).shape)
    assert shapes[0] == shapes[1]


def test_a_save_needs_the_key(ended: Browser) -> None:
    assert ended.post("/postmortem", form(ended, change_key="none"), **AUTOSAVE).status_code == 403


def test_the_limit_is_enough_for_the_longest_text() -> None:
    assert view.MOST_BYTES >= 9 * MOST_CHARACTERS
