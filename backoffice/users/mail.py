"""Mail to one person: by the server of MAIL_URL, or printed on the console when there is none.

Who reads it answers to whoever wrote it. What goes wrong is logged without the address: logs hold no personal data.
"""

from __future__ import annotations

import logging
import smtplib
import socket
import ssl
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from threading import Timer
from typing import Any
from urllib.parse import unquote, urlsplit

from flask_babel import lazy_gettext as _

from config import Settings

log = logging.getLogger(__name__)

#: A mail server that does not answer must not hold a worker for long.
TIMEOUT_SECONDS = 10
#: Nor must one that says its answer letter by letter.
LONGEST_ANSWER_SECONDS = 30
#: On the way to these nobody else listens.
LOOPBACK = ("localhost", "127.0.0.1", "::1")
#: Answers of a server from here on are for good, those below for now.
_FOR_GOOD = 500
#: As much of the words of a server is kept.
_LONGEST_SAID = 180


@dataclass(frozen=True)
class Mail:
    """One mail, in plain text: the product's own, or what somebody (`sender`) writes through it."""

    to: str
    subject: str
    text: str
    to_name: str = ""
    sender: str = ""
    reply_to: str = ""
    message_id: str = ""


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed over. `tls` is "implicit" (smtps) or "starttls" (smtp, when offered)."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    tls: str = "starttls"


def server_of(settings: Settings) -> MailServer | None:
    """The server that takes our mail; None when mails are printed on the console."""
    if settings.mail_url == "console":
        return None
    url = urlsplit(settings.mail_url)
    implicit = url.scheme == "smtps"
    return MailServer(
        host=url.hostname or "",
        port=url.port or (465 if implicit else 587),
        user=unquote(url.username or ""),
        password=unquote(url.password or ""),
        tls="implicit" if implicit else "starttls",
    )


@dataclass(frozen=True)
class Outcome:
    """What became of a mail: it is gone, or why not, and whether it may go when it is tried again."""

    reason: Any = ""
    is_temporary: bool = False
    #: The words of the server, if it said any; what became of the mail is the same without them.
    said: str = field(default="", compare=False)

    @property
    def is_sent(self) -> bool:
        return not self.reason


SILENT = Outcome(_("Le serveur de messagerie ne répond pas."), is_temporary=True)
BUSY = Outcome(_("Le serveur de messagerie remet ce message à plus tard."), is_temporary=True)
UNKNOWN_END = Outcome(_("On ne sait pas si ce message est parti : vérifiez avant de réessayer."))
REFUSED = Outcome(_("Le serveur de messagerie a refusé ce message."))
NO_SUCH_READER = Outcome(_("Le serveur de messagerie refuse l’adresse du destinataire : vérifiez-la."))
NO_LOGIN = Outcome(
    _("Le serveur de messagerie refuse nos identifiants : prévenez un administrateur."), is_temporary=True
)
NO_ENCRYPTION = Outcome(
    _(
        "Le serveur de messagerie ne chiffre pas : nos identifiants ne lui sont pas donnés. Prévenez un administrateur."
    ),
    is_temporary=True,
)
IMPOSSIBLE = Outcome(_("Cette adresse ou cet objet ne peut pas être envoyé : corrigez-le."))


class _InTheClearError(Exception):
    """The server wants a password over the network, and offers no encryption: or somebody between has taken it away."""


class _UncertainError(Exception):
    """The server had the mail, and has not said whether it takes it."""


def send(mail: Mail, settings: Any) -> bool:
    """Hand a mail over; False (and a line in the log) when the server refused it or did not answer."""
    return deliver(mail, settings).is_sent


#: Told what became of each mail, when somebody counts them.
on_outcome: Callable[[Outcome], None] | None = None


def deliver(mail: Mail, settings: Any) -> Outcome:
    """Hand a mail over and say what became of it; what went wrong is a line in the log as well."""
    outcome = _deliver(mail, settings)
    if on_outcome is not None:
        on_outcome(outcome)
    return outcome


def _deliver(mail: Mail, settings: Any) -> Outcome:
    server = server_of(settings)
    try:
        message = _message(mail, settings)
        if server is None:
            _print(mail)
        else:
            _hand_over(message, server)
    except (OSError, smtplib.SMTPException, ValueError, _UncertainError, _InTheClearError) as error:
        log.error("mail not sent: %s", type(error).__name__)
        return _outcome(error)
    return Outcome()


