"""Text that wants to be more than text, in every text column that there is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import JSON, Column, String, Table, text, update
from sqlalchemy.exc import IntegrityError

from backoffice.core.db import Base, db

#: What templates would make of the sum in them; no page says it by itself.
SUM, RESULT = "{{7777*7777}}", "60481729"
SAMPLES = (
    f"<script>window.hit=1</script>{SUM}",
    '"\'><img src=hit onerror="window.hit=2">',
    "</textarea></title></style><svg onload=window.hit=3>",
    "' autofocus onfocus='window.hit=4' x='",
    "javascript:window.hit=5",
    "\u202eegnahcé\u202c\u2066\u200f",
    '=HYPERLINK("//hit.example")',
    "a\x00b\x1b\u2028",
    "${7777*7777}<%= 7777*7777 %>#{7777*7777}",
    "W" * 300,
)
SHORT = ("<b>", SUM[:8], "\"'>", "='1", "\u202ex", "WWWW", "&lt;", "%00", "-1")

#: Columns that hold no text for anybody to read, and what they hold. Each is written by the product alone.
KEPT = {
    "calendar_address.token_hash": "a hash",
    "email.message_id": "made by the product, and read by mail programs alone",
    "email.storage": "the name of a file, made by the product",
    "fact.action": "which facts belong together",
    "fact.entity": "the name of a table",
    "fact.field": "the name of a column",
    "fact.operation": "one of four words",
    "fact.owner": "the name of a table",
    "fact.via": "one of some words",
    "idempotency_key.key": "a key made by chance",
    "job_run.name": "the name of a function",
    "recovery_code.code_hash": "a hash",
    "second_factor.salt": "made by chance",
    "second_factor.secret": "an encrypted secret",
    "setup_link.token_hash": "a hash",
    "sign_in_attempt.account": "a hash",
    "user.fs_uniquifier": "made by chance; whoever is logged in would no longer be",
    "user.password": "a hash",
    "user_session.token_hash": "a hash; whoever is logged in would no longer be",
}


def fill() -> tuple[int, set[str]]:
    """Put hostile text wherever the database lets it be; how many columns hold some, and which ones let none in."""
    for (trigger,) in db.session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
        db.session.execute(text(f'DROP TRIGGER "{trigger}"'))
    filled, refused = 0, set()
    for number, (table, column) in enumerate(columns()):
        rows = _rows(table)
        if sum(_put(table, column, row, number + at) for at, row in enumerate(rows)):
            filled += 1
        elif rows:
            refused.add(f"{table.name}.{column.name}")
    db.session.commit()
    return filled, refused


def columns() -> Iterator[tuple[Table, Column[Any]]]:
    """Every column of text, or of values of any kind, that people may come to see."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, String | JSON) and f"{table.name}.{column.name}" not in KEPT:
                yield table, column


def _rows(table: Table) -> list[Any]:
    return list(db.session.execute(table.select().order_by(*table.primary_key.columns)).mappings())


def _put(table: Table, column: Column[Any], row: Any, turn: int) -> bool:
    if column.name in ("before", "after") and not isinstance(row[column.name], str):
        return False
    if isinstance(column.type, JSON) and column.name not in ("before", "after"):
        return False
    key = [own == row[own.name] for own in table.primary_key.columns]
    try:
        with db.session.begin_nested():
            db.session.execute(update(table).where(*key).values({column.name: sample(column, turn)}))
    except IntegrityError:
        return False
    return True


def sample(column: Column[Any], turn: int) -> str:
    """As much hostile text as goes in, with another beginning each time."""
    length = getattr(column.type, "length", None) or 2_000
    at = turn % len(SAMPLES)
    whole = " ".join((*SAMPLES[at:], *SAMPLES[:at]))
    return whole[:length] if length >= 20 else SHORT[turn % len(SHORT)][:length]
