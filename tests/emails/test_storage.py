"""Messages are kept for nobody else to read, under names that nobody gives."""

from __future__ import annotations

from pathlib import Path

from backoffice.emails import storage


def test_a_message_is_kept_read_and_forgotten_and_is_nobody_else_s(tmp_path: Path) -> None:
    name = storage.keep(tmp_path, b"From: a\n\nx")
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
