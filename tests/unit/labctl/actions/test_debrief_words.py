from labctl.actions.debrief_words import first_look, lead, seen, signed, told_draw
from labctl.play.trail import FirstSign, Proof


def sign(before_page_s: float, seen_by: int | None = None) -> FirstSign:
    return FirstSign("risk", "risk: queue", 2, before_page_s, seen_by, None if seen_by is None else 75)


def test_before_and_after_the_page() -> None:
    assert (signed(75), signed(-75), signed(-0.2)) == ("1m 15s", "-1m 15s", "0 s")
    assert (lead(sign(7)), lead(sign(-7))) == ("7 s before the page", "7 s after the page")


def test_what_was_looked_at() -> None:
    assert first_look(sign(7, 3)) == "you first looked at it 1m 15s after the page, with look-up #3"
    assert first_look(sign(7)) == "you never looked at it"
    assert seen(Proof("", "", 3, 75)) == "#3, after 1m 15s"
    assert seen(Proof("", "", None, None)) == "not looked at"


def test_what_was_drawn() -> None:
    assert (
        told_draw({"the pool's size": "1", "how long it waits": "30 ms"})
        == "the pool's size: 1; how long it waits: 30 ms"
    )
    assert told_draw({}) == ""
