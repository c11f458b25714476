"""Mails are handed to a real SMTP server, or printed; what goes wrong names nobody in the log."""

from __future__ import annotations

import base64
import logging
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from email import message_from_bytes, policy
from typing import Any

import pytest

from backoffice.users import mail
from backoffice.users.mail import Mail, deliver, send
from config import Settings, SettingsError, load_settings

LETTER = Mail(
    "élodie@exemple.fr", "Votre mot de passe", "Bonjour Élodie,\n\nVoici : https://exemple.fr/reset/x"
)


class _Session(socketserver.StreamRequestHandler):
    """As much SMTP as a mail needs."""

    def handle(self) -> None:
        server: Any = self.server
        self._say("220 test")
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            server.heard.append(line)
            if verb == "EHLO":
                self._say(f"250-test\r\n250-SMTPUTF8\r\n{server.offers}250 AUTH PLAIN")
            elif verb == "STARTTLS":
                self._say("454 not now")
            elif verb == "RCPT" and server.refuses:
                self._say("550 unknown")
            elif verb == "AUTH":
                self._say("235 ok")
            elif verb == "DATA":
                self._say("354 go on")
                server.mails.append(self._read_mail())
                if server.hangs_up:
                    return
                with suppress(OSError):
                    for letter in server.answer:
                        self.wfile.write(letter.encode())
                        time.sleep(server.slowly)
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def _read_mail(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        return b"".join(lines)


@pytest.fixture
def server() -> Iterator[Any]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Session) as made:
        found: Any = made
        found.mails, found.heard, found.refuses, found.offers = [], [], False, ""
        found.hangs_up, found.answer, found.slowly = False, "250 ok\r\n", 0.0
        found.daemon_threads = True
        thread = threading.Thread(target=made.serve_forever)
        thread.start()
        yield found
        made.shutdown()
        thread.join()


def _settings(tmp_path: Any, url: str) -> Settings:
    environ = {
        "BACKOFFICE_DATA_DIR": str(tmp_path),
        "BACKOFFICE_MAIL_URL": url,
        "BACKOFFICE_PUBLIC_URL": "https://clients.exemple.fr",
    }
    return load_settings(environ)


def test_a_mail_arrives_whole_at_the_server(server: Any, tmp_path: Any) -> None:
    settings = _settings(tmp_path, f"smtp://moi:se%40cret@127.0.0.1:{server.server_address[1]}")
    assert send(LETTER, settings)
    arrived = message_from_bytes(server.mails[0], policy=policy.default)
    assert arrived["To"] == "élodie@exemple.fr"
    assert arrived["From"] == "Back office <no-reply@clients.exemple.fr>"
    assert arrived["Subject"] == "Votre mot de passe"
    assert arrived.get_content().replace("\r\n", "\n").strip() == LETTER.text
    credentials = base64.b64encode(b"\0moi\0se@cret").decode()
    assert f"AUTH PLAIN {credentials}" in server.heard


def test_a_server_that_refuses_or_is_gone_is_logged_without_the_address(
    server: Any, tmp_path: Any, caplog: pytest.LogCaptureFixture
) -> None:
    server.refuses = True
    with caplog.at_level(logging.INFO):
        assert not send(LETTER, _settings(tmp_path, f"smtp://127.0.0.1:{server.server_address[1]}"))
        assert not send(LETTER, _settings(tmp_path, "smtp://127.0.0.1:9"))
    assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR"]
    assert "exemple.fr" not in caplog.text
    assert server.mails == []


def test_what_became_of_a_mail_is_said_and_whether_another_try_makes_sense(
    server: Any, tmp_path: Any
) -> None:
    settings = _settings(tmp_path, f"smtp://127.0.0.1:{server.server_address[1]}")
    assert deliver(LETTER, settings).is_sent
    server.refuses = True
    assert deliver(LETTER, settings) == mail.NO_SUCH_READER
    assert deliver(LETTER, _settings(tmp_path, "smtp://127.0.0.1:9")) == mail.SILENT
    server.refuses, server.hangs_up = False, True  # it has the mail, and does not say whether it takes it
    assert deliver(LETTER, settings) == mail.UNKNOWN_END


