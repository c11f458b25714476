"""Messages as programs send them, sound and broken, made here."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import format_datetime
from io import BytesIO
from typing import Any

from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import stream_encode_multipart

from backoffice.core.db import now
from tests.activity.cast import open_tab
from tests.web import Browser

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
#: All that a message may try when it is opened.
EVIL = """<html><head><meta http-equiv="refresh" content="0;url=http://evil.example/r">
<link rel="stylesheet" href="http://evil.example/s.css"><base href="http://evil.example/">
<style>@import url(http://evil.example/i.css); p{background:url(http://evil.example/b.png)}</style></head>
<body onload="alert(1)"><script>alert(2)</script><p style="background:url(http://evil.example/c.png);color:red">Bonjour</p>
<img src="http://evil.example/pixel.gif" width="1" height="1"><img src="https://evil.example/photo.jpg" alt="Photo">
<img src="cid:logo@x" alt="Logo"><img src=x onerror=alert(3)><svg onload=alert(4)><image href="http://evil.example/svg"/></svg>
<form action="http://evil.example/f"><input name=a></form><iframe src="http://evil.example/"></iframe>
<a href="javascript:alert(5)">clic</a><a href="https://sain.example/">lien</a>
<video poster="http://evil.example/v"></video><object data="http://evil.example/o"></object></body></html>"""


def letter(
    text: str | None = "Bonjour,\n\nVoici notre réponse.\n\nJeanne", html: str = "", **heads: str
) -> EmailMessage:
    """A message of Jeanne's to the agency, written now unless `heads` say otherwise."""
    message = EmailMessage()
    known = {
        "From": "Jeanne Roy <Jeanne@EDF.fr>",
        "To": "agence@office.example",
        "Subject": "Réponse au devis",
        "Date": format_datetime(now()),
        "Message-ID": "<1@edf.fr>",
    }
    for name, value in {**known, **{name.replace("_", "-"): value for name, value in heads.items()}}.items():
        if value:
            message[name] = value
    if text is not None:
        message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message


def full() -> EmailMessage:
    """Text, hostile HTML with an image of its own, two files and a message within."""
    message = letter("En texte", EVIL)
    bodies: Any = message.get_payload()
    bodies[1].add_related(PNG, "image", "png", cid="<logo@x>")
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="../../été/devis.pdf")
    message.add_attachment("a;b", filename="page.html", subtype="html")
    message.add_attachment(letter("Dedans", Subject="Ancien : message"))
    return message


def drop(
    browser: Browser, client: int, raw: bytes, name: str = "message.eml", card: str = "client"
) -> Browser:
    """Drop a file on the tab of a card."""
    open_tab(browser, client) if card == "client" else browser.get(
        f"/{card}/details/?id={client}&tab=activity"
    )
    form = browser.form("#log-email")
    # Made here: the test client would put a large body into a file of its own, and leave it open.
    fields = {"csrf_token": browser.csrf_token, "file": FileStorage(BytesIO(raw), name)}
    body, length, boundary = stream_encode_multipart(fields, use_tempfile=False)
    kind = f'multipart/form-data; boundary="{boundary}"'
    browser._show("POST", str(form["action"]), input_stream=body, content_length=length, content_type=kind)
    return browser


def folder(app: Flask) -> Any:
    """Where messages are kept."""
    return app.extensions["settings"].data_dir / "mails"
