"""The HTML of a message, as it may be shown: nothing runs, nothing is fetched, and it ends."""

from __future__ import annotations

import time

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from backoffice.emails import markup, safe_html
from tests.conftest import on_sqlite_only
from tests.emails.letters import EVIL

pytestmark = on_sqlite_only


@pytest.fixture(autouse=True)
def in_french(app: Flask) -> object:
    with app.test_request_context():
        yield


def test_scripts_styles_that_fetch_forms_frames_and_remote_images_are_gone() -> None:
    page = safe_html.clean(EVIL, {"logo@x": "data:image/png;base64,AAAA"})
    soup = BeautifulSoup(page, "lxml")

    assert {tag.name for tag in soup.find_all()} <= {"html", "body", "p", "img", "span", "a"}
    assert all(
        word not in page for word in ("evil", "url(", "javascript", "onerror", "onload", "alert", "@import")
    )
    assert [image["src"] for image in soup.select("img")] == ["data:image/png;base64,AAAA"]
    assert "[Image distante non affichée : Photo]" in soup.get_text()
    (link,) = soup.select("a[href]")
    assert (link["href"], link["target"]) == ("https://sain.example/", "_blank")
    assert str(soup.select("p")[0]["style"]).strip(";") == "color:red"


@pytest.mark.parametrize(
    "html",
    [
        "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
        "<a href=' java\nscript:alert(1)'>x</a>",
        "<img src='data:image/svg+xml;base64,PHN2Zz4='>",
        "<img src=//evil.example/a.png srcset='http://evil.example/b.png 2x'>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
        "<table background='http://evil.example/a.png'><tr><td>x</table>",
        "<p style='position:fixed;top:0;left:0;background-image:url(//evil.example)'>x",
        "<p style='color:x style=\"background:url(http://evil.example)\"; width:u\\72l(//evil.example)'>x",
        "<scr<script>ipt>alert(1)</scr</script>ipt>",
        "<!--><img src=x onerror=alert(1)>-->",
        "<p/onmouseover=alert(1)>x",
    ],
)
def test_known_tricks_come_to_nothing(html: str) -> None:
    page = safe_html.clean(html, {})
    soup = BeautifulSoup(page, "lxml")

    for tag in soup.find_all():
        assert tag.name not in ("script", "style", "svg", "math", "iframe", "noscript")
        assert not [name for name in tag.attrs if name.startswith("on") or name in ("srcset", "background")]
        assert tag.name != "img" or str(tag["src"]).startswith("data:image/png")
        assert str(tag.get("href", "https://")).startswith(("https://", "http://", "mailto:"))
        assert "url" not in str(tag.get("style", ""))
        assert "position" not in str(tag.get("style", ""))


@pytest.mark.parametrize(
    "piece", ["<div>", "<b>", "<p><b>", "<table><tr><td>", "<", "<a ", "<!--", "</p>", "<title>"]
)
def test_what_is_left_open_a_hundred_thousand_times_takes_no_time(piece: str) -> None:
    started = time.monotonic()
    page = safe_html.clean(piece * 100_000, {})
    markup.to_text(piece * 100_000)

    assert time.monotonic() - started < 8
    assert len(page) < 5_000_000


def test_the_text_of_a_page_keeps_its_lines_and_leaves_out_what_is_not_for_the_eye() -> None:
    html = "<style>p{}</style><p>Un &amp; deux<br>trois</p><table><tr><td>a<td>b</table><script>x</script>fin"
    assert markup.to_text(html) == "Un & deux\ntrois\n\na b\n\nfin"
