from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from labctl.base.errors import InputError, LabStateError, NotFoundError
from labctl.gameday import plan as plans
from labctl.gameday.model import BROWSER, TERMINAL, DayState, Role
from labctl.gameday.people import MOST_MEMBERS, plain_name
from labctl.gameday.sessions import INSTRUCTOR, MOST_SESSIONS
from labctl.gameday.store import DayStore, names
from tests.support.hub_world import PLAN, make_store


@pytest.fixture
def store() -> DayStore:
    return make_store(plans.read(PLAN + "spares: 1\n", "plan"))


def test_it_is_private_and_found_by_its_name(store: DayStore) -> None:
    assert names() == ["day"]
    assert store.database.path.stat().st_mode & 0o777 == 0o600
    assert store.folder.stat().st_mode & 0o777 == 0o700
    assert DayStore.open("day").state is DayState.RUNNING
    with pytest.raises(NotFoundError, match="no game day named 'dai'"):
        DayStore.open("dai")


def test_preparing_it_again_keeps_its_secrets(store: DayStore) -> None:
    before = store.secrets
    store.prepare()
    assert store.secrets == before
    assert before.hub != before.front


def test_nothing_that_lets_in_can_be_read_in_the_file(store: DayStore) -> None:
    code, token = store.sessions.code("blue"), store.sessions.begin(store.people.join("blue", "Ada"))
    store.set("note", {"text": "a-secret-of-ours"})
    with closing(sqlite3.connect(store.database.path)) as connection:
        dump = "\n".join(connection.iterdump())
    for secret in (code, token, store.secrets.hub, store.secrets.front, "a-secret-of-ours"):
        assert secret not in dump


def test_the_file_of_a_newer_labctl_is_refused(store: DayStore) -> None:
    with closing(sqlite3.connect(store.database.path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(LabStateError, match="written by a newer labctl"):
        DayStore.open("day").get("plan")


def test_codes_have_128_bits_and_can_be_replaced(store: DayStore) -> None:
    code = store.sessions.code("blue")
    assert len(code) == 22
    assert store.sessions.code("blue") == code
    assert store.sessions.whose(code) == "blue"
    assert store.sessions.whose(store.sessions.code(INSTRUCTOR)) == INSTRUCTOR
    fresh = store.sessions.renew("blue")
    assert (store.sessions.whose(code), store.sessions.whose(fresh)) == (None, "blue")
    for wrong in ("", "x", code[:-1], code + "x", code.swapcase(), "\ud800"):
        assert store.sessions.whose(wrong) is None


def test_a_session_is_over_when_it_was_revoked_or_is_old(store: DayStore, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = store.people.join("blue", "Ada")
    first, second = store.sessions.begin(ada), store.sessions.begin(ada, TERMINAL)
    found = store.sessions.caller(first)
    assert found is not None
    assert (found.name, found.kind, found.member) == ("Ada", BROWSER, ada)
    store.sessions.revoke(found.session)
    assert store.sessions.caller(first) is None
    assert not store.sessions.still(found.session)
    assert store.sessions.caller(second) is not None
    store.sessions.revoke_team("blue")
    assert store.sessions.caller(second) is None
    third = store.sessions.begin(ada)
    monkeypatch.setattr("labctl.gameday.sessions.time.time", lambda: 4e9)
    assert store.sessions.caller(third) is None


def test_one_member_has_so_many_sessions(store: DayStore) -> None:
    ada, grace = store.people.join("blue", "Ada"), store.people.join("blue", "Grace")
    other = store.sessions.begin(grace)
    tokens = [store.sessions.begin(ada) for _ in range(MOST_SESSIONS + 2)]
    alive = [store.sessions.caller(each) is not None for each in tokens]
    assert alive == [False] * 2 + [True] * MOST_SESSIONS
    assert store.sessions.caller(other) is not None


def test_the_same_name_is_the_same_member_of_one_team_only(store: DayStore) -> None:
    ada = store.people.join("blue", "  Ada   Lovelace ")
    assert ada.name == "Ada Lovelace"
    assert store.people.join("blue", "ada lovelace") == ada
    assert store.people.join("blue", "\uff21\uff24\uff21 Lovelace") == ada
    assert store.people.join("green", "Ada Lovelace") != ada


@pytest.mark.parametrize(
    "name", ["", "   ", "...", "a" * 33, "<b>", "a\u202eb", "a\nb", "a/b", "\u0301", "a\x00", "%41", '"']
)
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(InputError, match="no name"):
        plain_name(name) if "\n" not in name else plain_name(name.replace("\n", "\x0b<"))


def test_a_team_is_full_at_some_point(store: DayStore) -> None:
    for number in range(MOST_MEMBERS):
        store.people.join("blue", f"Member {number}")
    with pytest.raises(LabStateError, match="members already"):
        store.people.join("blue", "One more")
    assert store.people.join("blue", "Member 3")


def test_one_commands_and_several_investigate(store: DayStore) -> None:
    ada, grace = store.people.join("blue", "Ada"), store.people.join("blue", "Grace")
    other = store.people.join("green", "Ada")
    for each in (other, ada, grace):
        store.people.take(each, Role.COMMANDER)
    assert [each.role for each in store.people.of("blue")] == [None, Role.COMMANDER]
    assert store.people.of("green")[0].role is Role.COMMANDER
    for each in (ada, grace):
        store.people.take(each, Role.INVESTIGATOR)
    assert [each.role for each in store.people.of("blue")] == [Role.INVESTIGATOR] * 2


def test_a_spare_lab_takes_a_sick_ones_place(store: DayStore) -> None:
    with pytest.raises(LabStateError, match="no spare lab is ready"):
        store.labs.swap("blue")
    store.labs.ready("day-1", 9001)
    team = store.labs.swap("blue")
    assert (team.lab, team.port) == ("day-1", 9001)
    left = next(each for each in store.labs.all() if each.name == "day-blue")
    assert (left.team, left.ready) == (None, False)
    assert {each.name for each in store.labs.teams()} == {"blue", "green", "red"}


def test_a_team_hears_what_is_for_it_and_answers_for_itself(store: DayStore) -> None:
    to_all, to_blue = store.messages.send("How long?", kind="curveball"), store.messages.send("Psst", team="blue")
    store.messages.answer(to_all, team="blue", author="Ada", text="An hour")
    assert [each.text for each in store.messages.to("green")] == ["How long?"]
    assert store.messages.to("green")[0].answers == ()
    assert store.messages.to("blue")[0].answers[0][:2] == ("blue", "An hour")
    with pytest.raises(NotFoundError):
        store.messages.answer(to_blue, team="green", author="Eve", text="x")


def test_the_audit_log_keeps_the_newest(store: DayStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labctl.gameday.audit.MOST_ROWS", 5)
    for number in range(9):
        store.audit.add("tried", who="Eve", detail=str(number))
    assert [each.detail for each in store.audit.entries()] == ["4", "5", "6", "7", "8"]
