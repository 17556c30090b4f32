from __future__ import annotations

import difflib

from hypothesis import given
from hypothesis import strategies as st

from labctl.room.diffs import DiffLine, lines_of

DIFF = """diff --git a/x b/x
--- a/x
+++ b/x
@@ -1,3 +1,3 @@ def f():
 one
--- a comment in SQL
+++ and another
 three
\\ No newline at end of file
--- a/y
+++ b/y
@@ -5 +5,2 @@
 five
+six
"""


def test_each_line_says_what_it_is_and_where() -> None:
    assert [(each.kind, each.old, each.new) for each in lines_of(DIFF)] == [
        ("file", "", ""),
        ("file", "", ""),
        ("file", "", ""),
        ("hunk", "", ""),
        ("same", "1", "1"),
        ("removed", "2", ""),
        ("added", "", "2"),
        ("same", "3", "3"),
        ("file", "", ""),
        ("file", "", ""),
        ("file", "", ""),
        ("hunk", "", ""),
        ("same", "5", "5"),
        ("added", "", "6"),
    ]


def test_a_line_that_looks_like_a_files_name_is_text_within_a_hunk() -> None:
    assert DiffLine("removed", "-- a comment in SQL", "2", "") in lines_of(DIFF)


@given(st.lists(st.text("ab-+ @\\", max_size=4)), st.lists(st.text("ab-+ @\\", max_size=4)))
def test_what_was_removed_and_added_is_told(old: list[str], new: list[str]) -> None:
    found = lines_of("\n".join(difflib.unified_diff(old, new, "a", "b", lineterm="", n=999)))
    if old != new:
        assert [each.text for each in found if each.old] == old
        assert [each.text for each in found if each.new] == new
