"""Leaderboard: personal bests on this machine, by track and drill, and where the time went."""

from __future__ import annotations

from flask import Blueprint, Response, request

from labctl.actions import leaderboard
from labctl.room.problems import part
from labctl.room.site import here
from labctl.room.view import View, page


def add(room: Blueprint) -> None:
    """Add the routes."""

    @room.get("/leaderboard", endpoint="leaderboard")
    def show() -> Response:
        track, drill = request.args.get("track", ""), request.args.get("drill", "")
        board = part(lambda: leaderboard.leaderboard(track, drill))
        whole = max(sum(board.value.time_spent.values()), 1e-9) if board.value else 1.0
        return page(
            "leaderboard.html",
            board.status,
            board=board.value,
            problem=board.problem,
            choices=leaderboard.choices(),
            asked={"track": track, "drill": drill},
            whole=whole,
            own=here().lab,
        )


VIEW = View("leaderboard", "Leaderboard", "r", add)
