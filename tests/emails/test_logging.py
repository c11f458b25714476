"""Messages dropped on the activity of a client: kept once, with who is meant, and shown without harm."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from backoffice.core.db import now
from backoffice.emails import eml, keeping, messages
from backoffice.emails.models import Email
from tests.activity.cast import feed_of, open_tab
from tests.clients.cast import add_client, browser_of, change, contact_ids, notices, row, rows
from tests.conftest import Work, on_sqlite_only
from tests.emails.cast import the_email, write
from tests.emails.letters import drop, folder, full, letter
from tests.smtp import Post
from tests.web import Browser


def files(app: Flask) -> set[str]:
    return {path.name for path in folder(app).rglob("*") if path.is_file()}


def test_a_dropped_message_stands_in_the_feed_with_its_contact_and_the_undo_takes_it_back(
    app: Flask, edf: int
) -> None:
    browser = drop(browser_of(app, "support", "Samira Haddad"), edf, letter().as_bytes())

    assert notices(browser)[0].startswith("E-mail classé, avec Jeanne Roy.")
    (entry,) = feed_of(browser)
    for words in ("E-mail : Réponse au devis", "Samira Haddad", "avec Jeanne Roy", "Voici notre réponse."):
        assert words in entry
    assert "Jeanne Roy <Jeanne@EDF.fr> → agence@office.example" in entry
    stored = the_email(app)
    assert (stored["state"], stored["contact_id"]) == ("logged", contact_ids(app, edf)[0])
    assert stored["raw_name"] in files(app)

    browser.submit(".notice form")
    assert row(app, Email, stored["id"])["removed_at"] is not None
    assert browser.get(f"/email/message/?id={stored['id']}") is not None
    assert browser.status == 404


def test_the_same_message_is_kept_once_and_again_after_the_undo(app: Flask, edf: int) -> None:
    browser = browser_of(app)
    before = files(app)
    drop(browser, edf, letter().as_bytes())
    drop(browser, edf, letter().as_bytes())

    assert notices(browser)[0].startswith("Cet e-mail est déjà dans l’activité de ce client")
    link = browser.page.select_one(".notice a")
    assert link is not None
    assert link["href"] == f"/email/message/?id={the_email(app)['id']}"
    assert len(files(app) - before) == 1
    without_id = letter(Message_ID="").as_bytes()
    for _time in range(2):
        drop(browser, edf, without_id)
    assert len(rows(app, Email)) == 2


@on_sqlite_only
def test_another_message_under_the_same_id_is_kept_and_the_same_that_came_another_way_is_not(
    app: Flask, edf: int
) -> None:
    browser = drop(browser_of(app), edf, letter().as_bytes())
    drop(browser, edf, b"Received: by mx.example\r\n" + letter().as_bytes().replace(b"\n", b"\r\n"))
    assert notices(browser)[0].startswith("Cet e-mail est déjà")
    for other in (letter("Un autre texte"), letter(Subject="Autre"), letter(html="<p>Autre</p>")):
        drop(browser, edf, other.as_bytes())
        assert notices(browser)[0].startswith("E-mail classé")
    assert len(rows(app, Email)) == 4


@on_sqlite_only
def test_a_mail_that_was_sent_from_here_is_known_when_its_copy_is_dropped(
    app: Flask, edf: int, post: Post, work: Work
) -> None:
    browser = write(browser_of(app), edf, contact_ids(app, edf)[0])
    work("mails")
    drop(browser, edf, post.mails[0].as_bytes())
    assert notices(browser)[0].startswith("Cet e-mail est déjà")
    drop(browser, edf, letter(Message_ID=the_email(app)["message_id"]).as_bytes())
    assert len(rows(app, Email)) == 2


@on_sqlite_only
def test_no_file_is_left_of_what_could_not_be_kept(
    app: Flask, edf: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files(app)

    def fails(*_given: object) -> str:
        raise LookupError

    monkeypatch.setattr(messages, "_said", fails)
    assert drop(browser_of(app), edf, letter().as_bytes()).status == 500
    assert (files(app), rows(app, Email)) == (before, [])


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("ines@total.fr", "l’adresse ines@total.fr est celle d’un contact de Total."),
        ("personne@ailleurs.fr", "EDF n’en a aucun à ces adresses."),
    ],
)
@on_sqlite_only
def test_nobody_of_this_client_is_guessed(app: Flask, edf: int, who: str, sentence: str) -> None:
    add_client(app, "Total", "ines@total.fr")
    browser = drop(browser_of(app), edf, letter(From=who).as_bytes())

    assert "E-mail classé sans contact" in notices(browser)[0]
    assert sentence in notices(browser)[0]
    assert the_email(app)["contact_id"] is None


@on_sqlite_only
def test_a_message_to_nobody_points_at_nobody(app: Flask, edf: int) -> None:
    browser = drop(browser_of(app), edf, letter(To="").as_bytes())
    assert "→" not in feed_of(browser)[0]


@on_sqlite_only
def test_on_the_card_of_a_contact_it_is_theirs(app: Flask, edf: int) -> None:
    (jeanne,) = contact_ids(app, edf)
    browser = drop(browser_of(app), jeanne, letter(From="x@y.fr").as_bytes(), card="contact")

    assert len(feed_of(browser)) == 1
    assert the_email(app)["contact_id"] == jeanne


def test_a_message_stands_where_it_was_sent_unless_its_clock_was_wrong() -> None:
    at = datetime(2026, 11, 24, 12, tzinfo=UTC)
    last_week = at - timedelta(days=7)

    assert keeping.told_at(last_week, at) == last_week
    for wrong in (None, datetime(1970, 1, 1, tzinfo=UTC), at + timedelta(days=1), at + timedelta(minutes=1)):
        assert keeping.told_at(wrong, at) == at


@on_sqlite_only
def test_an_old_message_is_shown_in_its_place_below_what_is_newer(app: Flask, edf: int) -> None:
    browser = drop(browser_of(app), edf, letter().as_bytes())
    drop(
        browser,
        edf,
        letter(Message_ID="<0@edf.fr>", Subject="Ancien", Date="Tue, 03 Nov 2026 10:00:00 +0100").as_bytes(),
    )

    assert "Ancien" in feed_of(browser)[0]
    assert [("Ancien" in entry) for entry in feed_of(open_tab(browser, edf))] == [False, True]


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", eml.EMPTY),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", eml.OUTLOOK),
        (b"%PDF-1.4 \0", eml.NO_MAIL),
        (letter().as_bytes() + b"x" * eml.MOST_BYTES, eml.TOO_LARGE),
    ],
    ids=("empty", "outlook", "pdf", "large"),
)
@on_sqlite_only
def test_what_cannot_be_kept_has_its_sentence_beside_the_field(
    app: Flask, edf: int, raw: bytes, sentence: object
) -> None:
    before = files(app)
    browser = drop(browser_of(app), edf, raw)

    assert browser.status == 200
    assert str(sentence) in browser.error_of("file")
    assert rows(app, Email) == []
    assert files(app) == before


@on_sqlite_only
def test_twenty_megabytes_are_taken_here_and_nowhere_else(app: Flask, edf: int) -> None:
    message = letter()
    message.add_attachment(b"x" * 15_000_000, maintype="application", subtype="zip", filename="a.zip")
    raw = message.as_bytes()
    assert len(raw) > 20_000_000
    browser = drop(browser_of(app), edf, raw)

    assert the_email(app)["attachments"] == [{"name": "a.zip", "type": "application/zip", "size": 15_000_000}]
    browser.post(f"/note/new/?client={edf}", {"body": raw.decode()})
    assert browser.status == 413


def test_a_message_shows_its_text_its_files_and_its_html_in_a_frame_that_may_do_nothing(
    app: Flask, edf: int
) -> None:
    drop(browser_of(app), edf, full().as_bytes())
    number = the_email(app)["id"]
    reader = browser_of(app, "lecture")
    reader.get(f"/email/message/?id={number}")

    for words in ("Réponse au devis", "En texte", "agence@office.example", "devis.pdf", "8 octets"):
        assert words in reader.text
    frame = reader.page.select_one("iframe")
    assert frame is not None
    assert "allow-scripts" not in frame["sandbox"]
    assert "frame-src 'self'" in reader.response.headers["Content-Security-Policy"]
    assert len(reader.response.data) < 60_000

    reader.get(str(frame["src"]))
    policy = reader.response.headers["Content-Security-Policy"]
    for words in ("default-src 'none'", "img-src data:", "sandbox", "frame-ancestors 'self'"):
        assert words in policy
    assert "script-src" not in policy
    assert reader.response.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "evil" not in str(reader.page)


def test_files_are_downloads_whatever_they_are(app: Flask, edf: int) -> None:
    raw = full().as_bytes()
    browser = drop(browser_of(app), edf, raw)
    number = the_email(app)["id"]
    browser.get(f"/email/attachment/?id={number}&n=2")

    assert browser.response.data.strip() == b"a;b"
    assert browser.response.mimetype == "application/octet-stream"
    assert browser.response.headers["Content-Disposition"] == "attachment; filename=page.html"
    assert browser.response.headers["X-Content-Type-Options"] == "nosniff"
    browser.get(f"/email/raw/?id={number}")
    assert browser.response.data == raw
    for wrong in (f"id={number}&n=4", f"id={number}&n=0", f"id={number}", "id=999&n=1", "id=../x&n=1"):
        browser.get(f"/email/attachment/?{wrong}")
        assert browser.status == 404


@on_sqlite_only
def test_a_message_whose_file_is_lost_still_shows_its_text(app: Flask, edf: int) -> None:
    browser = drop(browser_of(app), edf, full().as_bytes())
    (path,) = folder(app).rglob(the_email(app)["raw_name"])
    path.unlink()
    browser.get(f"/email/message/?id={the_email(app)['id']}")

    assert "En texte" in browser.text
    assert "n’est plus dans le dossier de données" in browser.text
    assert browser.page.select_one("iframe, a[download]") is None


@on_sqlite_only
def test_the_file_of_a_message_goes_when_the_trash_is_emptied(app: Flask, edf: int, work: Work) -> None:
    before = files(app)
    browser = drop(browser_of(app), edf, letter().as_bytes())
    browser.submit(".notice form")
    work("trash")
    assert len(files(app) - before) == 1
    change(app, Email, the_email(app)["id"], removed_at=now() - timedelta(days=31))
    work("trash")
    assert rows(app, Email) == []
    assert files(app) == before


def test_who_reads_may_not_keep_and_who_is_nobody_sees_nothing(app: Flask, edf: int) -> None:
    drop(browser_of(app, "support"), edf, letter().as_bytes())
    reader = open_tab(browser_of(app, "lecture"), edf)
    assert reader.page.select_one("#log-email") is None
    assert "Afficher le message" in reader.text
    reader.post(f"/email/log/?client={edf}", {"file": "x"})
    assert reader.status == 403

    visitor = Browser(app)
    visitor.get(f"/email/html/?id={the_email(app)['id']}")
    assert visitor.path.startswith("/login")


@on_sqlite_only
def test_the_page_of_the_field_needs_no_script(app: Flask, edf: int) -> None:
    browser = browser_of(app)
    browser.get(f"/email/log/?client={edf}")
    browser.submit("#log-email")
    assert "Choisissez un fichier .eml" in browser.error_of("file")
    browser.get("/email/log/")
    assert browser.status == 404
