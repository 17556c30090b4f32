"""Every answer that a test has printed as JSON is checked against its schema."""

from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.protocols import Validator

from labctl.actions.answer import Answer, to_json
from labctl.actions.json_schema import schema_of
from labctl.cli import schemas


@cache
def _validators() -> dict[str, Validator]:
    return {each.schema: Draft202012Validator(schema_of(each)) for each in schemas.answers()}


def checked(answer: Answer) -> dict[str, Any]:
    """Return the JSON form of an answer that is as its schema says it is."""
    document = to_json(answer)
    if answer.schema in _validators():
        _validators()[answer.schema].validate(document)
    return document


def validate(document: dict[str, Any]) -> None:
    """Check an answer that came as JSON against its schema; one that has none fails."""
    _validators()[document["schema"]].validate(document)
