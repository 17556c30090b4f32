from pathlib import Path

from bench.shortcuts.answers import Answer
from bench.shortcuts.judging import completed, judged
from bench.shortcuts.plan import Planned
from bench.shortcuts.played import Log, Played, Told
from bench.shortcuts.players import Player
from bench.shortcuts.snapshot import Snapshot
from labctl.model.fault import Fault
from tests.support.example_fault import EXAMPLE
from tests.support.shortcuts_seen import seen

EARLY = Told("payments", right=False)
PLAYED = Played(Planned("hazy", EXAMPLE.id, 1, 7), "CheckoutsSlow", {"early": EARLY}, {"look": 3.0})
LATE = {"late": Player(lambda _seen: Answer("risk", "configuration-change"))}
SILENT = {"silent": Player(lambda _seen: None)}


def test_what_it_was_is_asked_for_only_when_all_have_answered() -> None:
    order = []

    def answer(_seen: Snapshot) -> Answer:
        order.append("answer")
        return Answer("risk", "configuration-change")

    def fault() -> Fault:
        order.append("fault")
        return EXAMPLE

    told = judged(seen(), {"one": Player(answer), "two": Player(answer), **SILENT}, fault)
    assert order == ["answer", "answer", "fault"]
    assert told["one"] == Told("risk / configuration-change", right=True)
    assert told["silent"] == Told("", right=False)


def test_a_player_who_came_later_answers_from_what_was_kept(tmp_path: Path) -> None:
    log = Log(tmp_path)
    seen().keep(log.snapshot(PLAYED.planned))
    found = completed(PLAYED, LATE, EXAMPLE, log)
    assert found.told == {"early": EARLY, "late": Told("risk / configuration-change", right=True)}


def test_nothing_is_read_where_all_have_answered_or_nothing_paged(tmp_path: Path) -> None:
    never = Played(PLAYED.planned, why="no page came")
    assert completed(PLAYED, {"early": LATE["late"]}, EXAMPLE, Log(tmp_path)) == PLAYED
    assert completed(never, LATE, EXAMPLE, Log(tmp_path)) == never
