"""Nothing that is sealed reaches the browser before the end: every page that links lead to is read."""

from __future__ import annotations

import html
import re

from tests.support.room_world import ORIGIN, PREFIX, Browser

MOST_PAGES = 60
SEALED = ("example-fault", "injected", "undo_log", "injection")


def test_no_page_names_the_fault_or_tells_of_an_injection(browser: Browser) -> None:
    begin = ("page", "stream", "marks", "dashboards/data?begun=2,3,4")
    waiting, read = [f"{PREFIX}/{each}" for each in begin], set[str]()
    while waiting and len(read) < MOST_PAGES:
        address = waiting.pop(0)
        if address in read:
            continue
        read.add(address)
        browser.client.application.extensions["room"].reads._left.clear()
        answer = browser.client.get(address, base_url=ORIGIN)
        text = next(iter(answer.response)) if address.endswith("/stream") else answer.data
        found = html.unescape(text.decode() if isinstance(text, bytes) else str(text))
        assert answer.status_code == 200
        assert not [word for word in SEALED if word in found]
        waiting += [each for each in links(found) if each not in read]
        answer.close()
    names = {address.removeprefix(PREFIX).split("?")[0].split("/")[1] for address in read}
    assert {"page", "dashboards", "metrics", "logs", "traces", "changes", "answer", "stream", "runbook", "bar"} <= names


def links(text: str) -> list[str]:
    found = re.findall(r'(?:href|hx-get)="([^"#]+)"', text)
    first_of_each: dict[str, list[str]] = {}
    for each in (each for each in found if each.startswith(PREFIX) and "/static/" not in each):
        first_of_each.setdefault(re.sub(r"[0-9a-f]{32}|\?.*", "", each), []).append(each)
    return [each for kind in first_of_each.values() for each in kind[:3]]
