from __future__ import annotations

from labctl.gameday.model import Role
from tests.support.hub_world import Hub, get, post


def test_the_team_sees_who_is_there_and_what_each_does(hub: Hub) -> None:
    ada, _ = hub.let_in("blue", "Ada")
    grace, _ = hub.let_in("blue", "Grace")
    get(ada, "/t/blue/metrics")
    answer = post(ada, "/hub/blue/role", {"role": "commander", "hub_key": hub.key(ada)})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/t/blue/")
    seen = get(grace, "/hub/blue/bar").text
    assert "Ada</strong>" in seen
    assert "Grace (you)" in seen
    assert '<span class="role">commander</span>' in seen
    assert "looks at Metrics" in seen


def test_a_part_of_the_page_is_answered_with_the_bar(hub: Hub) -> None:
    ada, _ = hub.let_in("blue", "Ada")
    headers = {"HX-Request": "true", "X-Hub-Key": hub.key(ada)}
    answer = post(ada, "/hub/blue/role", {"role": "investigator"}, headers)
    assert answer.status_code == 200
    assert 'aria-pressed="true">investigator' in answer.text
    post(ada, "/hub/blue/role", {"role": "none"}, headers)
    assert hub.store.people.of("blue")[0].role is None


def test_what_is_no_role_changes_nothing(hub: Hub) -> None:
    ada, _ = hub.let_in("blue", "Ada")
    key = hub.key(ada)
    for role in ("", "instructor", "COMMANDER", "commander\n"):
        assert post(ada, "/hub/blue/role", {"role": role, "hub_key": key}).status_code == 400
    assert hub.store.people.of("blue")[0].role is None


def test_a_change_is_heard_by_the_team_and_by_nobody_else(hub: Hub) -> None:
    ada, _ = hub.let_in("blue", "Ada")
    presence = hub.app.extensions["gameday"].presence
    key, before = hub.key(ada), (presence.version("blue"), presence.version("green"))
    post(ada, "/hub/blue/role", {"role": str(Role.COMMANDER), "hub_key": key})
    assert presence.version("blue") > before[0]
    assert presence.version("green") == before[1]


def test_a_curveball_is_answered_once_by_one_of_the_team(hub: Hub) -> None:
    number = hub.store.messages.send("How long <b>will</b> it take?", team="blue", kind="curveball")
    ada, _ = hub.let_in("blue", "Ada")
    eve, _ = hub.let_in("green", "Eve")
    shown = get(ada, "/hub/blue/bar").text
    assert "How long &lt;b&gt;will&lt;/b&gt; it take?" in shown
    assert "How long" not in get(eve, "/hub/green/bar").text
    assert f'href="/hub/blue/answer/{number}"' in shown
    assert f'name="message" value="{number}"' in get(ada, f"/hub/blue/answer/{number}").text
    assert get(eve, f"/hub/green/answer/{number}").status_code == 404
    form = {"message": str(number), "text": "An hour"}
    assert post(eve, "/hub/green/answer", {**form, "hub_key": hub.key(eve, "green")}).status_code == 404
    assert post(ada, "/hub/blue/answer", {**form, "hub_key": hub.key(ada)}).status_code == 303
    assert hub.store.messages.to("blue")[0].answers[0][:2] == ("blue", "An hour")
    assert "answered" in get(ada, "/hub/blue/bar").text
