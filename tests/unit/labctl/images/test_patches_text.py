from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.base.errors import CatalogueError
from labctl.images.patches import parse

HEAD = "--- a/x\n+++ b/x\n"
GOOD = HEAD + "@@ -1,2 +1,2 @@\n a\n-b\n+c\n"


def test_what_comes_before_the_first_file_is_the_preamble() -> None:
    assert parse("Author: a.b\n\nWhy\n" + GOOD, "p").preamble == "Author: a.b\n\nWhy"


def test_a_hunk_knows_its_old_and_new_lines() -> None:
    (change,) = parse(GOOD, "p").files

    assert (change.old, change.new) == ("x", "x")
    assert change.hunks[0].begin == 1
    assert change.hunks[0].old == ["a\n", "b\n"]
    assert change.hunks[0].new == ["a\n", "c\n"]


def test_a_hunk_without_old_lines_begins_after_the_line_it_names() -> None:
    assert parse(HEAD + "@@ -4,0 +5 @@\n+x\n", "p").files[0].hunks[0].begin == 5


def test_a_removed_line_that_looks_like_a_file_stays_a_line() -> None:
    patch = parse(HEAD + "@@ -1 +1 @@\n--- a sql comment\n+++ b plus plus\n" + GOOD, "p")

    assert len(patch.files) == 2
    assert patch.files[0].hunks[0].old == ["-- a sql comment\n"]


def test_an_empty_line_of_context_may_have_lost_its_space() -> None:
    assert parse(HEAD + "@@ -1,3 +1,2 @@\n a\n\n-b\n", "p").files[0].hunks[0].old == ["a\n", "\n", "b\n"]


def test_time_stamps_after_a_path_are_left_out() -> None:
    text = GOOD.replace("a/x", "a/x\t2026-01-01 10:00:00").replace("b/x", "b/x\t2026-01-02")

    assert parse(text, "p").files[0].new == "x"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "only words\n",
        HEAD,
        HEAD + "@@ nonsense @@\n",
        HEAD + "@@ -1,3 +1,2 @@\n a\n-b\n+c\n",
        HEAD + "@@ -1,2 +1,2 @@\n a\n-b\n+c\n+d\n",
        HEAD + "@@ -1,2 +1,2 @@\n a\n?b\n+c\n",
        GOOD + "trailing words\n",
        GOOD + "diff --git a/y b/y\n",
        GOOD + "\n",
        GOOD.replace("b/x", "b/../x"),
        GOOD.replace("b/x", "/etc/passwd"),
        GOOD.replace("a/x", "c/x"),
        GOOD.replace("b/x", "b/"),
        "--- /dev/null\n+++ /dev/null\n@@ -1 +1 @@\n-a\n+b\n",
        "rename from x\n--- a/x\n+++ b/y\n",
    ],
)
def test_anything_unexpected_is_an_error_that_names_the_patch(text: str) -> None:
    with pytest.raises(CatalogueError, match=r"^risk/1\.2\.3: "):
        parse(text, "risk/1.2.3")


@given(
    st.lists(
        st.sampled_from(
            [
                "--- a/x",
                "+++ b/x",
                "@@ -1 +1 @@",
                "@@ -1,2 +0,0 @@",
                "-a",
                "+b",
                " c",
                "",
                "\\ No newline at end of file",
            ]
        )
    )
)
def test_no_text_is_anything_but_a_patch_or_an_error(lines: list[str]) -> None:
    with suppress(CatalogueError):
        assert parse("\n".join(lines), "p").files