def new_message_id(settings: Any) -> str:
    """What a mail is called, for good: the same when it is tried again."""
    return make_msgid(domain=_domain(settings))


def _print(mail: Mail) -> None:
    sys.stderr.write(f"\n--- e-mail ---\nÀ : {mail.to}\nObjet : {mail.subject}\n\n{mail.text}\n--- fin ---\n")
    sys.stderr.flush()


def _outcome(error: Exception) -> Outcome:
    if isinstance(error, _UncertainError):
        return UNKNOWN_END
    if isinstance(error, _InTheClearError):
        return NO_ENCRYPTION
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return NO_LOGIN
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        (code, said), *_others = error.recipients.values()
        return _in_words(BUSY if code < _FOR_GOOD else NO_SUCH_READER, code, said)
    if isinstance(error, smtplib.SMTPResponseException):
        outcome = BUSY if error.smtp_code < _FOR_GOOD else REFUSED
        return _in_words(outcome, error.smtp_code, error.smtp_error)
    if isinstance(error, ValueError | smtplib.SMTPNotSupportedError):
        return IMPOSSIBLE
    return SILENT


def _in_words(outcome: Outcome, code: int, said: bytes | str) -> Outcome:
    """The outcome with what the server said of it, on one line; nothing of what is no answer."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    line = "".join(letter if letter.isprintable() else " " for letter in f"{code} {text}")
    return replace(outcome, said=" ".join(line.split())[:_LONGEST_SAID]) if code > 0 else outcome


def _domain(settings: Any) -> str:
    return settings.public_url.partition("://")[2].partition(":")[0] or "localhost"


def _message(mail: Mail, settings: Any) -> EmailMessage:
    """The mail with its headers. Raises ValueError where one of them would be more than one line."""
    message = EmailMessage()
    message["From"] = _address(mail.sender or "Back office", settings.mail_from)
    message["To"] = _address(mail.to_name, mail.to)
    if mail.reply_to:
        message["Reply-To"] = _address(mail.sender, mail.reply_to)
    message["Subject"] = mail.subject
    message["Date"] = formatdate()
    message["Message-ID"] = mail.message_id or new_message_id(settings)
    if not mail.sender:
        message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    return message


def _address(name: str, address: str) -> Address:
    user, _at, domain = address.rpartition("@")
    return Address(name, user, domain)


class _Plain(smtplib.SMTP):
    """A connection that tells apart what failed before the server had the mail and what failed after."""

    is_given_up = False

    def data(self, msg: Any) -> Any:
        try:
            code, said = super().data(msg)
        except smtplib.SMTPDataError:  # it did not want to have it
            raise
        except (OSError, smtplib.SMTPException) as error:
            raise _UncertainError from error
        if not 200 <= code < 300 and not 400 <= code < 600:  # neither taken nor refused
            raise _UncertainError
        return (250, said) if code < 300 else (code, said)  # smtplib takes one alone for a yes

    def getreply(self) -> Any:
        """An answer that takes too long is none, however often another letter of it comes."""
        watch = Timer(LONGEST_ANSWER_SECONDS, self._hang_up)
        watch.daemon = True
        watch.start()
        try:
            answer = super().getreply()
        finally:
            watch.cancel()
        if self.is_given_up:  # what had come by then reads as if it were all
            raise smtplib.SMTPServerDisconnected
        return answer

    def _hang_up(self) -> None:
        self.is_given_up = True
        if self.sock is not None:
            with suppress(OSError):
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


class _Secure(_Plain, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte on."""


def _hand_over(message: EmailMessage, server: Any) -> None:
    context = ssl.create_default_context()
    if server.tls == "implicit":
        connection: smtplib.SMTP = _Secure(server.host, server.port, timeout=TIMEOUT_SECONDS, context=context)
    else:
        connection = _Plain(server.host, server.port, timeout=TIMEOUT_SECONDS)
    try:
        connection.ehlo_or_helo_if_needed()  # what the server offers is not known before
        if server.tls == "starttls" and connection.has_extn("starttls"):
            connection.starttls(context=context)
        elif server.tls == "starttls" and server.user and server.host not in LOOPBACK:
            raise _InTheClearError
        if server.user:
            connection.login(server.user, server.password)
        connection.send_message(message)
    finally:
        with suppress(OSError, smtplib.SMTPException):  # how it says goodbye is of no matter
            connection.quit()
        connection.close()
