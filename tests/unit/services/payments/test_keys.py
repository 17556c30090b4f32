from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from services.common.database import DatabaseUnavailableError
from services.common.problem import ProblemError
from services.payments import keys
from services.payments.keys import CLAIM, FORGET, KNOWN, RELEASE, Key, PostgresKeyStore, Reply, answer_before, once
from tests.support.fake_sql import FakeSql
from tests.support.payments_world import World

EMPTY: dict[str, Reply] = {}
KEY = Key("k", "checkout", "hash")


def finishing(world: World, reply: Reply) -> Reply:
    world.keys[KEY.value, KEY.scope].reply = reply
    return reply


def test_work_is_done_once(world: World) -> None:
    reply = Reply(201, {"a": 1})
    assert once(world, KEY, lambda _: finishing(world, reply)) == reply
    assert once(world, KEY, lambda _: pytest.fail("done already")) == Reply(201, {"a": 1}, replayed=True)


def test_a_refusal_forgets_the_key(world: World) -> None:
    def refuse(_: UUID) -> Reply:
        raise ProblemError(422, "no", "no")

    with pytest.raises(ProblemError):
        once(world, KEY, refuse)
    assert world.keys == {}


def test_a_failure_hands_the_same_resource_to_the_next(world: World) -> None:
    seen: list[UUID] = []

    def work(resource_id: UUID) -> Reply:
        seen.append(resource_id)
        if len(seen) == 1:
            raise DatabaseUnavailableError("gone")
        return finishing(world, Reply(201, {}))

    with pytest.raises(DatabaseUnavailableError):
        once(world, KEY, work)
    once(world, KEY, work)
    assert seen[0] == seen[1]


def test_a_release_that_fails_does_not_hide_the_reason(world: World, caplog: pytest.LogCaptureFixture) -> None:
    def gone(_: Key) -> None:
        raise DatabaseUnavailableError("gone as well")

    world.release = gone  # type: ignore[method-assign, assignment]
    with pytest.raises(KeyError):
        once(world, KEY, lambda _: EMPTY["reason"])
    assert "stays claimed until its lease is over" in caplog.text


@pytest.mark.parametrize(
    ("known", "status"),
    [
        (None, 409),
        ({"request_hash": "hash", "status": None, "response": None}, 409),
        ({"request_hash": "other", "status": None, "response": None}, 422),
        ({"request_hash": "other", "status": 201, "response": {}}, 422),
    ],
)
def test_what_cannot_be_claimed(known: dict[str, object] | None, status: int) -> None:
    with pytest.raises(ProblemError) as caught:
        answer_before(KEY, known)
    assert caught.value.status == status


def test_claiming_in_postgres() -> None:
    resource_id = uuid4()
    sql = FakeSql({CLAIM: [{"resource_id": resource_id}]})
    assert PostgresKeyStore(sql.database).claim(KEY) == resource_id
    parameters = sql.parameters(CLAIM)
    assert (parameters["key"], parameters["scope"], parameters["hash"]) == ("k", "checkout", "hash")
    assert parameters["lease"] == keys.LEASE_S


def test_a_key_that_is_known_in_postgres() -> None:
    sql = FakeSql({KNOWN: [{"request_hash": "hash", "status": 201, "response": {"a": 1}}]})
    assert PostgresKeyStore(sql.database).claim(KEY) == Reply(201, {"a": 1}, replayed=True)


def test_a_key_can_be_looked_up_before_it_is_claimed() -> None:
    resource_id = uuid4()
    sql = FakeSql({CLAIM: [{"resource_id": resource_id}]})
    assert PostgresKeyStore(sql.database, looks_first=lambda: True).claim(KEY) == resource_id
    assert sql.statements == [KNOWN, CLAIM]


def test_an_answer_that_is_found_first_is_given_without_a_claim() -> None:
    sql = FakeSql({KNOWN: [{"request_hash": "hash", "status": 201, "response": {"a": 1}}]})
    assert PostgresKeyStore(sql.database, looks_first=lambda: True).claim(KEY) == Reply(201, {"a": 1}, replayed=True)
    assert sql.statements == [KNOWN]


def test_a_key_in_progress_is_claimed_all_the_same() -> None:
    busy = {"request_hash": "hash", "status": None, "response": None}
    sql = FakeSql({KNOWN: [busy], CLAIM: []})
    with pytest.raises(ProblemError):
        PostgresKeyStore(sql.database, looks_first=lambda: True).claim(KEY)
    assert sql.statements == [KNOWN, CLAIM, KNOWN]


def test_release_and_forget_in_postgres() -> None:
    sql = FakeSql({})
    store = PostgresKeyStore(sql.database)
    store.release(KEY)
    store.forget(KEY)
    assert sql.parameters(RELEASE) == sql.parameters(FORGET) == {"key": "k", "scope": "checkout"}


def test_only_unfinished_keys_are_touched() -> None:
    for statement in (CLAIM, RELEASE, FORGET):
        assert "status IS NULL" in statement.text
