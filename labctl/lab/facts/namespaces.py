"""Facts that only the host's kernel can tell: rules, queues, routes, processes and their limits in each container.

A helper container that sees the host's processes looks into every network namespace, and is removed at once: this needs
no tool on the host, and none in the services' images.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from labctl.base.errors import EngineError
from labctl.docker import helper
from labctl.docker.docker import Docker
from labctl.lab.facts.fact import Facts
from labctl.lab.mechanisms.network import IMAGE

# Only the rights that looking into a namespace needs.
_OPTIONS = (
    *("--network", "none", "--pid", "host", "--user", "0:0", "--read-only", "--log-driver", "none"),
    *("--cap-drop", "ALL", "--cap-add", "SYS_ADMIN", "--cap-add", "SYS_PTRACE", "--cap-add", "NET_ADMIN"),
    *("--cap-add", "NET_RAW", "--memory", "64m", "--pids-limit", "64"),
)

# A section per question. Processes end while they are looked at: what can't be read is not there.
_SCRIPT = r"""
exec 2> /dev/null
echo '== uptime'; cat /proc/uptime
echo '== host'; readlink /proc/self/ns/pid
echo '== spaces'; ls -l /proc/[0-9]*/ns/net /proc/[0-9]*/ns/pid
echo '== processes'; cat /proc/[0-9]*/stat
echo '== commands'; grep -aHs '' /proc/[0-9]*/cmdline | tr '\000' ' '
for pid in "$@"; do
    # A heading says that the question was answered: with nothing below it, there is nothing.
    limits=$(cat "/proc/$pid/limits") && printf '== limits %s\n%s\n' "$pid" "$limits"
    nsenter --net="/proc/$pid/ns/net" sh -c '
        tell() { what=$1; shift; told=$("$@") && printf "== %s %s\n%s\n" "$what" "$0" "$told"; }
        queues() { ! command -v tc > /dev/null || tc qdisc show; }
        tell iptables iptables-save
        tell ip6tables ip6tables-save
        [ ! -s /proc/net/ip_tables_names ] || tell iptables-legacy iptables-legacy-save
        [ ! -s /proc/net/ip6_tables_names ] || tell ip6tables-legacy ip6tables-legacy-save
        tell queue queues
        tell route cat /proc/net/route' "$pid"
done
true
"""
_ALWAYS = ("iptables", "ip6tables", "queue", "route")
"""The questions that every network answers, be it with nothing."""
_KINDS = ("iptables", "ip6tables", "iptables-legacy", "ip6tables-legacy", "queue", "route")
# Lines to skip: a table's comments, name, end, and chains that let everything through; the heading of the routes.
_UNTOUCHED = re.compile(r"#|\*|COMMIT|:\S+ ACCEPT |Iface")
_STAYS_S = 3.0
"""A process that has run for less is passing: a look-up, a readiness check."""
_TICKS_PER_S = 100.0
COMMAND_SHOWN = 200
"""How many characters of a command line tell one process from another."""
# Server processes that a database or a cache starts and ends by itself.
_OWN_CHILDREN = ("postgres: ", "redis-")


def facts(docker: Docker, project: str, pids: Mapping[str, int]) -> Facts:
    """Look into the containers of the processes `pids`: the host's process id of each service's first process.

    The helper container is labelled with the lab's `project`. Raises EngineError when docker refuses.
    """
    numbers = [str(pid) for pid in pids.values()]
    return parse(helper.run(docker, project, _OPTIONS, IMAGE, "sh", "-c", _SCRIPT, "look", *numbers), pids)


def parse(answers: str, pids: Mapping[str, int]) -> Facts:
    """Return the facts in the script's output."""
    sections = _sections(answers)
    _require_all(sections, pids)
    found: Facts = {}
    for service, pid in pids.items():
        found |= {
            f"{service}: {kind} {line}": "there"
            for kind in _KINDS
            for line in _lines(sections.get(f"{kind} {pid}", []))
        }
        found |= {f"{service}: {what}": value for what, value in _limits(sections.get(f"limits {pid}", []))}
    staying = _staying(sections)
    for service, processes in _processes(sections, pids).items():
        found |= {f"{service}: process {line[:COMMAND_SHOWN]}": "runs" for pid, line in processes if pid in staying}
    return found


