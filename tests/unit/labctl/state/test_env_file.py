from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from labctl.state import env_file

TEXT = "# why\nTTL=3600\n\nURL=http://risk:8080?a=b\n"
keys = st.from_regex(r"[A-Z][A-Z0-9_]{0,8}", fullmatch=True)
values = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=12)


def test_settings_are_read_and_comments_skipped() -> None:
    assert env_file.parse(TEXT) == {"TTL": "3600", "URL": "http://risk:8080?a=b"}


@given(st.dictionaries(keys, values, max_size=5))
def test_what_was_rendered_is_read_back(settings: dict[str, str]) -> None:
    assert env_file.parse(env_file.render(settings)) == settings


@given(st.dictionaries(keys, values, max_size=5), keys, values)
def test_changing_one_value_changes_nothing_else(settings: dict[str, str], key: str, value: str) -> None:
    text = "# kept\n" + env_file.render(settings)
    changed = env_file.with_value(text, key, value)
    assert env_file.parse(changed) == {**settings, key: value}
    assert changed.startswith("# kept\n")


def test_a_changed_line_stays_in_its_place() -> None:
    assert env_file.with_value(TEXT, "TTL", "5") == TEXT.replace("3600", "5")


def test_the_diff_shows_the_line_with_its_comment() -> None:
    diff = env_file.unified_diff(TEXT, TEXT.replace("3600", "5"), "config/risk.env")
    assert "--- a/config/risk.env\n+++ b/config/risk.env\n" in diff
    assert " # why\n-TTL=3600\n+TTL=5\n" in diff
    assert env_file.unified_diff(TEXT, TEXT, "x") == ""
