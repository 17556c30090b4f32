from labctl.facts.namespaces import parse

PIDS = {"risk": 10, "postgres": 20, "containers": 30}
LIMITS = "Limit           Soft Limit  Hard Limit  Units\nMax open files  1024        4096        files"


def stat(pid: int, started: int) -> str:
    return f"{pid} (a (b) c) S {' '.join(['0'] * 18)} {started} 0"


def spaces(pid: int, net: int, inside: int) -> str:
    links = (("net", net), ("pid", inside))
    return "\n".join(f"lrwxrwxrwx 1 0 0 0 Nov 1 10:00 /proc/{pid}/ns/{k} -> {k}:[{number}]" for k, number in links)


def answers(network: str = "", more: str = "") -> str:
    return "\n".join(
        [
            *("== uptime", "1000.0 10.0", "== host", "pid:[1]", "== spaces"),
            *(spaces(10, 110, 100), spaces(11, 110, 111), spaces(20, 220, 200), spaces(21, 220, 200)),
            *(spaces(30, 330, 1), spaces(99, 9, 1), spaces(12, 110, 100)),
            *("== processes", stat(10, 50), stat(11, 50), stat(12, 99_990), stat(20, 5), stat(21, 6), stat(30, 5)),
            *("== commands", "/proc/10/cmdline:gunicorn risk ", "/proc/11/cmdline:sleep 60 ", "/proc/12/cmdline:true "),
            *("/proc/20/cmdline:/bin/postgres ", "/proc/21/cmdline:postgres: risk idle ", "/proc/30/cmdline:gunicorn "),
            *("/proc/99/cmdline:dockerd ", more),
            *("== limits 10", LIMITS, "== network 10", network),
        ]
    )


def test_processes_of_each_service_and_of_who_shares_its_network() -> None:
    found = {place for place in parse(answers(), PIDS) if ": process " in place}
    assert found == {
        "risk: process gunicorn risk",
        "risk: process sleep 60",
        "postgres: process /bin/postgres",
        "containers: process gunicorn",
    }


def test_limits_of_the_first_process() -> None:
    assert parse(answers(), PIDS)["risk: Max open files"] == "1024 4096"


def test_rules_and_queues() -> None:
    rule = "iptables-save -A INPUT -s 172.0.0.3/32 -m statistic --mode random --probability 0.05 -j DROP"
    found = parse(answers(f"{rule}\ntc qdisc tbf 1: dev eth0 root  rate 400Kbit\nroute eth0\t0000\t0001"), PIDS)
    assert f"risk: {rule}" in found
    assert "risk: tc qdisc tbf 1: dev eth0 root rate 400Kbit" in found
    assert "risk: route eth0 0000 0001" in found


def test_what_the_daemon_s_own_rules_differ_in_is_no_difference() -> None:
    def dns(port: int, packets: int) -> str:
        to = f"iptables-save -A DOCKER_OUTPUT -p udp -j DNAT --to-destination 127.0.0.11:{port}"
        back = f"iptables-save -A DOCKER_POSTROUTING -s 127.0.0.11/32 -p udp --sport {port} -j SNAT --to-source :53"
        return f"iptables-save :DOCKER_OUTPUT - [{packets}:{packets}]\n{to}\n{back}"

    assert parse(answers(dns(41, 1)), PIDS) == parse(answers(dns(52, 9)), PIDS)


def test_a_table_that_somebody_looked_at_is_no_difference() -> None:
    table = "iptables-save # Generated\niptables-save *filter\niptables-save :INPUT ACCEPT [1:2]\niptables-save COMMIT"
    assert parse(answers(table), PIDS) == parse(answers(), PIDS)
    assert parse(answers(table.replace("ACCEPT", "DROP")), PIDS) != parse(answers(), PIDS)


def test_the_rest_of_a_command_line_with_line_breaks_is_left_out() -> None:
    found = parse(answers(more="/proc/10/cmdline:second line"), PIDS)
    assert "risk: process gunicorn risk" in found
