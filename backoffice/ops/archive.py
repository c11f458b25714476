"""The one file that a backup is: a compressed tar, read and written in one pass and in little memory.

It holds files, then their checksums (`SHA256SUMS`, as `sha256sum -c` reads them) and, last of all, a manifest that
knows the checksum of the checksums: an archive that is cut off has none, and is worth nothing as a whole. Whoever can
change a byte on purpose can compute the checksums anew: they guard against accidents, the file's mode against people.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

MANIFEST, SUMS, SECRET, DATABASE = "manifest.json", "SHA256SUMS", "secret_key", "database"
#: Files of the data folder stand below this.
DATA = "data"
PRODUCT, FORMAT = "backoffice", 1

_CHUNK = 1 << 20
_SMALL = 1 << 20
#: A path as the data folder holds them: no part is empty, hidden or leads upward, nothing that a console would obey.
_PATH = re.compile(rf"{DATA}(/(?!\.)[^/\\\x00-\x1f\x7f]+)+")

Moved = Callable[[int], Any]


class BadArchiveError(Exception):
    """This is no backup, or not a whole one. The text is one French sentence."""


@dataclass(frozen=True)
class Manifest:
    """What a backup says about itself."""

    version: str
    schema: str
    engine: str
    #: The moment whose state it holds (UTC, ISO 8601).
    at: str
    rows: dict[str, int]
    documents: int
    #: Documents that records name and that were gone already.
    lost: int = 0


class Writer:
    """Files on their way into an archive. `moved` is told of every piece."""

    def __init__(self, file: IO[bytes], moved: Moved) -> None:
        self._stream = gzip.GzipFile(fileobj=file, mode="wb", compresslevel=6)
        self._tar = tarfile.open(fileobj=self._stream, mode="w")  # noqa: SIM115 - closed with its end
        self._sums = tempfile.TemporaryFile()  # noqa: SIM115 - closed on leaving
        self._moved = moved
        self.names: set[str] = set()

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, *error: object) -> None:
        self._sums.close()
        with suppress(
            OSError
        ):  # of one that was ended nothing is left to write, one that failed is thrown away
            self._stream.close()

    def add(self, name: str, path: Path) -> None:
        """Put one file in. It must not change meanwhile."""
        with path.open("rb") as file:
            self._put(name, file, os.fstat(file.fileno()))

    def add_text(self, name: str, text: str) -> None:
        """Put a short text in."""
        with tempfile.TemporaryFile() as file:
            file.write(text.encode())
            self._flush_and_put(name, file)

    def close(self, manifest: Manifest) -> None:
        """End the archive with its checksums and its manifest."""
        self._flush_and_put(SUMS, self._sums)
        self._sums.seek(0)
        sums = hashlib.file_digest(self._sums, "sha256").hexdigest()
        about = {"product": PRODUCT, "format": FORMAT, "sums": sums, **asdict(manifest)}
        self.add_text(MANIFEST, json.dumps(about, indent=1))
        self._tar.close()
        self._stream.close()

    def _flush_and_put(self, name: str, file: IO[bytes]) -> None:
        file.flush()
        file.seek(0)
        self._put(name, file, os.fstat(file.fileno()))

    def _put(self, name: str, file: IO[bytes], about: os.stat_result) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mtime, member.mode = about.st_size, int(about.st_mtime), 0o600
        passing = _Passing(file, self._moved)
        self._tar.addfile(member, passing)
        self.names.add(name)
        if name not in (SUMS, MANIFEST):
            self._sums.write(f"{passing.digest.hexdigest()}  {name}\n".encode())


class _Passing:
    """A file whose checksum is known once it has been read."""

    def __init__(self, file: IO[bytes], moved: Moved) -> None:
        self._file, self._moved = file, moved
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self.digest.update(piece)
        self._moved(len(piece))
        return piece


def unpack(source: Path, into: Path, moved: Moved) -> Manifest:
    """Lay the files of an archive into an empty folder, and check every one.

    Raises BadArchiveError when it is not whole or holds what no backup holds; what was laid down is then worthless.
    """
    try:
        with gzip.open(source, "rb") as stream:
            told, sums = _lay_down(stream, into, moved)
            if len(stream.read(_SMALL)) == _SMALL:  # the end of a tar is some zeros, and then its checksum
                raise BadArchiveError(_BROKEN)
    except (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error, ValueError, FileExistsError):
        raise BadArchiveError(_BROKEN) from None
    return _manifest(told, into, sums)


_BROKEN = "Ce fichier n’est pas une sauvegarde entière : il est abîmé, tronqué ou d’une autre nature"
_FOREIGN = (
    "Ce fichier n’est pas une de nos sauvegardes : il contient un chemin ou un lien qui n’y a pas sa place"
)


def _lay_down(stream: Any, into: Path, moved: Moved) -> tuple[dict[str, Any], str]:
    """The manifest as it was read, and the checksum that the checksums should have."""
    found, free = hashlib.sha256(), shutil.disk_usage(into).free
    last = ""
    with tarfile.open(fileobj=stream, mode="r|") as tar:
        for member in tar:
            if not _belongs(member) or last == MANIFEST:
                raise BadArchiveError(_FOREIGN)
            free -= member.size
            if free < 0:
                raise BadArchiveError("Il n’y a pas assez de place sur le disque pour cette sauvegarde")
            path = into / member.name
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            digest = _write(tar.extractfile(member), path, moved)
            if member.name not in (SUMS, MANIFEST):
                found.update(f"{digest}  {member.name}\n".encode())
            last = member.name
    if last != MANIFEST or (into / MANIFEST).stat().st_size > _SMALL:
        raise BadArchiveError(_BROKEN)
    told = json.loads((into / MANIFEST).read_text("utf-8"))
    return told if isinstance(told, dict) else {}, found.hexdigest()


def _belongs(member: tarfile.TarInfo) -> bool:
    is_plain = member.type in (tarfile.REGTYPE, tarfile.AREGTYPE) and not member.issparse()
    is_ours = member.name in (MANIFEST, SUMS, SECRET, DATABASE) or _PATH.fullmatch(member.name)
    return is_plain and bool(is_ours)


def _write(file: Any, path: Path, moved: Moved) -> str:
    """Write a file that must not be there yet; returns its checksum."""
    passing = _Passing(file, moved)
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "wb") as target:
        while piece := passing.read(_CHUNK):
            target.write(piece)
        target.flush()
        os.fsync(target.fileno())
    return passing.digest.hexdigest()


def _manifest(told: dict[str, Any], into: Path, sums: str) -> Manifest:
    if told.pop("product", None) != PRODUCT:
        raise BadArchiveError(_BROKEN)
    if told.pop("format", None) != FORMAT:
        raise BadArchiveError("Cette sauvegarde a été faite par une version plus récente du produit")
    if not told.pop("sums", None) == sums == _sum_of(into / SUMS):
        raise BadArchiveError(
            "Une somme de contrôle de cette sauvegarde n’est pas la bonne : elle est abîmée"
        )
    try:
        return Manifest(**told)
    except TypeError:
        raise BadArchiveError(_BROKEN) from None


def _sum_of(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
