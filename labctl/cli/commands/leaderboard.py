"""`labctl leaderboard`: personal bests on this machine, and where the time went."""

from __future__ import annotations

from typing import Annotated

import typer

from labctl.actions import leaderboard as action
from labctl.base.text import number_of
from labctl.base.times import show_clock
from labctl.cli import console
from labctl.cli.layout import Layout
from labctl.cli.options import JsonOption

TrackOption = Annotated[str, typer.Option("--track", metavar="TRACK", help="Only of this category or track.")]
DrillOption = Annotated[str, typer.Option("--drill", metavar="NAME", help="Only the incidents of a drill.")]
_LAYOUT = Layout(spare=("LAB", "INCIDENT", "WRONG", "FOG"))


def leaderboard(track: TrackOption = "", drill: DrillOption = "", as_json: JsonOption = False) -> None:
    """Show your hidden incidents in all labs, those taken down included: right ones first, then by the clock.

    Points are the score by difficulty: a quarter more for each level above the first. Fog raises the fault's own
    difficulty, and so do harmless changes near it.
    """
    answer = action.leaderboard(track, drill)
    console.emit(answer, lambda: _show(answer), as_json=as_json)


def _show(board: action.Leaderboard) -> None:
    if board.rows:
        console.table(
            ("", "LAB", "INCIDENT", "CATEGORY", "DIFFICULTY", "FOG", "ENDED AS", "CLOCK", "WRONG", "SCORE", "POINTS"),
            map(_row, board.rows),
            layout=_LAYOUT,
        )
        console.show(f"\n{board.points:g} points in all")
        _show_bests(board)
        _show_time(board)
    else:
        console.note("no hidden incident has been played to its end: labctl break")
    _show_pages(board)
    if board.void:
        console.note(f"left out: {number_of(board.void, 'incident')} that an instructor voided")
    if board.practice:
        console.note(
            f"left out: {number_of(board.practice, 'incident')} that had been named or told before, which is practice"
        )


def _row(row: action.Row) -> tuple[object, ...]:
    ended = (row.status, show_clock(row.clock_s), row.wrong_submissions, f"{row.score:g}", f"{row.points:g}")
    raised = f"{row.difficulty}" if row.raised == row.difficulty else f"{row.difficulty}, raised to {row.raised:g}"
    return row.rank, row.lab, row.incident, row.category, raised, row.fog, *ended


def _show_bests(board: action.Leaderboard) -> None:
    if board.bests:
        console.show("\nPersonal bests")
        rows = ((each.track, show_clock(each.clock_s), f"{each.points:g}", each.rank) for each in board.bests)
        console.table(("TRACK", "CLOCK", "POINTS", "RANK"), rows)


def _show_pages(board: action.Leaderboard) -> None:
    found = board.to_page
    if found.median_s is not None and found.p95_s is not None:
        apart = f"; left out: {number_of(found.slow_burners, 'slow burner')}" if found.slow_burners else ""
        figures = f"median {found.median_s:.0f} s, 95% within {found.p95_s:.0f} s"
        console.note(f"from break to page: {figures}, over {number_of(found.incidents, 'hidden incident')}{apart}")


def _show_time(board: action.Leaderboard) -> None:
    whole = sum(board.time_spent.values())
    console.show("\nWhere the time went")
    rows = ((what, show_clock(spent), f"{spent / whole:.0%}") for what, spent in board.time_spent.items())
    console.table(("UNTIL THE NEXT STEP AFTER", "TIME", "SHARE"), rows)
