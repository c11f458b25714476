"""A message as it was sent (an `.eml` file), read whatever its programs have got wrong.

Nothing of it is trusted: what it may hold is bounded before it is taken apart, its texts come out as text that can be
stored, and the names of its files as names that no program can mistake for a place.
"""

from __future__ import annotations

import base64
import codecs
import email
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from hashlib import sha256
from typing import Any

from flask_babel import lazy_gettext as _

from backoffice.core.problems import Problem
from backoffice.emails import markup

MOST_BYTES = 25 * 1024 * 1024
#: More than a message of that size needs; what is dearer to take apart than to send is refused before.
_MOST_LINES, _MOST_BOUNDARIES, _MOST_PARTS, _DEEPEST = 1_000_000, 100, 200, 30
_MOST_HEADER = 20_000
_LONGEST_TEXT = 20_000
_MOST_PICTURES, _MOST_ADDRESSES = 4_000_000, 100
_LONGEST_NAME = 120
_LONGEST_ID = 400

EMPTY = _("Ce fichier est vide : choisissez un message enregistré au format .eml.")
OUTLOOK = _(
    "Ce fichier est au format .msg d’Outlook : enregistrez le message au format .eml, puis déposez-le."
)
NO_MAIL = _("Ce fichier n’est pas un e-mail : enregistrez le message au format .eml, puis déposez-le.")
TOO_MUCH = _("Ce message a trop de parties pour être lu : enregistrez-le sans ses pièces jointes.")
TOO_LARGE = _("Ce fichier pèse plus de 25 Mo : enregistrez le message sans ses pièces jointes.")

_OUTLOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TELLING = ("from", "to", "subject", "date", "message-id", "received")
_NOT_FOR_TEXT = frozenset(("idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"))
_LATIN = frozenset(("iso8859-1", "latin-1", "ascii"))
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*")
_PICTURES = frozenset(("image/png", "image/jpeg", "image/gif", "image/webp"))
#: A name in encoded words, which may hold a comma that it should not.
_ENCODED = re.compile(r"=\?[^?\s]*\?[bq]\?[^?]*\?=(?:\s+=\?[^?\s]*\?[bq]\?[^?]*\?=)*", re.IGNORECASE)
_UNFIT_IN_NAMES = re.compile(r'[<>:"|?*;%\\/]')


@dataclass(frozen=True)
class Attachment:
    """A file that came with a message."""

    name: str
    type: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    """What a message says."""

    subject: str
    sender: str
    recipients: str
    #: Every address it names, who wrote it first.
    addresses: tuple[str, ...]
    mailed_at: datetime | None
    message_id: str
    text: str
    html: str
    attachments: tuple[Attachment, ...]
    #: The images that its HTML shows, by their ids, as `data:` addresses.
    pictures: dict[str, str]


def read(raw: bytes) -> Letter | Problem:
    """The message in these bytes, or why there is none."""
    refusal = _refusal(raw)
    if refusal is not None:
        return refusal
    try:
        message = email.message_from_bytes(raw.lstrip(b"\xef\xbb\xbf \t\r\n"), policy=policy.compat32)
        if not any(name in message for name in _TELLING):
            return _problem(NO_MAIL, "eml_unknown")
        return _letter(message, raw)
    except (RecursionError, OverflowError):
        return _problem(TOO_MUCH, "eml_complex")


def _refusal(raw: bytes) -> Problem | None:
    if not raw.strip():
        return _problem(EMPTY, "eml_empty")
    if raw.startswith(_OUTLOOK):
        return _problem(OUTLOOK, "eml_outlook")
    if len(raw) > MOST_BYTES:
        return _problem(TOO_LARGE, "eml_large")
    is_much = raw.count(b"\n") > _MOST_LINES or raw.lower().count(b"boundary=") > _MOST_BOUNDARIES
    return _problem(TOO_MUCH, "eml_complex") if is_much else None


