"""The logo of the office: what is taken for one, and keeping it."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import filetype
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from backoffice.core.problems import Rejected
from backoffice.core.text import clean_text
from backoffice.lookups import queries
from backoffice.lookups.models import OfficeLogo

MOST_BYTES = 500_000
MOST_PIXELS = 5_000
MIMES = ("image/png", "image/jpeg")
_LONGEST_NAME = 200
#: The markers of a JPEG that begin a frame, and with it the size of the image.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True)
class Image:
    """A file that was checked: what it is follows from its bytes, not from its name."""

    name: str
    mime: str
    content: bytes


def read_image(name: str, content: bytes) -> Image:
    """The image in these bytes. Raises Rejected for what is too heavy, too large, or no PNG or JPEG."""
    if len(content) > MOST_BYTES:
        raise Rejected(_("Ce fichier pèse plus de 500 ko : réduisez l'image, puis réessayez."), "logo_heavy")
    mime = filetype.guess_mime(content)
    if mime not in MIMES:
        raise Rejected(
            _("Ce fichier n'est ni un PNG ni un JPEG : choisissez une de ces images."), "logo_type"
        )
    try:
        width, height = _png_size(content) if mime == "image/png" else _jpeg_size(content)
    except (struct.error, StopIteration):
        width = height = 0
    if not width or not height:
        raise Rejected(_("Cette image est incomplète ou abîmée : choisissez-en une autre."), "logo_broken")
    if max(width, height) > MOST_PIXELS:
        raise Rejected(_("Cette image dépasse 5 000 pixels de côté : réduisez-la."), "logo_large")
    return Image(clean_text(PurePath(name).name)[-_LONGEST_NAME:] or "logo", mime, content)


def _png_size(content: bytes) -> tuple[int, int]:
    name, width, height = struct.unpack(">4sII", content[12:24])
    return (
        (width, height) if name == b"IHDR" and content.rstrip(b"\0").endswith(b"IEND\xaeB`\x82") else (0, 0)
    )


def _jpeg_size(content: bytes) -> tuple[int, int]:
    height, width = next(
        struct.unpack(">HH", part[1:5]) for marker, part in _parts(content) if marker in _FRAMES
    )
    return width, height


def _parts(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The marked parts of a JPEG up to its picture."""
    at = 2
    while True:
        while content[at : at + 2] == b"\xff\xff":
            at += 1
        lead, marker, length = struct.unpack(">BBH", content[at : at + 4])
        if lead != 0xFF or length < 2 or marker == 0xDA:
            return
        yield marker, content[at + 4 : at + 2 + length]
        at += 2 + length


def of_office(session: Session) -> OfficeLogo | None:
    """The logo with its bytes, None while there is none."""
    return session.get(OfficeLogo, 1)


def facts_of(session: Session) -> Any:
    """Name, type and digest of the logo, None while there is none."""
    return session.execute(queries.logo_facts()).one_or_none()


def keep(session: Session, image: Image) -> None:
    """Make this image the logo. The caller flushes."""
    digest = hashlib.sha256(image.content).hexdigest()
    kept = of_office(session)
    if kept is None:
        kept = OfficeLogo(id=1)
        session.add(kept)
    if kept.digest != digest or kept.name != image.name:
        kept.name, kept.mime, kept.digest, kept.content = image.name, image.mime, digest, image.content


def remove(session: Session) -> None:
    """Be without a logo. The caller flushes."""
    kept = of_office(session)
    if kept is not None:
        session.delete(kept)
