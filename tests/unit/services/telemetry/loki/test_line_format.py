import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.telemetry.loki.entry import Entry
from services.telemetry.loki.line_format import TemplateError, parse, step


def formatted(template: str, line: str = "the line") -> str:
    found = Entry(1, line, {"level": "info"}, lambda: {"status": "502"})
    assert step(parse(template))(found)
    return found.line


def test_labels_and_the_line_stand_where_they_are_named() -> None:
    assert formatted("{{.level}}: {{ __line__ }} ({{- .status -}}) {{.missing}}!") == "info: the line (502) !"


@given(st.text().filter(lambda text: "{{" not in text))
def test_a_text_without_places_is_the_line(text: str) -> None:
    assert formatted(text) == text


@pytest.mark.parametrize("template", ["{{ .level | ToUpper }}", "{{if .level}}x{{end}}", "{{"])
def test_anything_more_is_refused(template: str) -> None:
    with pytest.raises(TemplateError, match="only"):
        parse(template)
