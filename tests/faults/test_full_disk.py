"""The disk is full: the page says so, what was there can be read, nothing is there by halves, and all works afterwards."""

from __future__ import annotations

import errno
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

import pytest

from tests.emails.letters import letter
from tests.faults.conftest import prepared
from tests.faults.figures import Figures
from tests.faults.load import halves
from tests.faults.site import Site
from tests.faults.test_locked_sqlite import AGAIN, TYPED, kept
from tests.faults.visitor import Answer, Visitor

FULL = "Plus de place sur le disque"
_SIZE = "size=16m,mode=0700"
#: What a log of SQLite has kept of earlier writes is written to again: until that is used up, forms are still saved.
_MOST_FORMS = 400


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of its own that holds little. Needs root: that it can't be had is no reason to pass."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", _SIZE, "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def fill(disk: Path) -> Path:
    """Not a byte is left on it."""
    filler = disk / "filler"
    with filler.open("ab", buffering=0) as file:
        for size in (65_536, 512, 1):
            with suppress(OSError):
                while True:
                    file.write(b"x" * size)
    with pytest.raises(OSError) as refused:
        (disk / "another").write_bytes(b"x")
    assert refused.value.errno == errno.ENOSPC
    (disk / "another").unlink(missing_ok=True)
    return filler


@pytest.fixture
def full(home: Path) -> Iterator[tuple[Site, Visitor, Path]]:
    """A set-up whose data folder lies on a small disk, with one client in it."""
    with small_disk(home / "disk") as disk, prepared(home, data_dir=str(disk / "data")) as site:
        visitor = site.visitor(site.serve().port)
        typed = {"name": "Charge première", "contacts-0-email": "premiere@charge.example"}
        assert visitor.submit(visitor.get("/client/new/"), "#record", "/client/new/", **typed).status == 302
        yield site, visitor, disk


def _until_refused(visitor: Visitor) -> tuple[int, Answer]:
    """New clients until one is not taken: how many were, and the refusal."""
    page = visitor.get("/client/new/").form("#record")
    for number in count():
        assert number < _MOST_FORMS, "the disk is not full"
        own = {"name": f"Charge {number}", "contacts-0-email": f"{number}@charge.example"}
        own["idempotency_key"] = f"{number:032}"
        answer = visitor.post("/client/new/", page.fields({**TYPED, **own}))
        if answer.status != 302:
            return number, answer
    raise AssertionError


def test_a_form_is_refused_with_a_sentence_keeps_what_was_typed_and_is_saved_once_there_is_room(
    full: tuple[Site, Visitor, Path], figures: Figures
) -> None:
    site, visitor, disk = full
    filler = fill(disk)
    acknowledged, refused = _until_refused(visitor)
    reads = [visitor.get(path) for path in ("/client/", "/client/details/?id=1", "/", "/event/")]
    there = site.rows("SELECT name FROM client")
    filler.unlink()
    again = visitor.submit(refused, AGAIN, "/client/new/")

    figures.note(
        "disk full", "sqlite", "status and seconds of a form", f"{refused.status} {refused.seconds:.2f}", 507
    )
    figures.note("disk full", "sqlite", "acknowledged in the log's own room", acknowledged)
    figures.note("disk full", "sqlite", "acknowledged and lost", acknowledged + 1 - len(there), "0")
    assert (refused.status, FULL in refused.text) == (507, True)
    assert [answer.status for answer in reads] == [200] * 4
    assert "Charge première" in reads[0].text
    assert len(there) == acknowledged + 1
    assert kept(refused)["name"] == f"Charge {acknowledged}"
    assert again.status == 302
    assert len(site.rows("SELECT name FROM client")) == acknowledged + 2
    assert halves(site) == []


def drop(visitor: Visitor, raw: bytes) -> Answer:
    """Drop a message on the card of the first client."""
    page = visitor.get("/client/details/?id=1&tab=activity")
    form = page.form("#log-email")
    token = form.fields({})["csrf_token"]
    edge = "----edge-of-a-part"
    body = (
        f'--{edge}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
        f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="m.eml"\r\n'
        "Content-Type: message/rfc822\r\n\r\n"
    ).encode() + raw
    body += f"\r\n--{edge}--\r\n".encode()
    kind = {"Content-Type": f"multipart/form-data; boundary={edge}"}
    return visitor.ask("POST", str(form.attributes["action"]), body, kind)


def files(site: Site) -> list[str]:
    """All that lies where messages are kept."""
    return sorted(path.name for path in (site.data / "mails").rglob("*") if path.is_file())


def test_a_message_that_finds_no_room_leaves_no_file_and_no_row(
    full: tuple[Site, Visitor, Path], figures: Figures
) -> None:
    site, visitor, disk = full
    filler = fill(disk)
    raw = letter("x" * 70 + "\n").as_bytes() + b"Bonjour\r\n" * 100_000
    refused = drop(visitor, raw)
    left, rows = files(site), site.rows("SELECT id FROM entry")
    filler.unlink()
    taken = drop(visitor, raw)

    figures.note("disk full", "sqlite", "status of a message of 0.9 MB", refused.status, 507)
    figures.note("disk full", "sqlite", "files and rows it leaves", len(left) + len(rows), "0")
    assert (refused.status, FULL in refused.text) == (507, True)
    assert (left, rows) == ([], [])
    assert taken.status == 302
    assert [(name,) for name in files(site)] == site.rows("SELECT raw_name FROM entry")
