"""Postmortem: the five sections, saved in the lab as one types, checked, and shown as it will look."""

from __future__ import annotations

import re
from http import HTTPStatus
from itertools import zip_longest
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from labctl.actions import postmortem_editing as action
from labctl.base.errors import InputError, LabStateError
from labctl.room import markdown
from labctl.room.problems import part
from labctl.room.site import here
from labctl.room.view import View, page

SAVE = "room.postmortem_save"
MOST_BYTES = 2_000_000
"""Of what a browser sends to save: the longest text, with every letter of it spelled out."""


def add(room: Blueprint) -> None:
    """Add the routes."""

    @room.url_value_preprocessor
    def allow_more(endpoint: str | None, _values: object) -> None:
        # The door reads the form before the route does.
        if endpoint == SAVE:
            request.max_content_length = request.max_form_memory_size = MOST_BYTES

    @room.get("/postmortem", endpoint="postmortem")
    def show() -> Response:
        found = part(lambda: action.open_it(here().lab))
        if found.value is None:
            status = HTTPStatus.OK if isinstance(found.problem, LabStateError) else found.status
            return page("postmortem_before.html", status, problem=found.problem)
        return page("postmortem.html", **_shown(found.value))

    @room.post("/postmortem", endpoint="postmortem_save")
    def save() -> AnyResponse:
        given = request.form
        known = given.get("version", "")
        if not known.isdecimal():
            raise InputError(f"'{known}' is no version", expected="that of the page", todo="reload the page")
        try:
            saved = action.save(here().lab, given.get("incident", ""), int(known), _typed())
        except action.ChangedMeanwhileError as problem:
            return make_response(render_template("problem.html", problem=problem, partly=True), HTTPStatus.CONFLICT)
        if "X-Autosave" not in request.headers:
            return redirect(url_for("room.postmortem"), 303)
        return make_response(render_template("postmortem_review.html", **_shown(saved)))

    @room.post("/postmortem/draft", endpoint="postmortem_again")
    def begin_again() -> AnyResponse:
        action.begin_again(here().lab)
        return redirect(url_for("room.postmortem"), 303)

    @room.get("/postmortem.md")
    def postmortem_file() -> Response:
        found = action.open_it(here().lab)
        name = f"postmortem-{re.sub(r'[^A-Za-z0-9-]', '', found.incident)}.md"
        response = make_response(found.text)
        response.headers["Content-Type"] = "text/markdown; charset=utf-8"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


def _shown(found: action.Editing) -> dict[str, Any]:
    missing = {name: [each.what for each in found.missing if each.section == name] for name in (*found.sections, ITEMS)}
    return {"it": found, "missing": missing, "preview": markdown.rendered(found.text), "items_name": ITEMS}


def _typed() -> action.Postmortem:
    given = request.form
    rows = zip_longest(given.getlist("action"), given.getlist("owner"), given.getlist("due"), fillvalue="")
    texts = [given.get(f"section-{number}", "") for number in range(len(action.WRITTEN))]
    return action.of(given.get("title", ""), given.get("about", ""), texts, [action.ActionItem(*row) for row in rows])


ITEMS = action.SECTIONS[-1]
VIEW = View("postmortem", "Postmortem", "w", add)
