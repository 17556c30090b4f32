"""Curveballs of a plan: what somebody says to a team at a minute of its incident, each once.

The minute is by the team's own clock, so that a pause keeps everything back, and every team hears it as far in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from labctl.base.errors import LabctlError
from labctl.base.yaml_parts import Part
from labctl.gameday import servers
from labctl.gameday.messages import CURVEBALL, MESSAGE
from labctl.gameday.model import State, TeamIncident
from labctl.gameday.store import DayStore
from labctl.model.drill import LONGEST_LIMIT_S

FIELDS = ("at", "round", "team", "from", "text", "answer")
MOST = 60
LONGEST_NAME = 60


@dataclass(frozen=True)
class Curveball:
    """What is said at `at_s` seconds on the clock of a round's incident, to one team or to all."""

    at_s: float
    text: str
    author: str
    round: int = 1
    team: str = ""
    """Empty for all teams."""
    wants_answer: bool = True

    def is_for(self, each: TeamIncident) -> bool:
        """Whether it belongs to a team's incident."""
        return each.round == self.round and self.team in ("", each.team)


def read(part: Part, teams: tuple[str, ...], rounds: int) -> tuple[Curveball, ...]:
    """Return the curveballs that a plan lists. Raises CatalogueError."""
    found = [_curveball(each, teams, rounds) for each in part.items("curveballs", MOST)]
    return tuple(sorted(found, key=lambda each: (each.round, each.at_s)))


def _curveball(part: Part, teams: tuple[str, ...], rounds: int) -> Curveball:
    fields = part.fields(FIELDS)
    for needed in ("at", "text"):
        if needed not in fields:
            raise part.wrong(f"{needed} is missing", "such as at: 5m, text: When is it over?")
    author = fields["from"].text() if "from" in fields else "instructor"
    if len(author) > LONGEST_NAME:
        raise fields["from"].wrong("is too long", f"at most {LONGEST_NAME} characters")
    return Curveball(
        at_s=fields["at"].seconds(1, LONGEST_LIMIT_S),
        text=fields["text"].text(),
        author=author,
        round=fields["round"].number(1, rounds) if "round" in fields else 1,
        team=fields["team"].one_of(teams) if "team" in fields else "",
        wants_answer=fields["answer"].one_of(("yes", "no", "true", "false")) in ("yes", "true")
        if "answer" in fields
        else True,
    )


def due(store: DayStore, curveballs: tuple[Curveball, ...]) -> Iterator[tuple[str, Curveball, TeamIncident]]:
    """Yield what is due now and was not said: the key by which it is said once, the curveball, and whose incident."""
    said = store.messages.keys()
    for each in store.incidents.under_way():
        mine = [(_key(at, each), one) for at, one in enumerate(curveballs) if one.is_for(each)]
        waiting = [(key, one) for key, one in mine if key not in said]
        if not waiting or each.state is not State.PAGED:
            continue
        elapsed = _elapsed_s(store, each)
        yield from ((key, one, each) for key, one in waiting if elapsed is not None and elapsed >= one.at_s)


def tell(store: DayStore, curveballs: tuple[Curveball, ...]) -> list[str]:
    """Say what is due, each once, whoever is killed in between; return the teams that heard something."""
    heard: list[str] = []
    for key, one, each in due(store, curveballs):
        kind = CURVEBALL if one.wants_answer else MESSAGE
        if store.messages.send_once(key, one.text, team=each.team, kind=kind, author=one.author):
            heard.append(each.team)
    return heard


def _key(at: int, each: TeamIncident) -> str:
    return f"{at}/{each.round}/{each.team}"


def _elapsed_s(store: DayStore, each: TeamIncident) -> float | None:
    try:
        now = servers.of(store, each.lab).seen()
    except LabctlError:
        return None  # asked again in a moment
    return now.elapsed_s if now.incident == each.incident else None
