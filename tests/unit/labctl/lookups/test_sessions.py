from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from labctl.lookups.sessions import Session, blocking, read


def session(pid: int, *blocked_by: int, state: str = "active") -> Session:
    return Session(pid, "payments", "payments", state, "", "", None, None, None, blocked_by, "", "", "SELECT 1")


def drawn(*sessions: Session) -> list[tuple[int, int]]:
    return [(each.session.pid, each.depth) for each in blocking(sessions)]


def test_who_holds_everything_up_stands_at_the_top() -> None:
    found = drawn(session(3, 2), session(2, 1), session(1), session(4, 1), session(9))
    assert found == [(1, 0), (2, 1), (3, 2), (4, 1)]


def test_who_waits_for_several_stands_once_and_names_the_others() -> None:
    waiting = blocking([session(1), session(2, 1), session(3, 1, 2)])
    assert [(each.session.pid, each.depth, each.also) for each in waiting] == [(1, 0, ()), (2, 1, ()), (3, 1, (2,))]


def test_a_blocker_that_is_no_session_here_is_no_line() -> None:
    assert drawn(session(2, 0)) == []
    assert drawn(session(2, 0, 1), session(1)) == [(1, 0), (2, 1)]


def test_a_circle_is_drawn_once() -> None:
    assert drawn(session(1, 2), session(2, 1), session(3, 2)) == [(1, 0), (2, 1), (3, 2)]


@given(st.lists(st.lists(st.integers(0, 12), max_size=4), max_size=12))
def test_everybody_who_blocks_or_is_blocked_stands_once(blockers: list[list[int]]) -> None:
    sessions = [session(pid, *by) for pid, by in enumerate(blockers)]
    found = [each.session.pid for each in blocking(sessions)]
    known = set(range(len(blockers)))
    concerned = {pid for pid, by in enumerate(blockers) if known & set(by)}
    concerned |= {each for by in blockers for each in by if each in known}
    assert sorted(found) == sorted(concerned)


def test_a_row_is_read_with_what_is_null() -> None:
    row = (
        7,
        None,
        "",
        "idle in transaction",
        "Client",
        "ClientRead",
        12.5,
        3.0,
        None,
        "8 8 9",
        None,
        "x on t",
        "Q",
        72,
    )
    (found,) = read([row])
    assert (found.pid, found.user, found.transaction_s, found.state_s, found.blocked_by) == (7, "", 12.5, None, (8, 9))
    assert (found.waits, found.is_idle) == ("", False)


def test_waiting_for_a_client_is_no_waiting() -> None:
    busy = Session(1, "", "", "active", "Lock", "transactionid", 1.0, 1.0, 1.0, (2,), "", "", "")
    assert busy.waits == "Lock: transactionid"