@pytest.mark.parametrize(
    ("answer", "outcome", "said"),
    [
        ("251 taken on\r\n", mail.Outcome(), ""),
        ("451 4.7.1 greylisted\r\n", mail.BUSY, "451 4.7.1 greylisted"),
        ("554-no\x07\r\n554 spam\r\n", mail.REFUSED, "554 no spam"),
        ("hello there\r\n", mail.UNKNOWN_END, ""),  # it has the mail: another try might be a second one
        ("x" * 9000 + "\r\n", mail.UNKNOWN_END, ""),
        ("354 go on\r\n", mail.UNKNOWN_END, ""),
    ],
)
def test_what_a_server_says_last_is_understood_and_its_reason_kept(
    server: Any, tmp_path: Any, answer: str, outcome: mail.Outcome, said: str
) -> None:
    server.answer = answer
    found = deliver(LETTER, _settings(tmp_path, f"smtp://127.0.0.1:{server.server_address[1]}"))
    assert (found, found.said) == (outcome, said)


def test_a_server_that_answers_letter_by_letter_holds_nobody(
    server: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "LONGEST_ANSWER_SECONDS", 0.2)
    server.answer, server.slowly = "2" * 40, 0.05
    started = time.monotonic()
    assert deliver(LETTER, _settings(tmp_path, f"smtp://127.0.0.1:{server.server_address[1]}")) == (
        mail.UNKNOWN_END
    )
    assert time.monotonic() - started < 1


def test_a_mail_comes_from_the_address_of_the_settings(server: Any, tmp_path: Any) -> None:
    environ = {
        "BACKOFFICE_DATA_DIR": str(tmp_path),
        "BACKOFFICE_MAIL_URL": f"smtp://127.0.0.1:{server.server_address[1]}",
        "BACKOFFICE_MAIL_FROM": "clients@agence.fr",
    }
    assert send(Mail("a@x.fr", "Objet", "Texte", sender="Roy, Ada"), load_settings(environ))
    arrived = message_from_bytes(server.mails[0], policy=policy.default)
    assert arrived["From"] == '"Roy, Ada" <clients@agence.fr>'
    with pytest.raises(SettingsError, match="adresse e-mail"):
        load_settings({**environ, "BACKOFFICE_MAIL_FROM": "Agence <clients@agence.fr>"})


def test_without_a_server_the_mail_is_printed_on_the_console(
    tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert send(LETTER, _settings(tmp_path, "console"))
    printed = capsys.readouterr()
    assert printed.out == ""
    assert LETTER.text in printed.err


def test_neither_password_nor_mail_goes_in_the_clear_to_a_server_that_offers_to_encrypt(
    server: Any, tmp_path: Any
) -> None:
    server.offers = "250-STARTTLS\r\n"
    settings = _settings(tmp_path, f"smtp://moi:se%40cret@127.0.0.1:{server.server_address[1]}")
    assert not send(LETTER, settings)  # this one does not keep its offer
    assert [line.split()[0] for line in server.heard][:2] == ["ehlo", "STARTTLS"]
    assert not any(line.startswith(("AUTH", "mail", "data")) for line in server.heard)


def test_a_password_is_not_given_in_the_clear_to_a_server_on_the_network(
    server: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = _settings(tmp_path, f"smtp://moi:se%40cret@127.0.0.1:{server.server_address[1]}")
    monkeypatch.setattr(mail, "LOOPBACK", ())
    assert mail.deliver(LETTER, settings) == mail.NO_ENCRYPTION
    assert not any(line.startswith(("AUTH", "mail", "data")) for line in server.heard)


@pytest.mark.parametrize("to", ["a@exemple.fr\nBcc: tous@exemple.fr", "a@exemple.fr\r\n\r\nspam"])
def test_an_address_cannot_add_headers(server: Any, tmp_path: Any, to: str) -> None:
    settings = _settings(tmp_path, f"smtp://127.0.0.1:{server.server_address[1]}")
    assert not send(Mail(to, "Objet", "Texte"), settings)
    assert server.mails == []
