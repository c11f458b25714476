"""Writing an e-mail: with a template or without, filled in, looked at before it goes, refused in plain words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask

from backoffice.clients.models import Client, Contact
from backoffice.emails.models import Email, EmailTemplate
from backoffice.lookups.models import Civility, Language
from tests.activity.cast import open_tab
from tests.clients.cast import add_client, browser_of, change, contact_ids, notices, rows
from tests.conftest import AsRole, on_sqlite_only
from tests.emails.cast import FORM, TEXT, press_in, the_email, write
from tests.events.cast import add_event

pytestmark = on_sqlite_only


def in_english(app: Flask, client: int) -> None:
    english = next(row["id"] for row in rows(app, Language) if row["code"] == "en")
    change(app, Client, client, language_id=english)


def template(app: Flask, label: str) -> int:
    (found,) = rows(app, EmailTemplate, label=label)
    return int(found["id"])


def test_one_writes_to_a_contact_from_its_page(app: Flask, edf: int) -> None:
    (jeanne,) = contact_ids(app, edf)
    browser = browser_of(app, name="Ada Martin")
    browser.get(f"/contact/details/?id={jeanne}")
    (link,) = browser.page.select("a#write-email")
    browser.get(str(link["href"]))
    press_in(browser, "#record", **TEXT)

    assert browser.path.startswith(f"/contact/details/?id={jeanne}")
    stored = the_email(app)
    assert (stored["contact_id"], stored["client_id"], stored["state"]) == (jeanne, edf, "queued")
    assert stored["body"] == "Bonjour Jeanne Roy,\n\nÀ bientôt.\nAda Martin"
    assert (stored["recipients"], stored["sender"]) == ("jeanne@edf.fr", "ada.martin@office.example")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_template_comes_in_the_language_of_the_client(app: Flask, edf: int, language: str) -> None:
    if language == "en":
        in_english(app, edf)
    (jeanne,) = contact_ids(app, edf)
    browser = open_tab(browser_of(app), edf, add="email")
    press_in(browser, FORM, "template", contact=jeanne, template=template(app, "Relance"))

    expected = {"fr": "Avez-vous pu avancer ?", "en": "Have you come to a decision?"}
    sent = browser.fields("form.write")
    assert sent["subject"] == expected[language]
    assert sent["contact"] == str(jeanne)
    assert "{expéditeur}" in sent["body"]
    assert rows(app, Email) == []


def test_what_a_french_template_leaves_to_be_filled_in_is_french_for_an_english_client_too(
    app: Flask, edf: int
) -> None:
    in_english(app, edf)
    (jeanne,) = contact_ids(app, edf)
    madam = next(row["id"] for row in rows(app, Civility) if row["label"] == "Madame")
    change(app, Contact, jeanne, civility_id=madam)
    event = add_event(app, edf, name="Séminaire", starts_on=date(2027, 1, 5))
    number = template(app, "Relance")
    body = "Bonjour {civilité} {nom}, le {date de l’événement}."
    change(app, EmailTemplate, number, body_fr=body, subject_en=None, body_en=None)
    browser = open_tab(browser_of(app), edf, add="email")
    press_in(browser, FORM, "template", contact=jeanne, template=number)
    assert "n’existe qu’en français" in browser.form("form.write").get_text()
    press_in(browser, event=event)
    assert the_email(app)["body"] == "Bonjour Madame Roy, le 5 janvier 2027."

    write(browser, edf, jeanne, body=body, event=event)  # no template: as the client speaks
    assert rows(app, Email)[-1]["body"] == "Bonjour Mrs Roy, le January 5, 2027."


def test_one_comes_back_from_a_new_mail_to_the_clients_not_to_tasks(app: Flask) -> None:
    browser = browser_of(app)
    browser.get("/email/new/")
    assert [link["href"] for link in browser.page.select(".crumbs a, a[data-cancel]")] == ["/client/"] * 2


def test_the_preview_shows_what_would_be_sent_and_sends_nothing(app: Flask, edf: int) -> None:
    (jeanne,) = contact_ids(app, edf)
    browser = open_tab(browser_of(app, name="Ada Martin"), edf, add="email")
    press_in(browser, FORM, "preview", contact=jeanne, **TEXT)

    (preview,) = browser.page.select(".preview")
    assert " ".join(preview.get_text(" ").split()) == "Votre projet Bonjour Jeanne Roy, À bientôt. Ada Martin"
    assert browser.fields("form.write")["body"].replace("\r\n", "\n") == TEXT["body"]
    assert rows(app, Email) == []


def test_an_event_is_filled_in_where_it_is_chosen_and_asked_for_where_not(app: Flask, edf: int) -> None:
    (jeanne,) = contact_ids(app, edf)
    event = add_event(app, edf, name="Séminaire", starts_on=date(2027, 1, 5))
    body = "Pour {événement}, {Date de l'evenement}."
    browser = write(browser_of(app), edf, jeanne, body=body)
    assert "choisissez-le" in browser.error_of("body")
    press_in(browser, event=event)
    assert the_email(app)["body"] == "Pour Séminaire, 5 janvier 2027."


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"subject": " "}, "subject", "Donnez un objet"),
        (
            {"subject": "Pour {prenoms}"},
            "subject",
            "« {prenoms} » n’est pas connu. On peut écrire : {civilité}",
        ),
        ({"body": "Cher {truc}"}, "body", "« {truc} » n’est pas connu"),
        ({"body": "\n "}, "body", "Le texte est vide"),
        ({"contact": ""}, "contact", "Choisissez le contact"),
        ({"subject": "a\x00b"}, "subject", ""),
        ({"subject": "x" * 301}, "subject", "Trop long"),
        ({"body": "x" * 20_001}, "body", "trop long"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    app: Flask, edf: int, changes: dict[str, Any], field: str, said: str
) -> None:
    (jeanne,) = contact_ids(app, edf)
    browser = write(browser_of(app), edf, **{"contact": jeanne, **changes})
    assert said in browser.error_of(field)
    assert browser.error_of(field)
    assert rows(app, Email) == []


def test_an_inactive_contact_and_one_of_another_client_are_refused(app: Flask, edf: int) -> None:
    gone = add_client(app, "Engie", "paul@engie.fr", contacts=[{"email": "lea@engie.fr"}])
    other = contact_ids(app, gone)
    browser = open_tab(browser_of(app), edf, add="email")
    address, fields = str(browser.form(FORM)["action"]), {**browser.fields(FORM), **TEXT}
    browser.post(address, {**fields, "contact": other[0]})
    assert "autre client" in browser.error_of("contact")
    (jeanne,) = contact_ids(app, edf)
    change(app, Contact, jeanne, is_active=False)
    browser.post(address, {**fields, "contact": jeanne})
    assert "inactif" in browser.error_of("contact")
    browser.get(f"/contact/details/?id={jeanne}")
    assert browser.page.select("a#write-email") == []
    assert rows(app, Email) == []


def test_a_subject_of_several_lines_is_one_line(app: Flask, edf: int) -> None:
    (jeanne,) = contact_ids(app, edf)
    browser = open_tab(browser_of(app), edf, add="email")
    fields = {**browser.fields(FORM), **TEXT, "contact": jeanne, "subject": "Objet\r\nBcc: tous@x.fr"}
    browser.post(str(browser.form(FORM)["action"]), fields)
    assert "\n" not in the_email(app)["subject"]


def test_names_that_hold_braces_are_names(app: Flask, edf: int) -> None:
    (jeanne,) = contact_ids(app, edf)
    change(app, Contact, jeanne, first_name="{nom}", last_name=None)
    write(browser_of(app), edf, jeanne, body="Cher {prénom} {nom}, bonjour")
    assert the_email(app)["body"] == "Cher {nom}, bonjour"


@pytest.mark.parametrize(("role", "may"), [("lecture", False), ("support", False), ("gestionnaire", True)])
def test_who_may_write_is_offered_it_and_nobody_else(
    app: Flask, edf: int, as_role: AsRole, role: str, may: bool
) -> None:
    (jeanne,) = contact_ids(app, edf)
    browser = as_role(role)
    browser.get(f"/contact/details/?id={jeanne}")
    assert bool(browser.page.select("a#write-email")) is may
    open_tab(browser, edf, add="email")
    assert bool(browser.page.select("#entry-form [name=subject]")) is may
    assert bool(browser.page.select('.kinds [formaction^="/email/"]')) is may


def test_the_feed_is_narrowed_to_e_mails_and_they_are_not_edited(app: Flask, edf: int) -> None:
    (jeanne,) = contact_ids(app, edf)
    browser = write(browser_of(app), edf, jeanne)
    number = the_email(app)["id"]
    open_tab(browser, edf, kind="email")
    assert browser.page.select_one(f"#entry-{number}") is not None
    assert browser.page.select_one("#feed-email[aria-current]") is not None
    assert browser.page.select_one(f"#edit-entry-{number}") is None
    browser.get(f"/email/edit/?id={number}")
    assert browser.status == 403


def test_a_form_sent_twice_makes_one_mail(app: Flask, edf: int) -> None:
    (jeanne,) = contact_ids(app, edf)
    browser = open_tab(browser_of(app), edf, add="email")
    address, fields = str(browser.form(FORM)["action"]), {**browser.fields(FORM), **TEXT, "contact": jeanne}
    for _time in range(2):
        browser.post(address, fields)
    assert notices(browser) == ["E-mail prêt à partir : Votre projet."]
    assert len(rows(app, Email)) == 1


# ------------------------------------------------------------------------------------------ templates


def test_a_template_with_an_unknown_placeholder_is_refused(app: Flask) -> None:
    browser = browser_of(app, "administrateur")
    browser.get("/emailtemplate/new/")
    browser.submit("#record", label="Neuf", subject_fr="Pour {prenon}", body_fr="Texte", subject_en="Half")
    assert "« {prenon} » n’est pas connu. On peut écrire : {civilité}, {prénom}" in browser.error_of(
        "subject_fr"
    )
    assert "vont ensemble" in browser.error_of("body_en")
    browser.submit("#record", subject_fr="Pour {PRENOM}", subject_en="")
    (made,) = rows(app, EmailTemplate, label="Neuf")
    assert (made["subject_fr"], made["body_fr"], made["subject_en"]) == ("Pour {PRENOM}", "Texte", None)


def test_the_default_template_is_chosen_and_not_yet_applied(app: Flask, edf: int) -> None:
    number = template(app, "Relance")
    change(app, EmailTemplate, number, is_default=True)
    browser = open_tab(browser_of(app), edf, add="email")
    assert browser.fields(FORM)["template"] == str(number)
    assert browser.fields(FORM)["body"] == ""


def test_a_template_that_is_off_is_not_offered(app: Flask, edf: int) -> None:
    number = template(app, "Relance")
    change(app, EmailTemplate, number, is_active=False)
    browser = open_tab(browser_of(app), edf, add="email")
    assert browser.page.select(f'[name=template] option[value="{number}"]') == []
