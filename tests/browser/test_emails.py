"""An e-mail in Chromium: begun with a template, looked at, sent, and seen to arrive."""

from __future__ import annotations

from flask import Flask
from playwright.sync_api import expect

from backoffice.emails.models import Email
from tests.browser.conftest import Visit, stay, stayed
from tests.clients.cast import rows
from tests.conftest import Work, on_sqlite_only
from tests.emails.cast import edf as edf
from tests.smtp import Post
from tests.smtp import post as post

pytestmark = on_sqlite_only


def test_a_mail_is_written_with_a_template_sent_and_arrives(
    app: Flask, edf: int, visit: Visit, post: Post, work: Work
) -> None:
    page = visit("gestionnaire")
    page.goto(f"/client/details/?id={edf}&tab=activity")
    stay(page)
    adding = page.locator(".adding")
    adding.get_by_role("button", name="E-mail", exact=True).click()
    adding.get_by_label("À", exact=False).first.select_option(label="Jeanne Roy")
    adding.get_by_label("Modèle").select_option(label="Relance")
    adding.get_by_role("button", name="Appliquer").click()
    expect(adding.get_by_label("Objet")).to_have_value("Avez-vous pu avancer ?")
    expect(adding.get_by_label("Objet")).to_be_focused()

    adding.get_by_label("Objet").press("Enter")  # shows it first: what is sent cannot be taken back
    expect(adding.locator(".preview .text")).to_contain_text("Bonjour Roy,")
    expect(adding.locator(".preview")).to_be_focused()
    assert rows(app, Email) == []
    adding.get_by_role("button", name="Envoyer").click()
    expect(page.locator("#feed h3")).to_have_text("E-mail : Avez-vous pu avancer ?")
    expect(page.locator("#feed .entry .pill")).to_have_text("à envoyer")
    assert stayed(page)

    work("mails")
    (arrived,) = post.mails
    assert arrived["To"] == "Jeanne Roy <jeanne@edf.fr>"
    page.reload()
    expect(page.locator("#feed .entry .pill")).to_have_text("envoyé")
