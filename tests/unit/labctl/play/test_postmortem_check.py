import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.play.debrief import tell
from labctl.play.postmortem import postmortem
from labctl.play.postmortem_check import SECTIONS, check
from tests.support.example_debrief import CAUSE_CHANGE, HOSTILE, entries
from tests.support.example_fault import EXAMPLE
from tests.support.example_incident import SOLVED, solved

WHOLE = """# Postmortem

## Timeline

10:00 it began

## Root cause

A pool.

## Impact

Some checkouts failed.

## Resolution

Put it back.

## Action items

| Action | Owner | Due date |
| --- | --- | --- |
| Alert on it | ada | 2031-05-30 |
| Test a \\| b | team of risk | 2031-06-30 |
"""


def missing(text: str) -> list[tuple[int, str]]:
    return [(each.line, each.missing) for each in check(text).problems]


def line_of(text: str, part: str) -> int:
    return next(at for at, line in enumerate(text.splitlines(), start=1) if part in line)


def test_a_whole_one() -> None:
    assert missing(WHOLE) == []
    assert check(WHOLE).action_items == 2


def test_of_labctls_own_draft_only_owners_and_dates_are_missing() -> None:
    story = tell(EXAMPLE, solved(), entries(HOSTILE))
    draft = postmortem(story, [CAUSE_CHANGE], healed_at=SOLVED + 10).text
    wanted = [what for _, what in missing(draft)]
    assert [what.split(" of ")[0].split(",")[0] for what in wanted] == ["the owner", "the due date"] * 3
    assert check(draft).action_items == 3


@pytest.mark.parametrize("title", SECTIONS)
def test_a_section_that_is_not_there(title: str) -> None:
    assert (WHOLE.count("\n") + 1, f"the section '## {title}'") in missing(WHOLE.replace(f"## {title}", f"## {title}s"))


@pytest.mark.parametrize(("title", "said"), [("Root cause", "A pool."), ("Resolution", "Put it back.")])
@pytest.mark.parametrize("instead", ["", "TBD", "...", "<!-- A pool,\nto be written -->", "### Details", "- TODO"])
def test_a_section_that_says_nothing(title: str, said: str, instead: str) -> None:
    found = missing(WHOLE.replace(said, instead))
    assert found == [(line_of(WHOLE, f"## {title}"), f"something in the section '{title}'")]


def test_no_action_items() -> None:
    head = WHOLE[: WHOLE.index("| Alert")]
    assert missing(head) == [(line_of(WHOLE, "## Action"), "something in the section 'Action items'")]
    words = WHOLE[: WHOLE.index("| Action")] + "We will do better.\n"
    assert [line for line, _ in missing(words)] == [line_of(WHOLE, "## Action")]
    assert "a table with the columns" in missing(words)[0][1]


@pytest.mark.parametrize("owner", ["", "TBD", "?", "-", "**todo**"])
def test_an_item_without_an_owner(owner: str) -> None:
    text = WHOLE.replace("| ada |", f"| {owner} |")
    assert missing(text) == [(line_of(WHOLE, "Alert on it"), "the owner of this action item")]


@pytest.mark.parametrize("due", ["", "TBD"])
def test_an_item_without_a_due_date(due: str) -> None:
    text = WHOLE.replace("2031-05-30", due)
    assert missing(text) == [(line_of(WHOLE, "Alert on it"), "the due date of this action item, such as 2031-05-30")]


@pytest.mark.parametrize("due", ["soon", "2031-02-30", "30.5.2031", "2031-5-3", "20310530", "\u0662031-05-30"])
def test_a_due_date_that_is_none(due: str) -> None:
    ((line, said),) = missing(WHOLE.replace("2031-05-30", due))
    assert line == line_of(WHOLE, "Alert on it")
    assert f"'{due}' is none" in said


def test_a_row_that_is_too_short_lacks_both() -> None:
    text = WHOLE.replace("| Alert on it | ada | 2031-05-30 |", "| Alert on it |")
    assert [line for line, _ in missing(text)] == [line_of(WHOLE, "Alert on it")] * 2


def test_columns_count_by_their_names() -> None:
    table = "| Owner | Due | Action |\n|---|---|---|\n| ada | 2031-05-30 | Alert |\n"
    assert missing(WHOLE[: WHOLE.index("| Action |")] + table) == []


def test_items_may_be_a_list() -> None:
    start = WHOLE[: WHOLE.index("| Action")]
    assert missing(start + "- Alert on it (owner: ada, due: 2031-05-30)\n") == []
    assert [said for _, said in missing(start + "1. Alert on it, due: 2031-05-30\n")] == [
        "the owner of this action item"
    ]


def test_what_stands_in_a_block_of_code_is_no_section() -> None:
    text = WHOLE.replace("A pool.", "```\nmax = 4\n## Impact\n```")
    assert check(text).action_items == 2
    assert missing(text.replace("Some checkouts failed.", "")) == [
        (line_of(text, "```") + 5, "something in the section 'Impact'")
    ]


def test_sections_below_and_of_another_depth() -> None:
    text = WHOLE.replace("A pool.", "### Deeper\n\nA pool.").replace("## ", "### ").replace("#### ", "##### ")
    assert missing(text) == []


def test_what_follows_the_last_section_is_no_action_item() -> None:
    assert check(WHOLE + "\n# Debrief\n\n| When | What |\n|---|---|\n| 1 | 2 |\n").action_items == 2


def test_lines_of_windows() -> None:
    assert missing(WHOLE.replace("\n", "\r\n")) == []


@given(st.text())
def test_any_text_is_judged(text: str) -> None:
    found = check(text)
    assert all(1 <= each.line <= text.count("\n") + 1 for each in found.problems)
