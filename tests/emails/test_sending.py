"""What the worker does with e-mails, told by a real mail server: each goes out once, or says why it did not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from backoffice.clients.models import Client, Contact
from backoffice.core.db import now
from backoffice.emails import rules
from backoffice.emails.models import Email
from backoffice.users import mail
from tests.activity.cast import feed_of, open_tab, press
from tests.clients.cast import browser_of, change, contact_ids, facts, notices, row, rows
from tests.clients.together import at_once
from tests.conftest import Work, on_sqlite_only
from tests.emails.cast import make_due, the_email, write
from tests.history.cast import told
from tests.smtp import Post
from tests.web import Browser


@pytest.fixture
def ada(app: Flask, edf: int) -> Browser:
    """Somebody who has just written to the contact of a client."""
    (jeanne,) = contact_ids(app, edf)
    return write(browser_of(app, name="Ada Martin"), edf, jeanne)


def test_a_mail_arrives_in_the_name_of_who_wrote_it(
    app: Flask, edf: int, ada: Browser, post: Post, work: Work
) -> None:
    assert notices(ada) == ["E-mail prêt à partir : Votre projet."]
    assert the_email(app)["state"] == "queued"
    assert "à envoyer" in feed_of(ada)[0]
    work("mails")

    (arrived,) = post.mails
    assert arrived["From"] == "Ada Martin <no-reply@localhost>"
    assert arrived["Reply-To"] == "Ada Martin <ada.martin@office.example>"
    assert arrived["To"] == "Jeanne Roy <jeanne@edf.fr>"
    assert arrived["Subject"] == "Votre projet"
    assert arrived["Message-ID"] == the_email(app)["message_id"]
    assert arrived["Auto-Submitted"] is None
    said = arrived.get_content().replace("\r\n", "\n").strip()
    assert said == "Bonjour Jeanne Roy,\n\nÀ bientôt.\nAda Martin"
    stored = the_email(app)
    assert (stored["state"], stored["tries"], stored["failure"]) == ("sent", 1, None)
    assert stored["mailed_at"] is not None
    (shown,) = feed_of(open_tab(ada, edf, kind="email"))
    assert "E-mail : Votre projet" in shown
    assert "à jeanne@edf.fr · envoyé aujourd’hui à" in shown
    assert ("backoffice", "state", "sending", "sent") in [
        ("backoffice", *fact[1:]) for fact in facts(app, "entry", stored["id"])
    ]

    work("mails")
    assert len(post.mails) == 1


def test_what_fails_for_now_is_tried_again_later(app: Flask, ada: Browser, post: Post, work: Work) -> None:
    post.answers = ["451 later"]
    work("mails")
    stored = the_email(app)
    assert (stored["state"], stored["tries"]) == ("queued", 1)
    assert timedelta(seconds=50) < stored["try_at"] - now() <= timedelta(minutes=1)
    first_id = stored["message_id"]

    work("mails")  # not before its time
    assert the_email(app)["tries"] == 1
    make_due(app)
    work("mails")
    assert the_email(app)["state"] == "sent"
    assert [arrived["Message-ID"] for arrived in post.mails] == [first_id]


@on_sqlite_only
def test_after_five_tries_it_has_failed_and_says_why(
    app: Flask, ada: Browser, post: Post, work: Work
) -> None:
    post.answers = ["451 later"] * 6
    waits = []
    for _time in range(4):
        work("mails")
        waits.append(round((the_email(app)["try_at"] - now()).total_seconds() / 60))
        make_due(app)
    assert waits == [1, 5, 15, 60]
    work("mails")
    stored = the_email(app)
    assert (stored["state"], stored["failure"]) == ("failed", f"{mail.BUSY.reason}\n451 later")
    assert len(post.answers) == 1


def test_what_is_refused_for_good_has_failed_and_can_be_tried_again(
    app: Flask, edf: int, ada: Browser, post: Post, work: Work
) -> None:
    post.unknown = {"jeanne@edf.fr"}
    work("mails")
    assert the_email(app)["state"] == "failed"
    (shown,) = feed_of(open_tab(ada, edf))
    assert "échec" in shown
    assert "refuse l’adresse du destinataire : vérifiez-la." in shown

    assert "Réponse du serveur : « 550 no such mailbox »" in shown

    post.unknown = set()
    press(ada, "#email-resend", the_email(app)["id"])
    assert notices(ada) == ["E-mail de nouveau à envoyer : Votre projet."]
    work("mails")
    assert (the_email(app)["state"], the_email(app)["failure"]) == ("sent", None)
    assert post.readers == ["jeanne@edf.fr"]


@on_sqlite_only
def test_a_server_that_is_gone_is_asked_once_a_run(
    app: Flask, edf: int, ada: Browser, post: Post, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(ada, edf, contact_ids(app, edf)[0])
    here = app.extensions["settings"]
    monkeypatch.setitem(app.extensions, "settings", replace(here, mail_url="smtp://127.0.0.1:9"))
    work("mails")
    assert sorted(stored["tries"] for stored in rows(app, Email)) == [0, 1]
    monkeypatch.setitem(app.extensions, "settings", here)
    work("mails")
    assert [stored["state"] for stored in rows(app, Email)] == ["queued", "sent"]


def test_two_workers_send_one_mail(app: Flask, ada: Browser, post: Post, work: Work) -> None:
    at_once(lambda: work("mails"), lambda: work("mails"))
    assert len(post.mails) == 1
    assert (the_email(app)["state"], the_email(app)["tries"]) == ("sent", 1)


def test_nothing_is_held_while_the_server_is_talked_to(
    app: Flask, edf: int, ada: Browser, post: Post, work: Work
) -> None:
    number = the_email(app)["id"]

    def meanwhile() -> None:
        assert row(app, Email, number)["state"] == "sending"
        change(app, Client, edf, name="Écrit entre-temps")
        change(app, Email, number, pinned_at=now())

    post.meanwhile = meanwhile
    work("mails")
    assert row(app, Client, edf)["name"] == "Écrit entre-temps"
    assert the_email(app)["state"] == "sent"


def test_a_mail_whose_worker_was_killed_is_not_sent_twice(
    app: Flask, ada: Browser, post: Post, work: Work
) -> None:
    number = the_email(app)["id"]
    change(app, Email, number, state="sending", tries=1, try_at=now() + rules.SENT_WITHIN)
    work("mails")
    assert the_email(app)["state"] == "sending"
    make_due(app)
    work("mails")
    stored = the_email(app)
    assert (stored["state"], stored["failure"]) == (
        "failed",
        "On ne sait pas si ce message est parti : vérifiez avant de réessayer.",
    )
    assert post.mails == []


@on_sqlite_only
def test_a_mail_in_the_trash_is_not_sent_even_when_it_comes_back(
    app: Flask, ada: Browser, post: Post, work: Work
) -> None:
    number = the_email(app)["id"]
    press(ada, "#entry-remove", number)
    work("mails")
    assert (the_email(app)["state"], the_email(app)["failure"]) == ("failed", "Envoi annulé.")
    ada.post("/entry/restore/", {"id": number})
    work("mails")
    assert post.mails == []


@on_sqlite_only
def test_what_waits_can_be_kept_from_being_sent(app: Flask, ada: Browser, post: Post, work: Work) -> None:
    number = the_email(app)["id"]
    press(ada, "#email-cancel", number)
    assert notices(ada) == ["Envoi annulé : Votre projet."]
    work("mails")
    assert post.mails == []
    ada.post("/email/cancel/", {"id": number})
    assert notices(ada) == ["Trop tard : ce message n’attend plus d’être envoyé."]


@on_sqlite_only
@pytest.mark.parametrize(("role", "status"), [("gestionnaire", 403), ("administrateur", 200)])
def test_only_who_wrote_it_and_administrators_try_again(
    app: Flask, ada: Browser, role: str, status: int
) -> None:
    number = the_email(app)["id"]
    change(app, Email, number, state="failed", failure="Refusé", try_at=None)
    other = browser_of(app, role, name="Bob Petit")
    other.get("/client/")
    other.post("/email/resend/", {"id": number})
    assert other.status == status


@on_sqlite_only
def test_a_name_cannot_add_headers(app: Flask, ada: Browser, post: Post, work: Work) -> None:
    with app.app_context():
        found = mail.deliver(
            mail.Mail("a@x.fr", "Objet", "Texte", to_name="A\r\nBcc: b@x.fr"), app.extensions["settings"]
        )
        subject = mail.deliver(mail.Mail("a@x.fr", "Objet\nBcc: b@x.fr", "Texte"), app.extensions["settings"])
    assert found == subject == mail.IMPOSSIBLE
    assert post.mails == []


@on_sqlite_only
def test_a_contact_who_has_changed_address_since_gets_it_where_it_was_written_to(
    app: Flask, edf: int, ada: Browser, post: Post, work: Work
) -> None:
    (jeanne,) = contact_ids(app, edf)
    change(app, Contact, jeanne, email="autre@edf.fr")
    work("mails")
    assert post.readers == ["jeanne@edf.fr"]


@on_sqlite_only
def test_another_try_goes_to_the_address_that_was_corrected_meanwhile_and_says_so(
    app: Flask, edf: int, ada: Browser, post: Post, work: Work
) -> None:
    (jeanne,) = contact_ids(app, edf)
    post.unknown = {"jeanne@edf.fr"}
    work("mails")
    change(app, Contact, jeanne, email="j.roy@edf.fr", email_key="j.roy@edf.fr")
    assert "L’adresse de ce contact est maintenant j.roy@edf.fr" in feed_of(open_tab(ada, edf))[0]
    press(ada, "#email-resend", the_email(app)["id"])
    assert notices(ada) == ["E-mail de nouveau à envoyer, à la nouvelle adresse j.roy@edf.fr : Votre projet."]
    work("mails")
    assert (post.readers, the_email(app)["recipients"]) == (["j.roy@edf.fr"], "j.roy@edf.fr")


@on_sqlite_only
def test_nobody_is_tried_again_who_is_not_to_be_written_to(app: Flask, edf: int, ada: Browser) -> None:
    (jeanne,) = contact_ids(app, edf)
    number = the_email(app)["id"]
    change(app, Email, number, state="failed", failure="Refusé", try_at=None)
    change(app, Contact, jeanne, is_active=False)
    press(open_tab(ada, edf), "#email-resend", number)
    assert "Ce contact est inactif" in notices(ada)[0]
    assert the_email(app)["state"] == "failed"


@on_sqlite_only
def test_a_failure_is_told_in_the_language_of_the_reader_and_the_history_names_the_mail(
    app: Flask, edf: int, ada: Browser, post: Post, work: Work
) -> None:
    post.answers = ["554 5.7.1 <b>spam</b>"]
    work("mails")
    ada.post("/account/language/", {"locale": "en", "url": "/"})
    for tab in ("activity", "history"):
        ada.get(f"/client/details/?id={edf}&tab={tab}")
        assert "The mail server refused this message." in ada.text
        assert "554 5.7.1 <b>spam</b>" in ada.text
        assert "a refusé" not in ada.text
    (added,) = (line for line in told(ada) if "added" in line and "Votre projet" in line)
    assert "Bonjour" not in added
