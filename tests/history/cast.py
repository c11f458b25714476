"""What has happened, as somebody reads it in a history."""

from __future__ import annotations

from copy import copy
from typing import Any

from bs4 import Tag
from flask import Flask

from backoffice.clients.models import Address, Client, Contact
from backoffice.core.search_text import SearchText
from tests.clients.cast import rows
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


def undo_links(browser: Browser) -> list[Tag]:
    return list(browser.page.select(".told .when .back"))


def all_history(browser: Browser, client: int) -> list[str]:
    sentences = history_of(browser, client)
    while (older := browser.page.select_one("a[rel=next]")) is not None:
        browser.get(str(older["href"]))
        sentences += told(browser)
    return sentences


def undo_last(browser: Browser, client: int, **asked: str) -> None:
    """Open the history, follow the first "Annuler", and answer yes."""
    history_of(browser, client, **asked)
    browser.get(str(undo_links(browser)[0]["href"]))
    browser.submit(".undo form")


def whole(app: Flask, client: int) -> dict[str, list[dict[str, Any]]]:
    """All that is stored of a client, but for the versions."""
    found = {
        "client": rows(app, Client, id=client),
        "contact": rows(app, Contact, client_id=client),
        "address": rows(app, Address, client_id=client),
        "text": rows(app, SearchText, kind="client", record_id=client),
    }
    for text in found["text"]:
        text["text"] = sorted(text["text"].split())
    for record in (*found["client"], *found["contact"], *found["address"]):
        record.pop("version")
    return found
