from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator, ValidationError

from labctl.actions.answer import Answer, moment, to_json
from labctl.actions.changes import Change, Changes
from labctl.actions.json_schema import schema_of
from labctl.cli import cli, schemas
from tests.support.markdown import ROOT

CHANGES = Changes((Change(1, moment(0), "release", "risk", "Faster", "1.0", "1.1", "a.n"),))


@pytest.mark.parametrize("answer", schemas.answers(), ids=lambda each: each.schema)
def test_every_schema_is_one_and_its_file_has_it(answer: type[Answer]) -> None:
    schema = schema_of(answer)
    Draft202012Validator.check_schema(schema)
    assert json.loads((ROOT / schemas.FOLDER / schemas.file_name(answer)).read_text()) == schema


def test_every_command_that_prints_json_is_described() -> None:
    printing = {row.name for row in cli.COMMANDS if any("--json" in each.opts for each in row.load().params)}
    for group, rows in cli.GROUPS.items():
        printing |= {f"{group} {row.name}" for row in rows if any("--json" in each.opts for each in row.load().params)}
    # What verify writes with --json is a file of its own: its records (docs/measured.md).
    assert printing - {"verify"} == set(schemas.ANSWERS)


def test_a_schema_takes_what_is_printed_and_nothing_less_or_more() -> None:
    validator = Draft202012Validator(schema_of(Changes))
    document = to_json(CHANGES)
    validator.validate(document)
    less = {**document, "changes": [{"id": 1}]}
    for wrong in ({**document, "more": 1}, {**document, "schema": "labctl.changes/2"}, less):
        with pytest.raises(ValidationError):
            validator.validate(wrong)


def test_the_page_says_what_stands_below_a_field() -> None:
    assert "| `clock_s` | number | Seconds since the page, with the penalty for wrong submissions. |" in schemas.page()
