"""The JSON form of an answer as a JSON Schema, made from its type. It needs pydantic, which no command does."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import itertools
import textwrap
from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from labctl.actions.answer import Answer

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _AsPrinted(GenerateJsonSchema):
    """Makes schemas in which every field is required and no other field is allowed: answers are printed whole."""

    def dataclass_schema(self, schema: core_schema.DataclassSchema) -> JsonSchemaValue:
        """Return a dataclass's schema."""
        made = super().dataclass_schema(schema)
        made.pop("title", None)
        if "properties" in made:
            made |= {"required": list(made["properties"]), "additionalProperties": False}
        return made

    def get_title_from_name(self, name: str) -> str:
        """Return no title: a field's name is enough."""
        del name
        return ""


def schema_of(answer: type[Answer]) -> dict[str, Any]:
    """Return the JSON Schema of an answer's JSON form."""
    made = TypeAdapter(answer).json_schema(schema_generator=_AsPrinted, mode="serialization")
    made = _without_titles(made)
    documented = {answer.__name__: answer, **{each.__name__: each for each in _parts(answer)}}
    for name, part in ((answer.__name__, made), *made.get("$defs", {}).items()):
        for field, text in _field_texts(documented[name]).items() if name in documented else ():
            part["properties"][field].setdefault("description", text)
    properties = {"schema": {"const": answer.schema}, **made.pop("properties")}
    return {
        "$schema": DIALECT,
        "title": answer.schema,
        **made,
        "properties": properties,
        "required": list(properties),
    }


def _parts(kind: Any, seen: frozenset[type] = frozenset()) -> Iterator[type]:  # noqa: ANN401 - a type, or its parts
    """Yield the dataclasses inside a type: in its fields, and in their fields."""
    for each in get_args(kind) or ():
        yield from _parts(each, seen)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type) and kind not in seen:
        yield kind
        for hint in get_type_hints(kind).values():
            yield from _parts(hint, seen | {kind})


def _field_texts(kind: type) -> dict[str, str]:
    """Return, by field, the docstrings below the fields of a dataclass."""
    found: dict[str, str] = {}
    for parent in reversed([each for each in kind.__mro__ if dataclasses.is_dataclass(each)]):
        (node,) = ast.parse(textwrap.dedent(inspect.getsource(parent))).body
        body = node.body if isinstance(node, ast.ClassDef) else []
        for field, text in itertools.pairwise(body):
            if isinstance(field, ast.AnnAssign) and isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant):
                found[ast.unparse(field.target)] = inspect.cleandoc(str(text.value.value))
    return found


def _without_titles(schema: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    if isinstance(schema, dict):
        return {
            key: _without_titles(value) for key, value in schema.items() if key != "title" or isinstance(value, dict)
        }
    return [_without_titles(each) for each in schema] if isinstance(schema, list) else schema