def _sections(answers: str) -> dict[str, list[str]]:
    parts = re.split(r"^== (.*)$", answers, flags=re.MULTILINE)
    return {name: text.strip("\n").splitlines() for name, text in zip(parts[1::2], parts[2::2], strict=True)}


def _require_all(sections: Mapping[str, list[str]], pids: Mapping[str, int]) -> None:
    """Raise EngineError for a container that could not be looked into: no answer does not mean that nothing is set."""
    blind = [
        service for service, pid in pids.items() for kind in ("limits", *_ALWAYS) if f"{kind} {pid}" not in sections
    ]
    if blind:
        raise EngineError(
            f"the kernel's settings could not be read in {', '.join(dict.fromkeys(blind))}",
            expected="a helper container that may enter the network of another one",
            todo="check that containers are running, and that Docker allows privileged helpers (not rootless)",
        )


def _lines(section: list[str]) -> Iterator[str]:
    """Yield the lines that say something is set, without those that an untouched namespace may have as well."""
    for line in section:
        if not _UNTOUCHED.match(line):
            # Docker's resolver has another port in every container, and counters change all the time.
            normal = re.sub(r"\[\d+:\d+\]|(?<=127\.0\.0\.11:)\d+|(?<=--sport )\d+", "N", line)
            yield re.sub(r"\s+", " ", normal).strip()


def _limits(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines[1:]:
        name, soft, hard, *_ = re.split(r"\s{2,}", line)
        yield name, f"{soft} {hard}"


def _processes(sections: Mapping[str, list[str]], pids: Mapping[str, int]) -> dict[str, list[tuple[int, str]]]:
    """Return the processes that share a namespace with each service, as number and command line."""
    spaces = _spaces(sections)
    commands = _commands(sections)
    # Without this, a container in the host's own process namespace would be given all processes of the host.
    (shared,) = sections["host"]
    found: dict[str, list[tuple[int, str]]] = {}
    for service, pid in pids.items():
        mine = {spaces.get((pid, kind)) for kind in ("net", "pid")} - {shared, None}
        inside = {other for (other, _), space in spaces.items() if space in mine}
        named = [(other, commands[other]) for other in sorted(inside) if other in commands]
        found[service] = [(other, line) for other, line in named if not line.startswith(_OWN_CHILDREN)]
    return found


def _spaces(sections: Mapping[str, list[str]]) -> dict[tuple[int, str], str]:
    links = (re.search(r"/proc/(\d+)/ns/(\w+) -> (\S+)", line) for line in sections.get("spaces", []))
    return {(int(link[1]), link[2]): link[3] for link in links if link}


def _commands(sections: Mapping[str, list[str]]) -> dict[int, str]:
    lines = (re.match(r"/proc/(\d+)/cmdline:(.*)", line) for line in sections.get("commands", []))
    found: dict[int, str] = {}
    for line in lines:
        if line and int(line[1]) not in found:  # a command line may have line breaks in it: its first line will do
            found[int(line[1])] = line[2].strip()
    return found


def _staying(sections: Mapping[str, list[str]]) -> set[int]:
    """Return the processes that have run for a while."""
    now = float(sections["uptime"][0].split()[0])
    # The name is in parentheses, and may have anything in it; 20 fields later comes when it started.
    stats = (re.match(r"(\d+) \(.*\) (.*)", line) for line in sections.get("processes", []))
    started = {int(stat[1]): int(stat[2].split()[19]) / _TICKS_PER_S for stat in stats if stat}
    return {pid for pid, at in started.items() if now - at >= _STAYS_S}
