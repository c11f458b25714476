"""What has happened, as somebody reads it in a history."""

from __future__ import annotations

from copy import copy

from bs4 import Tag

from tests.web import Browser


def words(tag: Tag) -> str:
    """The words of a part of the page, with single spaces, but for the links that take something back."""
    read = copy(tag)
    for link in read.select(".back"):
        link.extract()
    return " ".join(read.get_text(" ").replace("\N{NO-BREAK SPACE}", " ").split())


def told(browser: Browser) -> list[str]:
    """The sentences of the page, the latest first; what one action did stands together."""
    found = browser.page.select(".told h3, .told .then")
    return [words(tag).replace(" ,", ",") for tag in found]


def fields(browser: Browser) -> list[str]:
    """The fields that have changed, as "Ville : Lyon → Paris"."""
    rows = browser.page.select(".changed > div")
    return [f"{words(row.select('dt')[0])} : {words(row.select('dd')[0])}" for row in rows]


def history_of(browser: Browser, client: int, **asked: str) -> list[str]:
    """What the history of a client tells to whoever asks for this."""
    args = "".join(f"&{name}={value}" for name, value in asked.items())
    browser.get(f"/client/details/?id={client}&tab=history{args}")
    assert browser.status == 200
    return told(browser)
