"""The screens on which administrators keep accounts."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from backoffice.core.audit import Fact
from backoffice.core.db import db, for_writing
from backoffice.users.models import User, UserSession
from tests.users.people import (
    OTHER_PASSWORD,
    PASSWORD,
    cheap_hash,
    count,
    facts,
    is_in,
    logged_in,
    make_older,
    make_user,
)
from tests.users.phones import turn_on
from tests.web import Browser

RECORD = "form#record"


@pytest.fixture
def admin(app: Flask) -> Browser:
    make_user(app, "ada@exemple.fr", "administrateur", first_name="Ada", last_name="Lovelace")
    return logged_in(app, "ada@exemple.fr")


def _id(app: Flask, email: str) -> int:
    with app.app_context():
        return db.session.scalars(select(User.id).where(User.email == email)).one()


def _user(app: Flask, email: str) -> dict[str, Any]:
    with app.app_context():
        user = db.session.scalars(select(User).where(User.email == email)).one()
        return {"name": user.name, "role": user.role, "active": user.active, "password": user.password}


def test_the_list_shows_who_may_do_what(app: Flask, admin: Browser) -> None:
    make_user(app, "bob@exemple.fr", "support", first_name="Bob", last_name="Martin")
    admin.get("/user/")
    rows = [row.get_text(" ", strip=True) for row in admin.page.select("tbody tr")]
    assert "Ada Lovelace ada@exemple.fr Administrateur Actif" in rows[0]
    assert "Bob Martin bob@exemple.fr Support Actif Non jamais" in rows[1]


@pytest.mark.parametrize("sort", ["name", "email", "role", "active", "last_seen_at"])
@pytest.mark.parametrize("descending", ["0", "1"])
def test_the_list_sorts_by_every_column(app: Flask, admin: Browser, sort: str, descending: str) -> None:
    make_user(app, "bob@exemple.fr", "support")
    admin.get("/user/", query_string={"sort": sort, "desc": descending})
    assert admin.status == 200
    assert len(admin.page.select("tbody tr")) == 2


def test_accents_and_case_do_not_move_a_name_in_the_list(app: Flask, admin: Browser) -> None:
    for first, last in (("Zoé", "Étienne"), ("Bob", "zola"), ("Ève", "Dupont"), (None, "Eluard")):
        make_user(app, f"{last}@exemple.fr".replace("É", "e"), "support", first_name=first, last_name=last)
    admin.get("/user/")
    names = [tag.get_text(strip=True) for tag in admin.page.select("tbody th")]
    assert names == ["Ève Dupont", "Eluard", "Zoé Étienne", "Ada Lovelace", "Bob zola"]


def test_the_list_says_who_is_invited_who_has_a_second_factor_and_how_long_ago_one_was_seen(
    app: Flask, admin: Browser
) -> None:
    make_user(app, "invitee@exemple.fr", "support", password_hash=None)
    turn_on(admin)
    make_older(app, User.last_seen_at, timedelta(days=3))
    with app.app_context(), for_writing():
        db.session.execute(
            update(User).where(User.email_key == "invitee@exemple.fr").values(last_seen_at=None)
        )
        db.session.commit()
    admin.get("/user/")
    rows = {
        cell.get_text(strip=True): row.get_text(" ", strip=True)
        for row in admin.page.select("tbody tr")
        for cell in row.select("th")
    }
    assert rows["Ada Lovelace"].endswith("Actif Oui il y a 3 jours")
    assert rows["invitee@exemple.fr"].endswith("Invité Non jamais")


def test_deactivating_asks_first_ends_the_sessions_and_can_be_undone(app: Flask, admin: Browser) -> None:
    make_user(app, "bob@exemple.fr", "support")
    bob = logged_in(app, "bob@exemple.fr")
    admin.get(f"/user/details/?id={_id(app, 'bob@exemple.fr')}")
    assert "Ses sessions se terminent aussitôt" in admin.text
    admin.submit("form[action*='/user/deactivate/']")
    assert "Compte désactivé : bob@exemple.fr." in admin.text
    assert not is_in(bob)
    assert facts(app, "active")[-1] == ("Ada Lovelace", False)
    admin.submit("[data-notice] form[action*='/user/activate/']")
    assert "Compte réactivé : bob@exemple.fr." in admin.text
    assert facts(app, "active")[-1] == ("Ada Lovelace", True)
    assert is_in(logged_in(app, "bob@exemple.fr"))


def test_the_last_administrator_cannot_be_deactivated_from_the_card(app: Flask, admin: Browser) -> None:
    number, before = _id(app, "ada@exemple.fr"), count(app, Fact)
    admin.get(f"/user/details/?id={number}")
    admin.submit("form[action*='/user/deactivate/']")
    assert "C’est le dernier administrateur actif" in admin.text
    assert _user(app, "ada@exemple.fr")["active"]
    assert count(app, Fact) == before
    assert is_in(admin)


def test_switching_twice_leaves_one_fact(app: Flask, admin: Browser) -> None:
    number = make_user(app, "bob@exemple.fr", "support")
    before = len(facts(app, "active"))
    for _ in range(2):
        admin.get(f"/user/details/?id={number}")
        admin.post("/user/deactivate/", {"id": number})
    assert len(facts(app, "active")) == before + 1


def test_somebody_invited_is_invited_again_and_the_link_is_shown_whole(app: Flask, admin: Browser) -> None:
    number = make_user(app, "bob@exemple.fr", "support", password_hash=None)
    admin.get(f"/user/details/?id={number}")
    assert "Renvoyer l’invitation" in admin.text
    admin.submit("form[action*='/user/invite/']")
    shown = admin.page.select_one("[data-notice] code.whole")
    assert shown is not None
    bob = Browser(app)
    bob.get(shown.get_text().removeprefix("http://localhost"))
    assert bob.page.select("[name=repeat]")


def test_a_new_user_is_invited_by_a_link_and_chooses_a_password(
    app: Flask, admin: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    admin.get("/user/new/")
    admin.submit(RECORD, first_name="Bob", last_name="Martin", email=" Bob@EXEMPLE.fr ", role="support")
    assert "Un lien a été envoyé à Bob@exemple.fr." in admin.text
    assert "Lien d’invitation, à transmettre au besoin : http://localhost/reset/" in admin.text
    assert _user(app, "Bob@exemple.fr") == {
        "name": "Bob Martin",
        "role": "support",
        "active": True,
        "password": None,
    }
    mail = capsys.readouterr().err
    assert mail.count("--- e-mail ---") == 1
    link = re.search(r"http://localhost(/reset/\S+)", mail)
    assert link
    bob = Browser(app)
    bob.get(link[1])
    bob.submit("form:has([name=repeat])", password=OTHER_PASSWORD, repeat=OTHER_PASSWORD)
    bob.log_in("bob@exemple.fr", OTHER_PASSWORD)
    assert bob.path == "/"
    assert ("Ada Lovelace", "support") in facts(app, "role")


MISTAKES = [
    ("email", "bob", "Il manque le @"),
    ("email", "", "obligatoire"),
    ("email", "ADA@exemple.fr", "Un compte existe déjà"),
    ("first_name", "x" * 81, "Trop long"),
    ("last_name", "A\u0007", "caractère invisible"),
]


@pytest.mark.parametrize(("field", "typed", "sentence"), MISTAKES)
def test_a_mistake_is_named_and_nothing_is_saved(
    app: Flask, admin: Browser, field: str, typed: str, sentence: str
) -> None:
    before = count(app, Fact)
    admin.get("/user/new/")
    right = {"first_name": "Bob", "last_name": "Martin", "email": "bob@exemple.fr"}
    admin.submit(RECORD, **{**right, field: typed})
    assert sentence in admin.error_of(field)
    assert admin.fields(RECORD)["first_name"] == {**right, field: typed}["first_name"]
    assert count(app, User) == 1
    assert count(app, Fact) == before


def test_a_role_that_does_not_exist_is_refused(app: Flask, admin: Browser) -> None:
    make_user(app, "bob@exemple.fr", "support")
    admin.get(f"/user/edit/?id={_id(app, 'bob@exemple.fr')}")
    admin.submit(RECORD, role="chef")
    assert _user(app, "bob@exemple.fr")["role"] == "support"


def test_what_the_form_does_not_show_cannot_be_changed(app: Flask, admin: Browser) -> None:
    make_user(app, "bob@exemple.fr", "support")
    number = _id(app, "bob@exemple.fr")
    admin.get(f"/user/edit/?id={number}")
    fields = dict(admin.fields(RECORD).items())
    stolen = {
        "password": "x",
        "fs_uniquifier": "x",
        "id": "99",
        "email_key": "x",
        "version": "7",
        "created_at": "2001",
    }
    admin.post(f"/user/edit/?id={number}", {**fields, **stolen})
    with app.app_context():
        user = db.session.get_one(User, number)
        assert (user.password, user.email_key) == (cheap_hash(), "bob@exemple.fr")
        assert user.fs_uniquifier != "x"


def test_a_change_of_role_is_a_fact_and_ends_the_sessions(app: Flask, admin: Browser) -> None:
    make_user(app, "bob@exemple.fr", "support")
    bob = logged_in(app, "bob@exemple.fr")
    admin.get(f"/user/edit/?id={_id(app, 'bob@exemple.fr')}")
    admin.submit(RECORD, role="lecture")
    assert "Compte enregistré" in admin.text
    assert facts(app, "role")[-1] == ("Ada Lovelace", "lecture")
    assert not is_in(bob)
    assert is_in(admin)


def test_somebody_deactivated_is_out_and_stays_out(app: Flask, admin: Browser) -> None:
    make_user(app, "bob@exemple.fr", "support")
    bob = logged_in(app, "bob@exemple.fr")
    admin.get(f"/user/edit/?id={_id(app, 'bob@exemple.fr')}")
    admin.submit(RECORD, active=False)
    assert not is_in(bob)
    bob.log_in("bob@exemple.fr", PASSWORD)
    assert bob.path == "/login"


def test_an_administrator_ends_the_sessions_of_somebody(app: Flask, admin: Browser) -> None:
    make_user(app, "bob@exemple.fr", "support")
    bob = logged_in(app, "bob@exemple.fr")
    admin.get(f"/user/details/?id={_id(app, 'bob@exemple.fr')}")
    admin.submit("form[action*='/user/end-sessions/']")
    assert "Ses sessions sont terminées." in admin.text
    assert not is_in(bob)
    assert facts(app, "session")[-1] == ("Ada Lovelace", "ended")


def test_an_administrator_sends_a_link_for_a_new_password(
    app: Flask, admin: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    make_user(app, "bob@exemple.fr", "support")
    admin.get(f"/user/details/?id={_id(app, 'bob@exemple.fr')}")
    admin.submit("form[action*='/user/invite/']")
    assert "Un lien a été envoyé à bob@exemple.fr." in admin.text
    assert "/reset/" not in admin.text, "nobody, not even an administrator, enters the account of another"
    assert capsys.readouterr().err.count("--- e-mail ---") == 1
    assert facts(app, "password")[-1] == ("Ada Lovelace", "reset_sent")


def test_a_user_cannot_be_deleted(app: Flask, admin: Browser) -> None:
    make_user(app, "bob@exemple.fr", "support")
    admin.get(f"/user/details/?id={_id(app, 'bob@exemple.fr')}")
    admin.post("/user/delete/", {"id": _id(app, "bob@exemple.fr")})
    assert admin.status == 403
    assert count(app, User) == 2


def test_sessions_are_not_shown_to_anybody_else(app: Flask, admin: Browser) -> None:
    make_user(app, "bob@exemple.fr", "gestionnaire")
    bob = logged_in(app, "bob@exemple.fr")
    for address in ("/user/", f"/user/details/?id={_id(app, 'ada@exemple.fr')}", "/user/new/"):
        bob.get(address)
        assert bob.status == 403
    assert count(app, UserSession) == 2


@pytest.mark.parametrize("odd", ["", "abc", "-1", "1,2", "%00", "9" * 30])
def test_an_odd_id_is_no_user(app: Flask, admin: Browser, odd: str) -> None:
    for address in ("details", "edit"):
        admin.get(f"/user/{address}/?id={odd}")
        assert admin.status == 404
    admin.get("/user/")
    for address in ("invite", "end-sessions", "activate", "deactivate", "remove-second-factor"):
        admin.post(f"/user/{address}/", {"id": odd})
        assert admin.status == 404
        admin.get("/user/")


def test_the_list_says_how_many_users_there_are_and_has_no_bar_without_filters(admin: Browser) -> None:
    admin.get("/user/")
    assert "1 utilisateur" in admin.text
    assert admin.page.select("#content .bar.narrow-only")
    assert not admin.page.select("#content .chips")
    admin.get("/client/")
    assert admin.page.select("#content .bar:not(.narrow-only) .chips")
