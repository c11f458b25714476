"""Every form that the product shows, and what an attacker would put into it besides: each column of each table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask import Flask
from sqlalchemy import Boolean, Date, DateTime, Integer, Numeric, inspect
from sqlalchemy.orm import Mapper
from werkzeug.datastructures import MultiDict

from backoffice.clients.models import Address, Contact
from backoffice.core.db import Base
from tests.browser.pages import LIKE_TYPES, PAGES, addresses
from tests.forms import Form, find, path_of
from tests.web import Browser

#: Forms that change nothing of what is stored, or log out.
_NOT = re.compile(r"/logout$|/columns/")
#: What has to be filled in before a new record is made.
FILLED = {
    "name": "Neuf",
    "label": "Neuf",
    "title": "Neuf",
    "subject": "Neuf",
    "body": "Neuf",
    "email": "neuf@neuf.example",
    "contacts-0-email": "neuf@neuf.example",
    "city": "Lyon",
}
ROW = re.compile(r"^(contacts|addresses)-(\d+)-")
CHILDREN: dict[str, Any] = {"contacts": Contact, "addresses": Address}


@dataclass(frozen=True)
class Shown:
    """A form, and what a browser would send for it as it stands."""

    page: str
    action: str
    fields: MultiDict[str, Any]
    #: Those that are chosen from a list or stand for another record.
    chosen: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, frozenset[str]]:
        """The same for forms that differ by the record alone."""
        return urlsplit(self.action).path, frozenset(ROW.sub(r"\1-", name) for name in self.fields)


def all_forms(app: Flask, browser: Browser) -> list[Shown]:
    """One of each form that stands on a page of the cast."""
    found: dict[Any, Shown] = {}
    for path in addresses(app, PAGES).values():
        if path.split("/")[1] not in LIKE_TYPES:
            browser.get(path)
            for form in _forms(browser, path):
                if not _NOT.search(urlsplit(form.action).path):
                    found.setdefault(form.key, form)
    return list(found.values())


def _forms(browser: Browser, path: str) -> Iterator[Shown]:
    tree = browser._now.tree
    for number, form in enumerate(tree.xpath(path_of("form"))):
        if form.get("method", "get").lower() == "post":
            form.set("id", form.get("id") or f"form-{number}")
            read = find(tree, f"#{form.get('id')}")
            assert read is not None
            fields = read.fields({})
            for pressed, value in _pressed(read):
                fields.add(pressed, value)
            for name, typed in FILLED.items():
                if fields.get(name) == "":
                    fields[name] = typed
            chosen = tuple(name for name in _chosen(read) if not _is_blank(fields, name))
            yield Shown(path, urljoin(path, form.get("action") or path), fields, chosen)


def _is_blank(fields: MultiDict[str, Any], name: str) -> bool:
    """Is this a field of a row in which nobody has typed anything? It is no row."""
    row = ROW.match(name)
    return row is not None and not any(fields.get(row.group(0) + key) for key in ("id", "email", "city"))


def _chosen(form: Form) -> tuple[str, ...]:
    relations = {relation.key for mapper in _mappers() for relation in mapper.relationships}
    found = [
        one.attributes["name"]
        for one in form.controls
        if one.kind != "submit" and (one.tag == "select" or one.attributes.get("name") in relations)
    ]
    return tuple(dict.fromkeys(name for name in found if "__index__" not in name))


def _pressed(form: Form) -> list[tuple[str, str]]:
    """The first button that has a name: it says of which record, or what."""
    buttons = [one for one in form.controls if one.kind == "submit" and "name" in one.attributes]
    return [(one.attributes["name"], one.attributes.get("value", "")) for one in buttons[:1]]


def foreign(form: Shown, other: dict[str, str]) -> dict[str, str]:
    """What the form does not show: each column and relation of each model, for the record and for its rows.

    `other` has the ids of records that belong to somebody else, by the name of what would lead there.
    """
    names = set(form.fields)
    if "idempotency_key" not in names and "id=" not in form.action:
        names |= {"id", "client"}  # a form of buttons: the one that is pressed says of which record
    more = {key: value for mapper in _mappers() for key, value in _evil(mapper, other) if key not in names}
    for prefix in {match.group(0) for name in names if (match := ROW.match(name))}:
        for key, value in _evil(inspect(CHILDREN[prefix.partition("-")[0]]), other):
            if prefix + key not in names:
                more[prefix + key] = value
    return more


def _mappers() -> list[Mapper[Any]]:
    return sorted(Base.registry.mappers, key=lambda mapper: mapper.class_.__name__)


def _evil(mapper: Mapper[Any], other: dict[str, str]) -> Iterator[tuple[str, str]]:
    for attribute in mapper.column_attrs:
        value = _value(attribute.key, attribute.columns[0].type)
        yield attribute.key, other.get(attribute.key.removesuffix("_id"), value)
    for relation in mapper.relationships:
        yield relation.key, other.get(relation.key, "2")


def _value(name: str, kind: Any) -> str:
    if name == "role":
        return "administrateur"
    for type_, value in (
        (Boolean, "y"),
        (DateTime, "1999-01-01T00:00"),
        (Date, "1999-01-01"),
        (Numeric, "1999"),
        (Integer, "2"),
    ):
        if isinstance(kind, type_):
            return value
    return "forgé"
