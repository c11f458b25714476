"""Files as people drop them end in a letter that can be stored, or in a sentence that says what to do."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import pytest

from backoffice.core.problems import Problem
from backoffice.emails import eml
from tests.emails.letters import PNG, full, letter


def read(raw: bytes) -> eml.Letter:
    found = eml.read(raw)
    assert isinstance(found, eml.Letter), found
    return found


def test_a_letter_says_who_wrote_what_to_whom_and_when() -> None:
    found = read(
        letter(
            Cc="Zoé <zoe@edf.fr>", Date="Tue, 03 Nov 2026 10:00:00 +0100", Reply_To="autre@edf.fr"
        ).as_bytes()
    )

    assert (found.subject, found.sender) == ("Réponse au devis", "Jeanne Roy <Jeanne@EDF.fr>")
    assert found.recipients == "agence@office.example, Zoé <zoe@edf.fr>"
    assert found.addresses == ("jeanne@edf.fr", "autre@edf.fr", "agence@office.example", "zoe@edf.fr")
    assert found.mailed_at == datetime(2026, 11, 3, 9, tzinfo=UTC)
    assert (found.message_id, found.text) == ("<1@edf.fr>", "Bonjour,\n\nVoici notre réponse.\n\nJeanne")


def test_parts_within_parts_give_text_html_its_images_and_files_with_harmless_names() -> None:
    found = read(full().as_bytes())

    assert found.text == "En texte"
    assert "evil.example" in found.html
    assert [(file.name, file.type) for file in found.attachments] == [
        ("devis.pdf", "application/pdf"),
        ("page.html", "text/html"),
        ("Ancien _ message.eml", "message/rfc822"),
    ]
    assert b"Dedans" in found.attachments[2].content
    assert list(found.pictures) == ["logo@x"]
    assert found.pictures["logo@x"].startswith("data:image/png;base64,")


HEAD = b"From: a@b.fr\nSubject: x\n"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (HEAD + b"Content-Type: text/plain; charset=iso-8859-1\n\n\xe9t\xe9", "été"),
        (HEAD + b"Content-Type: text/plain; charset=utf-8\n\n\xe9t\xe9", "été"),
        (HEAD + b"Content-Type: text/plain; charset=us-ascii\n\n\xc3\xa9t\xc3\xa9", "été"),
        (HEAD + b"Content-Type: text/plain; charset=iso-8859-1\n\n\xc3\xa9t\xc3\xa9", "été"),
        (HEAD + b"Content-Type: text/plain; charset=windows-1252\n\n5 \x80", "5 €"),
        (HEAD + b"Content-Type: text/plain; charset=unknown-8bit\n\n\xe9t\xe9", "été"),
        (HEAD + b"Content-Type: text/plain; charset=zlib\n\nx", "x"),
        (HEAD + b"Content-Transfer-Encoding: base64\n\n!!!not base64", None),
        (HEAD + b"Content-Transfer-Encoding: nonsense\n\nx", "x"),
        (HEAD + b"Content-Type: multipart/mixed; boundary=a\n\n--a\n\nfin perdue", "fin perdue"),
        (HEAD + b"Content-Type: multipart/mixed\n\nsans limite", "sans limite"),
        (
            HEAD + b"Content-Type: text/html\n\n<p>Un<br>deux</p><script>x</script><p>trois",
            "Un\ndeux\n\ntrois",
        ),
        (HEAD + b"Content-Type: text/html\n\n<p>un\0deux", "undeux"),
        (HEAD + b"\nun\0deux\x07", "undeux"),
        (b"\xef\xbb\xbf\r\nSubject: x\r\n\r\nligne\r\n", "ligne"),
        (b"From moi Tue Nov  3\nSubject: x\n\nmbox", "mbox"),
        (HEAD + b"\n", ""),
        (HEAD + b"Content-Type: text/plain; charset=idna\n\n\xe9t\xe9", "été"),
        (HEAD + b'Content-Type: text/plain; charset="a\0b"\n\n\xe9t\xe9', "été"),
    ],
)
def test_a_text_is_read_whatever_it_says_it_is(raw: bytes, text: str | None) -> None:
    found = read(raw)
    assert text is None or found.text == text


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        (b"Subject: =?utf-8?q?=C3=A9t=C3=A9?= =?iso-8859-1?q?_=E9?=", "été é"),
        (b"Subject: \xe9t\xe9", "été"),
        (b"Subject: \xc3\xa9t\xc3\xa9", "été"),
        (b"Subject: =?nonsense?q?a?=", "a"),
        (b"Subject: =?utf-8?b?###?=", None),
        (b"Subject: un\n deux\0", "un deux"),
        (b"Subject: =?utf-8?b?7aCA?=", None),
    ],
)
def test_a_subject_is_one_line_that_can_be_stored(raw: bytes, subject: str | None) -> None:
    found = read(b"From: a@b.fr\n" + raw + b"\n\nx").subject
    assert subject is None or found == subject
    found.encode()
    assert "\n" not in found


@pytest.mark.parametrize(
    "heads",
    [
        b'From: "a" <<>>, @, ;:\nDate: hier',
        b"From: =?utf-8?q?Roy,_Jeanne?= <jeanne@edf.fr>\nDate: Tue, 99 Nov 99999 10:00:00 +9999",
        b"From:\nTo: undisclosed-recipients:;\nDate: ",
        b"Subject: x\nDate: Tue, 31 Dec 9999 23:59:59 -2359",
        b"Subject: x\nContent-Type: ;;;=\nContent-Disposition: attachment; filename*=x'y'%ZZ",
        b"Subject: x\nContent-Type: text/plain; charset*0*=nope''a; name*1=b",
        b"Subject: x\nMessage-ID: " + b"a" * 5000,
        b"Subject: x\nContent-Type: message/rfc822\n\nSubject: y\nDate: a\x1db: c",
    ],
)
def test_broken_heads_are_no_failure(heads: bytes) -> None:
    found = read(heads + b"\n\nx")
    assert len(found.message_id) <= 400


def test_a_name_with_a_comma_is_one_person() -> None:
    found = read(b"From: =?utf-8?q?Roy,_Jeanne?= <jeanne@edf.fr>\n\nx")
    assert found.sender == "Roy, Jeanne <jeanne@edf.fr>"
    assert found.addresses == ("jeanne@edf.fr",)


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", eml.EMPTY),
        (b" \r\n", eml.EMPTY),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, eml.OUTLOOK),
        (PNG, eml.NO_MAIL),
        (b"Bonjour, ceci est une note.", eml.NO_MAIL),
        (bytes(range(256)) * 10, eml.NO_MAIL),
        (HEAD + b"\n" + b"x" * eml.MOST_BYTES, eml.TOO_LARGE),
        (HEAD + b"\n" * 1_100_000, eml.TOO_MUCH),
        (HEAD + b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a\n\nx\n" * 300, eml.TOO_MUCH),
        (
            HEAD
            + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(90)),
            eml.TOO_MUCH,
        ),
    ],
    ids=range(10),
)
def test_what_is_no_message_ends_in_its_sentence(raw: bytes, sentence: Any) -> None:
    found = eml.read(raw)
    assert isinstance(found, Problem)
    assert found.message == sentence


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("C:\\temp\\devis.pdf", "devis.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..", "piece-jointe-1"),
        ("\u202efdp.exe", "fdp.exe"),
        ('a"\r\nX: y<z>.pdf', "a_X_ y_z_.pdf"),
        ("é" * 300 + ".pdf", "é" * 108 + ".pdf"),
    ],
)
def test_names_of_files_lead_nowhere(typed: str, name: str) -> None:
    assert eml.safe_name(typed, 1) == name


def test_twenty_megabytes_are_read_in_a_few_seconds() -> None:
    message = letter()
    message.add_attachment(b"x" * 14_000_000, maintype="application", subtype="zip", filename="a.zip")
    started = time.monotonic()
    found = read(message.as_bytes())
    assert len(found.attachments[0].content) == 14_000_000
    assert len(read(HEAD + b"\n" + b"QUFB" * 5_000_000).text) == 20_001
    assert time.monotonic() - started < 10
