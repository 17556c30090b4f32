import re
from dataclasses import replace

from labctl.cli.debrief_markdown import text
from tests.support.example_debrief import HOSTILE, example_debrief

TOLD = text(example_debrief())


def test_the_whole_story() -> None:
    for said in (
        "# Debrief of INC-0001: An example",
        "| 2 s | risk: requests queue | risk: queue | 10 | 40 |",
        "The earliest abnormal signal was risk: queue, 7 s before the page; you first looked at it 20 s after the page",
        "| risk: Use fewer connections | `labctl diff risk` | #4, after 30 s |",
        "| -49 s | change | gateway: flag by a.novak: Trim more exactly (off to on) | decoy |",
        "| -8 s | change | risk: configuration by c.meyer: Use fewer connections (4 to 2) | cause |",
        "| 1m 00s | mitigation | rollback risk a word |",
        "queries cost what they did",
        "| 1m 00s | `rollback risk a word` | its counters a word |",
        "| `restart risk` | no | a word |",
        "| `promql:queue` | counts |",
    ):
        assert said in TOLD


def test_what_was_drawn_is_told_where_something_varies() -> None:
    drawn = replace(example_debrief(), drawn={"how long it waits": "30 ms"})
    assert "This time: how long it waits: 30 ms." in text(drawn)
    assert "This time" not in TOLD


def test_it_can_follow_a_postmortem() -> None:
    assert re.findall(r"^## ", TOLD, re.MULTILINE) == []


def test_what_others_wrote_stays_text() -> None:
    told = text(example_debrief(HOSTILE))
    outside = re.sub(r"(`+).*?\1", "", told)
    assert not re.search(r"(?<!\\)<(script|img)", outside)
    assert not re.search(r"(?<!\\)\[link\]", outside)
    assert "\x1b" not in told


def test_every_row_of_a_table_has_the_cells_of_its_head() -> None:
    for block in text(example_debrief(HOSTILE)).split("\n\n"):
        rows = [re.split(r"(?<!\\)\|", line) for line in block.splitlines() if line.startswith("|")]
        assert len({len(row) for row in rows}) <= 1


def test_with_nothing_measured_and_nothing_looked_at() -> None:
    bare = replace(example_debrief(), first_sign=None, looked_at=(), wrong=(), submissions=(), timeline=())
    assert "### The timeline" in text(bare)
