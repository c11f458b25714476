"""Messages are kept for nobody else to read, under names that nobody gives."""

from __future__ import annotations

import os
import time
from pathlib import Path

from backoffice.emails import storage


def test_a_message_is_kept_read_and_forgotten_and_is_nobody_else_s(tmp_path: Path) -> None:
    name = storage.keep(tmp_path, b"From: a\n\nx")
    storage.settle(tmp_path, name)
    (path,) = tmp_path.rglob("*.eml")

    assert path == tmp_path / "mails" / name[:2] / name
    assert [oct(each.stat().st_mode & 0o777) for each in (path, path.parent, path.parent.parent)] == [
        "0o600",
        "0o700",
        "0o700",
    ]
    assert storage.read(tmp_path, name) == b"From: a\n\nx"
    storage.remove(tmp_path, name)
    storage.remove(tmp_path, name)
    assert storage.read(tmp_path, name) is None
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == []


def test_no_name_leads_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"x")
    for name in (None, "", "../secret", "../../etc/passwd", "a" * 32 + ".eml/../../secret"):
        assert storage.read(tmp_path, name) is None
        storage.remove(tmp_path, name)
    assert (tmp_path / "secret").exists()


def make_older(path: Path) -> None:
    """It has been there for longer than any request takes."""
    os.utime(path, (time.time() - 7200,) * 2)


def test_what_a_dead_request_has_left_is_settled_or_removed_and_all_else_stays(tmp_path: Path) -> None:
    settled, committed, lost, recent = (storage.keep(tmp_path, b"From: a\n\nx") for _ in range(4))
    storage.settle(tmp_path, settled)
    half = tmp_path / "mails" / "00" / f"{'0' * 32}.part"
    half.parent.mkdir(exist_ok=True)
    half.write_bytes(b"From")
    for path in tmp_path.rglob("*"):
        if path.is_file() and path.stem.lstrip(".") not in recent:
            make_older(path)
    asked: list[str] = []

    def named(names: list[str]) -> set[str]:
        asked.extend(names)
        return {committed} & set(names)

    assert storage.sweep(tmp_path, named) == 2

    assert set(asked) == {committed, lost, f"{'0' * 32}.eml"}
    left = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {settled, committed, recent, f".{recent[:-4]}.new"}
    assert all(storage.read(tmp_path, name) for name in (settled, committed, recent))


def test_a_message_whose_row_is_being_deleted_can_be_read_until_it_is_gone(tmp_path: Path) -> None:
    name = storage.keep(tmp_path, b"From: a\n\nx")
    storage.settle(tmp_path, name)
    storage.unsettle(tmp_path, name)

    assert storage.read(tmp_path, name) == b"From: a\n\nx"
    storage.remove(tmp_path, name)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
