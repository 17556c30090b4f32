from __future__ import annotations

import subprocess
from pathlib import Path
from shutil import which

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.base.errors import CatalogueError
from labctl.images.patches import apply, diff, parse

LINES = st.lists(
    st.sampled_from(["a", "b", "", "-- x", "++ y", " z", "@@ -1 +1 @@", "\\ No", "é\u2028\x0c"]), max_size=12
)
TEXT = st.builds(lambda lines, end: "\n".join(lines) + end, LINES, st.sampled_from(["", "\n"]))
FILES = st.dictionaries(st.sampled_from(["x", "d/y.py", "d/z"]), TEXT, max_size=3)

OLD = {"services/risk/app.py": "one\ntwo\nthree\nfour\nfive\n"}
PATCH = """\
--- a/services/risk/app.py
+++ b/services/risk/app.py
@@ -2,3 +2,4 @@ context after the mark
 two
-three
+3
+three and a half
 four
"""


def applied(text: str, files: dict[str, str]) -> dict[str, str]:
    return apply(parse(text, "test.patch"), files, "test.patch")


def test_a_patch_changes_exactly_its_lines() -> None:
    assert applied(PATCH, OLD) == {"services/risk/app.py": "one\ntwo\n3\nthree and a half\nfour\nfive\n"}


def test_the_files_given_stay_as_they_are() -> None:
    applied(PATCH, OLD)

    assert OLD["services/risk/app.py"].splitlines()[2] == "three"


def test_context_that_has_moved_as_a_whole_is_found() -> None:
    moved = {"services/risk/app.py": "minus one\nzero\none\ntwo\nthree\nfour\n"}

    assert applied(PATCH, moved)["services/risk/app.py"] == "minus one\nzero\none\ntwo\n3\nthree and a half\nfour\n"


def test_two_places_that_it_could_mean_are_one_too_many() -> None:
    twice = {"services/risk/app.py": "0\n0\ntwo\nthree\nfour\ntwo\nthree\nfour\n"}

    with pytest.raises(CatalogueError, match="at line 2"):
        applied(PATCH, twice)


def test_of_two_places_the_one_that_it_names_is_meant() -> None:
    twice = {"services/risk/app.py": "one\ntwo\nthree\nfour\ntwo\nthree\nfour\n"}

    assert applied(PATCH, twice)["services/risk/app.py"].startswith("one\ntwo\n3\n")


@pytest.mark.parametrize("changed", ["one\ntwo\nthree \nfour\n", "one\ntwo\nthree\n", "one\nthree\nfour\n", ""])
def test_context_that_has_changed_is_an_error(changed: str) -> None:
    with pytest.raises(CatalogueError, match=r"services/risk/app\.py is not as the patch expects it at line 2"):
        applied(PATCH, {"services/risk/app.py": changed})


def test_a_file_that_is_missing_is_an_error() -> None:
    with pytest.raises(CatalogueError, match="is not there"):
        applied(PATCH, {})


def test_hunks_out_of_order_are_an_error() -> None:
    hunk = "@@ -1 +1 @@\n-one\n+1\n"
    with pytest.raises(CatalogueError, match="at line 1"):
        applied(PATCH + hunk, OLD)


def test_files_are_made_and_removed() -> None:
    text = "--- /dev/null\n+++ b/d/new\n@@ -0,0 +1,2 @@\n+x\n+y\n--- a/old\n+++ /dev/null\n@@ -1 +0,0 @@\n-gone\n"

    assert applied(text, {"old": "gone\n", "d/kept": "k"}) == {"d/new": "x\ny\n", "d/kept": "k"}


def test_a_new_file_never_overwrites() -> None:
    with pytest.raises(CatalogueError, match="is there already"):
        applied("--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+x\n", {"x": "mine"})


def test_a_removed_file_has_to_be_removed_whole() -> None:
    with pytest.raises(CatalogueError, match="more lines than the patch removes"):
        applied("--- a/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-gone\n", {"x": "gone\nleft\n"})


def test_a_missing_new_line_at_the_end_is_kept_in_mind() -> None:
    text = "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-3.8.0\n\\ No newline at end of file\n+3.8.1\n\\ No newline at end of file\n"

    assert applied(text, {"x": "3.8.0"}) == {"x": "3.8.1"}
    with pytest.raises(CatalogueError):
        applied(text, {"x": "3.8.0\n"})


@given(FILES, FILES)
def test_the_difference_of_any_two_trees_leads_from_one_to_the_other(old: dict[str, str], new: dict[str, str]) -> None:
    text = diff(old, new)
    # A file that is empty on one side and missing on the other has no lines to tell it by.
    unseen = {path for path in {*old, *new} if not old.get(path) and not new.get(path)}

    after = applied(text, old) if text else old

    assert {path: after.get(path) for path in {*after, *new} - unseen} == {
        path: new.get(path) for path in {*after, *new} - unseen
    }


@pytest.mark.skipif(which("patch") is None, reason="checks our patches with patch(1) where it is installed")
def test_patch_reads_our_differences_the_same(tmp_path: Path) -> None:
    new = {"services/risk/app.py": "zero\none\nthree\nfour\nfive"}
    target = tmp_path / "services/risk/app.py"
    target.parent.mkdir(parents=True)
    target.write_text(OLD["services/risk/app.py"])

    subprocess.run(
        ["patch", "-p1", "--fuzz=0"], cwd=tmp_path, input=diff(OLD, new), text=True, check=True, capture_output=True
    )

    assert target.read_text() == new["services/risk/app.py"]
