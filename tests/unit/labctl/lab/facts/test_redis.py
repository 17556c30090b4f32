import json

import pytest

from labctl.base.errors import EngineError
from labctl.lab.facts.redis import parse

CONFIG = json.dumps({"maxmemory": "50331648", "requirepass": "secret", "masterauth": ""})
CLIENT = "id=8 addr=172.0.0.2:1 laddr=172.0.0.3:6379 name={name} age={age} cmd=xreadgroup lib-name={library} lib-ver=8"


def answers(*more: str, keys: int = 10) -> str:
    info = ["# Clients", "connected_clients:5", "# Replication", "role:master", "connected_slaves:0", "# Keyspace"]
    lines = [CONFIG, '["user default on #hash"]', "[]", "[]", *info, f"db0:keys={keys},expires=9,avg_ttl=3"]
    return "\n".join([*lines, "", *more, "key features:N", "key payments.events"]) + "\n"


def test_settings_rights_and_keys() -> None:
    found = parse(answers())
    assert found["redis: setting maxmemory"] == "50331648"
    assert found["redis: key features:N"] == "there"
    assert found["redis: lasting keys of db0"] == "1"
    assert found["redis: role"] == "master"
    assert "redis: connected_clients" not in found


@pytest.mark.parametrize("said", ["", "Could not connect to Redis at 127.0.0.1:6379: Connection refused\n", "[]\n"])
def test_a_redis_that_does_not_answer_is_an_error(said: str) -> None:
    with pytest.raises(EngineError, match="Redis does not tell its configuration"):
        parse(said)


def test_no_password_is_kept() -> None:
    found = parse(answers())
    assert "secret" not in str(found)
    assert found["redis: setting requirepass"] != ""


def test_keys_that_expire_may_come_and_go() -> None:
    assert parse(answers(keys=11)) != parse(answers())
    assert parse(answers(keys=11).replace("expires=9", "expires=10")) == parse(answers())


def test_only_who_stays_connected_counts() -> None:
    stays = CLIENT.format(name="", age=60, library="redis-py")
    named = CLIENT.format(name="importer", age=60, library="redis-py")
    passes = CLIENT.format(name="", age=0, library="")
    found = parse(answers(stays, named, passes))
    assert {place for place in found if "client" in place} == {"redis: client redis-py", "redis: client importer"}


def test_commands_held_back_and_messages_nobody_takes_up() -> None:
    found = parse(answers("paused_reason:client_pause", "unread payments.events ledger"))
    assert found["redis: paused_reason"] == "client_pause"
    assert found["redis: unread payments.events ledger"] == "there"
