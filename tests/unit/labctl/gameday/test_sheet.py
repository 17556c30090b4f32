from __future__ import annotations

from pathlib import Path

from labctl.gameday import sheet
from labctl.gameday.answers import GameDay, TeamLine


def test_what_people_wrote_is_text(tmp_path: Path) -> None:
    team = TeamLine("blue", "day-blue", ready=True, link="http://h/join/x", members=(), incident="")
    day = GameDay(
        "day", "<script>1</script>", "running", "http://h/", True, "http://h/join/y", (team,), (), 0, 2, tmp_path
    )
    sheet.write(tmp_path / "links.html", day)
    text = (tmp_path / "links.html").read_text()
    assert "<script>" not in text
    assert "http://h/join/x" in text
    assert "http://h/join/y" in text
