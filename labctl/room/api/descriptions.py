"""The OpenAPI document, made from the table of served actions."""

from __future__ import annotations

import inspect
import json
from functools import cache
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

import labctl
from labctl.actions.answer import Answer
from labctl.actions.api_answers import LoggedIn, Me, Problem
from labctl.actions.json_schema import schema_of
from labctl.actions.served import SERVED, Served
from labctl.room.api.parameters import model_of

TITLE = "A lab's room"
ABOUT = (
    "What a person can do in a lab, as the commands of labctl do it: the same journal, the same verdicts, and answers "
    "in the form of their `--json`. An action is asked for by POST, with a JSON object. `login` gives a token, which "
    "goes into the header Authorization. Texts that the lab had to say beside an answer are in the header X-Warnings, "
    "as a JSON array."
)
REFUSED = {
    "400": "The request can't be read.",
    "401": "Nobody that the room knows.",
    "403": "From another page, or by a cookie without the page's key.",
    "404": "A name that doesn't exist.",
    "405": "Not asked for by POST.",
    "409": "The lab, or the incident, is not in the state that this needs.",
    "413": "More than the room takes.",
    "415": "Not declared as JSON.",
    "422": "A value that no lab would accept.",
    "429": "Too many requests: wait as long as Retry-After says.",
    "500": "A bug, or what the host did not allow.",
    "502": "The lab's telemetry or database refused the query, or did not answer.",
}


class Login(BaseModel):
    """The way in."""

    model_config = ConfigDict(extra="forbid", strict=True, title="login")
    code: Annotated[str, Field(description="A one-time token, as `labctl room --code` prints it.", max_length=200)]
    name: Annotated[str, Field(description="The name by which others in the room know you.", max_length=200)] = ""


HERE = "./"
"""The address of the API, as seen from its document."""


@cache
def text(address: str = HERE) -> str:
    """Return the document as JSON, of an API at this address."""
    return json.dumps({**document(), "servers": [{"url": address}]}, indent=2) + "\n"


def document() -> dict[str, Any]:
    """Return the document."""
    schemas: dict[str, Any] = {}
    paths: dict[str, Any] = {
        "/login": {"post": _login(schemas)},
        "/logout": {"post": _logout()},
        "/me": {"get": _operation("me", "Say who asks, and what answers.", Me, schemas)},
        **{f"/{row.name}": {"post": _of(row, schemas)} for row in SERVED},
    }
    _put(Problem, schemas)
    bearer = {"type": "http", "scheme": "bearer"}
    return {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "version": labctl.__version__, "description": ABOUT},
        "security": [{"token": []}],
        "paths": paths,
        "components": {"securitySchemes": {"token": bearer}, "schemas": schemas},
    }


def _login(schemas: dict[str, Any]) -> dict[str, Any]:
    made = _operation("login", "Get a token for a code, which is used up.", LoggedIn, schemas)
    return {**made, "security": [], "requestBody": _body(Login, schemas, required=True)}


def _logout() -> dict[str, Any]:
    refused = {status: {"description": text, "content": _json(_ref(Problem))} for status, text in REFUSED.items()}
    done = {"description": "The token is good for nothing from now on."}
    return {"operationId": "logout", "summary": "End the token.", "responses": {"204": done, **refused}}


def _of(row: Served, schemas: dict[str, Any]) -> dict[str, Any]:
    model = model_of(row)
    required = any(each.is_required() for each in model.model_fields.values())
    (answer,) = row.answers()
    about = str(inspect.getdoc(row.load())).partition("\n")[0]
    made = _operation(row.name, about, answer, schemas)
    return {
        **made,
        "tags": ["changes" if row.changes else "looks"],
        "requestBody": _body(model, schemas, required=required),
    }


def _operation(name: str, about: str, answer: type[Answer], schemas: dict[str, Any]) -> dict[str, Any]:
    good = {"description": str(inspect.getdoc(answer)).partition("\n")[0], "content": _json(_put(answer, schemas))}
    refused = {status: {"description": text, "content": _json(_ref(Problem))} for status, text in REFUSED.items()}
    return {"operationId": name, "summary": about, "responses": {"200": good, **refused}}


def _body(model: type[BaseModel], schemas: dict[str, Any], *, required: bool) -> dict[str, Any]:
    made = model.model_json_schema(mode="validation")
    for name, part in made.pop("$defs", {}).items():
        schemas[f"{model.__name__}.{name}"] = part
    return {"required": required, "content": _json(_moved(made, model.__name__))}


def _put(answer: type[Answer], schemas: dict[str, Any]) -> dict[str, Any]:
    """Put an answer's schema among the components, and return a reference to it."""
    name, made = _name(answer), schema_of(answer)
    made.pop("$schema")
    for part, schema in made.pop("$defs", {}).items():
        schemas[f"{name}.{part}"] = _moved(schema, name)
    schemas[name] = _moved(made, name)
    return _ref(answer)


def _moved(schema: Any, below: str) -> Any:  # noqa: ANN401 - JSON of any shape
    """Return a schema whose references lead to the components."""
    if isinstance(schema, dict):
        return {
            key: value.replace("#/$defs/", f"#/components/schemas/{below}.") if key == "$ref" else _moved(value, below)
            for key, value in schema.items()
        }
    return [_moved(each, below) for each in schema] if isinstance(schema, list) else schema


def _name(answer: type[Answer]) -> str:
    return answer.schema.replace("/", "-")


def _ref(answer: type[Answer]) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{_name(answer)}"}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
