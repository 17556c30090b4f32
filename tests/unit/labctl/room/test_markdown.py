from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.health import runbook
from labctl.room.markdown import rendered

BLOCKS = ("pre", "table", "thead", "tbody", "tr", "th", "td")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# Title", "<h2>Title</h2>"),
        ("one\ntwo", "<p>one two</p>"),
        ("4. four\n5. five\n   goes on", '<ol start="4"><li>four</li><li>five goes on</li></ol>'),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("**bold** and `a < b`", "<p><strong>bold</strong> and <code>a &lt; b</code></p>"),
        ("<img src=x> & co", "<p>&lt;img src=x&gt; &amp; co</p>"),
        ("a \\* b \\`c\\` \\[d] \\<e> \\\\", "<p>a * b `c` [d] &lt;e&gt; \\</p>"),
        ("``a ` b``", "<p><code>a ` b</code></p>"),
        (
            "| A | B |\n| --- | --- |\n| a \\| b | `c` |\n| d |",
            "<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody>"
            "<tr><td>a | b</td><td><code>c</code></td></tr><tr><td>d</td><td></td></tr></tbody></table>",
        ),
        (
            "before\n```sh\n# a < b\n\n**c**\n```\nafter",
            "<p>before</p>\n<pre><code># a &lt; b\n\n**c**</code></pre>\n<p>after</p>",
        ),
        ("", ""),
    ],
)
def test_it_is_html(text: str, html: str) -> None:
    assert rendered(text) == html


@given(st.text("<>&\"'`*#-1. \nab|\\~"))
def test_only_its_own_elements_are_in_it(text: str) -> None:
    tags = set(re.findall(r"<(\w+)", rendered(text)))
    assert tags <= {"h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "li", "strong", "code", *BLOCKS}


@pytest.mark.parametrize("alert", runbook.alerts())
def test_nothing_of_a_runbooks_markdown_is_left(alert: str) -> None:
    text = re.sub(r"<code>.*?</code>|<[^>]+>", "", rendered(runbook.text(alert)[1]))
    assert not re.search(r"\*\*|`|^#|^- ", text, re.MULTILINE)
