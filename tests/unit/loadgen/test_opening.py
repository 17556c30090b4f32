import pytest

from loadgen.opening import ASK_EVERY_S, STATUS_EVERY_S, is_open, keep_asking, wait_until_open
from tests.support.http_server import serving


def never() -> bool:
    return False


def test_it_waits_until_the_shop_is_open() -> None:
    answers = iter([False, False, True])
    slept: list[float] = []
    assert wait_until_open("http://shop", given_up=never, ask=lambda _: next(answers), sleep=slept.append)
    assert len(slept) == 2


def test_it_gives_up_when_told_to() -> None:
    told = iter([False, True])
    assert not wait_until_open("http://shop", given_up=lambda: next(told), ask=lambda _: False, sleep=lambda _: None)


def test_it_goes_on_without_what_does_not_get_ready_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("loadgen.opening.time.monotonic", lambda: sum(slept))
    assert not wait_until_open("http://risk", given_up=never, patience=10, ask=lambda _: False, sleep=slept.append)
    assert sum(slept) == pytest.approx(10, abs=ASK_EVERY_S)


@pytest.mark.parametrize(("status", "open_"), [(200, True), (503, False), (404, False)])
def test_open_is_what_says_that_it_is_ready(status: int, open_: bool) -> None:
    with serving() as server:
        server.reply("/readyz", {"status": "ok"}, status)
        assert is_open(server.url) is open_


def test_what_does_not_answer_is_not_open() -> None:
    with serving() as server:
        url = server.url
    assert not is_open(url)


def test_the_status_page_asks_again_and_again_until_the_end() -> None:
    asked: list[str] = []
    slept: list[float] = []
    keep_asking("http://shop", ended=lambda: len(asked) == 3, ask=asked.append, sleep=slept.append)
    assert asked == ["http://shop"] * 3
    assert slept == [STATUS_EVERY_S] * 3