def _problem(sentence: Any, code: str) -> Problem:
    return Problem("file", sentence, code=code)


def _letter(message: Message, raw: bytes) -> Letter:
    texts: list[str] = []
    htmls: list[str] = []
    attachments: list[tuple[str, Attachment]] = []
    pictures: dict[str, tuple[str, bytes]] = {}
    for part in _leaves(message):
        kind, content = _type_of(part), _content_of(part)
        name = _name_of(part)
        is_file = bool(name) or part.get_content_disposition() == "attachment"
        if kind in ("text/plain", "text/html") and not is_file:
            (texts if kind == "text/plain" else htmls).append(_decoded(content, part.get_param("charset")))
            continue
        id_ = _header(part, "content-id").strip("<> ")
        if id_ and kind in _PICTURES:
            pictures[id_] = (kind, content)
        attachments.append((id_, Attachment(safe_name(name, len(attachments) + 1), kind, content)))
    html = "\n".join(htmls)
    text = _beginning("\n\n".join(filter(None, texts))) or _beginning(markup.to_text(html))
    return Letter(
        subject=_header(message, "subject"),
        sender=_written(message, "from")[:320],
        recipients=", ".join(filter(None, (_written(message, "to"), _written(message, "cc"))))[:2000],
        addresses=tuple(_addresses(message)),
        mailed_at=_date_of(message),
        message_id=_id_of(message, raw),
        text=text,
        html=html,
        attachments=tuple(file for id_, file in attachments if not (id_ and f"cid:{id_}" in html)),
        pictures=_shown(pictures),
    )


def _leaves(message: Message) -> Iterator[Message]:
    """The parts that are no bundles; a message within the message is one, and not looked into."""
    waiting, seen = [(message, 0)], 0
    while waiting:
        part, depth = waiting.pop()
        seen += 1
        if seen > _MOST_PARTS or depth > _DEEPEST:
            raise OverflowError
        children = part.get_payload() if part.get_content_maintype() == "multipart" else None
        if isinstance(children, list):
            waiting += [(child, depth + 1) for child in reversed(children) if isinstance(child, Message)]
        else:
            yield part


def _type_of(part: Message) -> str:
    kind = part.get_content_type().lower()
    if kind.startswith("multipart/"):  # a bundle that says nowhere where its parts begin
        return "text/plain"
    return kind if _TYPE.fullmatch(kind) and len(kind) < 100 else "application/octet-stream"


def _content_of(part: Message) -> bytes:
    try:
        if part.is_multipart():
            children: Any = part.get_payload()
            return b"\n".join(child.as_bytes() for child in children)
        found: Any = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError, AttributeError, email.errors.MessageError):
        return b""
    return bytes(found or b"")


def _name_of(part: Message) -> str:
    try:
        name = part.get_filename() or ""
    except (ValueError, LookupError, TypeError, AttributeError):
        name = ""
    if not name and part.get_content_maintype() == "message" and isinstance(part.get_payload(), list):
        inner: Any = part.get_payload()
        name = f"{_header(inner[0], 'subject') or 'message'}.eml" if inner else ""
    return _words(name)


# ------------------------------------------------------------------------------------------------ headers


def _header(message: Message, name: str) -> str:
    """One line of the head as one reads it; "" when it is not there."""
    raw = next((value for key, value in message.raw_items() if key.lower() == name), "")
    return _words(str(raw)[:_MOST_HEADER])


def _words(raw: str) -> str:
    """Decoded (RFC 2047), where that can be done; on one line, with nothing that cannot be stored."""
    text = _repaired(raw)
    try:
        parts = decode_header(text) if "=?" in text else [(text, None)]
        text = "".join(p if isinstance(p, str) else _decoded(p, charset) for p, charset in parts)
    except (ValueError, LookupError, email.errors.MessageError):
        pass
    return " ".join(clean(text).split())


