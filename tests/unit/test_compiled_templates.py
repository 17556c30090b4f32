"""Templates are compiled once for every app of a process, and anew when their text is another one."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask, render_template
from jinja2 import Environment

from tests.support import compiled_templates


def rendered(folder: Path) -> str:
    app = Flask("an app", template_folder=str(folder))
    with app.app_context():
        return render_template("page.html", name="Ada")


def test_a_second_app_compiles_nothing_until_the_text_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    compile_ = Environment._compile

    def noted(self: Environment, source: str, filename: str) -> object:
        compiled.append(filename)
        return compile_(self, source, filename)

    monkeypatch.setattr(Environment, "_compile", noted)
    page = tmp_path / "page.html"
    page.write_text("Hello, {{ name }}")
    with compiled_templates.shared():
        assert [rendered(tmp_path), rendered(tmp_path)] == ["Hello, Ada"] * 2
        assert len(compiled) == 1
        page.write_text("Bye, {{ name }}")
        assert rendered(tmp_path) == "Bye, Ada"
        assert len(compiled) == 2
