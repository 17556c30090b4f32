"""Facts of a lab's Redis: configuration, rights, families of keys, streams left unread, and who stays connected."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from labctl.base.errors import EngineError
from labctl.docker.docker import Docker
from labctl.lab.facts.fact import Facts, compact, hashed

# The password comes from the container's own environment. Only keys that do not expire are counted. A pending message
# is "unread" when no consumer has taken it up for ten seconds: then none can.
_SCRIPT = r"""
export REDISCLI_AUTH="$REDIS_PASSWORD"
redis-cli --json CONFIG GET '*'
redis-cli --json ACL LIST
redis-cli --json MODULE LIST
redis-cli --json FUNCTION LIST
redis-cli INFO clients replication keyspace
redis-cli CLIENT LIST
redis-cli --scan --count 1000 | sed 's/[0-9][0-9]*/N/g' | sort -u | sed 's/^/key /'
redis-cli --scan --count 1000 --type stream | while read -r stream; do
    redis-cli --raw XINFO GROUPS "$stream" | sed -n '/^name$/{n;p}' | while read -r group; do
        redis-cli --raw XPENDING "$stream" "$group" IDLE 10000 - + 10 | grep -q . && echo "unread $stream $group"
    done
done
true
"""
_JSON_ANSWERS = 4
"""How many of the script's commands answer in JSON."""
_SECRET = ("requirepass", "masterauth", "tls-key-file-pass", "tls-client-key-file-pass")
_STATES = ("role", "connected_slaves")
_STAYS_S = 5
"""A client that has been connected for less is passing."""


def facts(docker: Docker, container: str) -> Facts:
    """Ask the Redis in this container. Raises EngineError when it doesn't answer."""
    return parse(docker.exec(container, "sh", "-c", _SCRIPT))


def parse(answers: str) -> Facts:
    """Return the facts in the script's output. Raises EngineError when Redis left one of its commands unanswered."""
    lines = answers.splitlines()
    answered = [json.loads(line) for line in lines if line.startswith(("{", "["))]
    if len(answered) != _JSON_ANSWERS:
        raise EngineError("Redis does not tell its configuration", todo="look at it: labctl status")
    config, acl, modules, functions = answered
    found = {f"setting {name}": _setting(name, value) for name, value in config.items()}
    found |= {f"rights {number}": hashed(each) for number, each in enumerate(acl, 1)}
    found |= {"modules": compact(modules), "functions": compact(functions)}
    found |= {line: "there" for line in lines if line.startswith(("key ", "unread "))}
    found |= {f"client {each}": "connected" for line in lines if line.startswith("id=") for each in _staying(line)}
    info = dict(line.split(":", 1) for line in lines if re.match(r"\w+:", line))
    found |= {name: value for name, value in info.items() if name in _STATES or name.startswith("paused")}
    found |= {f"lasting keys of {name}": _lasting(value) for name, value in info.items() if re.match(r"db\d", name)}
    return {f"redis: {place}": value for place, value in found.items()}


def _setting(name: str, value: str) -> str:
    return hashed(value) if name in _SECRET and value else value


def _lasting(keyspace: str) -> str:
    counted = dict(each.split("=") for each in keyspace.split(","))
    return str(int(counted["keys"]) - int(counted["expires"]))


def _staying(client: str) -> Iterator[str]:
    fields = dict(re.findall(r"([\w-]+)=(\S*)", client))
    if int(fields["age"]) >= _STAYS_S:
        yield fields["name"] or fields["lib-name"] or fields["cmd"]