def _repaired(raw: str) -> str:
    """What stands in a head as bytes, which it should not, as letters."""
    try:
        return _decoded(raw.encode("ascii", "surrogateescape"), None)
    except UnicodeEncodeError:
        return raw


def _written(message: Message, name: str) -> str:
    """Those whom a line of the head names, as people read it."""
    return ", ".join(
        f"{_words(called)} <{address}>" if called else address for called, address in _pairs(message, name)
    )


def _pairs(message: Message, name: str) -> list[tuple[str, str]]:
    """Names and addresses, taken apart before they are decoded: a decoded name may hold a comma."""
    lines = [
        _repaired(str(value)[:_MOST_HEADER]) for key, value in message.raw_items() if key.lower() == name
    ]
    lines = [line if '"' in line else _ENCODED.sub(r'"\g<0>"', line) for line in lines]
    found = getaddresses(lines)[:_MOST_ADDRESSES]
    return [(called, " ".join(clean(address).split())) for called, address in found if address]


def _addresses(message: Message) -> Iterator[str]:
    for name in ("from", "reply-to", "to", "cc"):
        yield from (address.casefold() for _called, address in _pairs(message, name) if "@" in address)


def _date_of(message: Message) -> datetime | None:
    try:
        found = parsedate_to_datetime(_header(message, "date"))
        return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _id_of(message: Message, raw: bytes) -> str:
    """What names this message and no other: what its program has called it, else what its bytes say."""
    named = _header(message, "message-id")
    return named if 2 < len(named) <= _LONGEST_ID else f"sha256:{sha256(raw).hexdigest()}"


# ------------------------------------------------------------------------------------------------- texts


def _decoded(content: bytes, charset: Any) -> str:
    """Bytes as text: as they say they are written, else as they can be read."""
    declared = _codec(str(charset[2] if isinstance(charset, tuple) else charset or "ascii"))
    if declared and declared not in _LATIN:
        try:
            return content.decode(declared)
        except (ValueError, LookupError):
            pass
    try:
        return content.decode("utf-8")
    except ValueError:
        return content.decode("cp1252", "replace")


def _codec(name: str) -> str:
    """The codec for a charset, "" for one that is unknown or does more than read letters."""
    try:
        found = codecs.lookup(name.strip("\"' ")).name
    except (LookupError, ValueError):
        return ""
    return "" if found.replace("_", "-") in _NOT_FOR_TEXT else found


def clean(text: str) -> str:
    """The text as it can be stored: composed, no control characters but line ends, no halves of characters."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = (
        "".join(c for c in line if c == "\t" or unicodedata.category(c) not in ("Cc", "Cs")) for line in lines
    )
    return "\n".join(line.rstrip() for line in kept).strip("\n")


def _beginning(text: str) -> str:
    """As much of a text as is kept, cleaned; what is far beyond is not even looked at."""
    text = clean(text.lstrip()[: 2 * _LONGEST_TEXT])
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT].rstrip()}…"


def safe_name(name: str, number: int) -> str:
    """The name of a file, without anything that leads elsewhere, hides its end or reorders its letters."""
    last = re.split(r"[/\\]", name)[-1]
    kept = "".join(c for c in last if unicodedata.category(c)[0] != "C")
    kept = " ".join(_UNFIT_IN_NAMES.sub("_", kept).split()).strip(". ")
    stem, dot, end = kept.rpartition(".")
    if len(kept) > _LONGEST_NAME:
        kept = f"{stem[: _LONGEST_NAME - 12]}.{end}" if dot and len(end) < 10 else kept[:_LONGEST_NAME]
    return kept or f"piece-jointe-{number}"


def _shown(pictures: dict[str, tuple[str, bytes]]) -> dict[str, str]:
    found, left = {}, _MOST_PICTURES
    for id_, (kind, content) in pictures.items():
        left -= len(content)
        if left >= 0:
            found[id_] = f"data:{kind};base64,{base64.b64encode(content).decode()}"
    return found
