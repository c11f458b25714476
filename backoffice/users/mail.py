"""Mail to one person: by the server of MAIL_URL, or printed on the console when there is none.

What goes wrong is logged without the address: logs hold no personal data.
"""

from __future__ import annotations

import logging
import smtplib
import ssl
import sys
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Any

log = logging.getLogger(__name__)

#: A mail server that does not answer must not hold a worker for long.
TIMEOUT_SECONDS = 10


@dataclass(frozen=True)
class Mail:
    """One mail, in plain text."""

    to: str
    subject: str
    text: str


def send(mail: Mail, settings: Any) -> bool:
    """Hand a mail over; False (and a line in the log) when the server refused it or did not answer."""
    message = _message(mail, settings)
    server = settings.mail_server
    if server is None:
        sys.stderr.write(
            f"\n--- e-mail ---\nÀ : {mail.to}\nObjet : {mail.subject}\n\n{mail.text}\n--- fin ---\n"
        )
        sys.stderr.flush()
        return True
    try:
        _hand_over(message, server)
    except (OSError, smtplib.SMTPException) as error:
        log.error("mail not sent: %s", type(error).__name__)
        return False
    return True


def _message(mail: Mail, settings: Any) -> EmailMessage:
    domain = settings.public_url.partition("://")[2].partition(":")[0] or "localhost"
    message = EmailMessage()
    message["From"] = f"Back office <no-reply@{domain}>"
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=domain)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    return message


def _hand_over(message: EmailMessage, server: Any) -> None:
    context = ssl.create_default_context()
    if server.tls == "implicit":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=TIMEOUT_SECONDS, context=context
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
    with connection:
        connection.ehlo_or_helo_if_needed()  # what the server offers is not known before
        if server.tls == "starttls" and connection.has_extn("starttls"):
            connection.starttls(context=context)
        if server.user:
            connection.login(server.user, server.password)
        connection.send_message(message)
