"""E-mails in the feed, and the templates they begin with.

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

import unicodedata
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

#: The checks that change, before and after.
_BEFORE = {
    "known_kind": "kind IN ('note', 'call', 'task')",
    "says_something": "kind = 'task' OR body IS NOT NULL AND trim(body) <> ''",
}
_AFTER = {
    "known_kind": "kind IN ('note', 'call', 'task', 'email')",
    "says_something": "kind IN ('task', 'email') OR body IS NOT NULL AND trim(body) <> ''",
    "email_is_whole": "kind <> 'email' OR subject IS NOT NULL AND state IS NOT NULL "
    "AND state IN ('logged', 'queued', 'sending', 'sent', 'failed')",
    "only_emails_have_a_state": "kind = 'email' OR state IS NULL",
    "only_tasks_are_recalled": "kind = 'task' OR remind_at IS NULL",
}
_INDEXES = (
    ("ix_entry_outbox", ["try_at", "id"], "state IN ('queued', 'sending')"),
    ("ix_entry_message_id", ["message_id"], "message_id IS NOT NULL"),
)


def _columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("subject", sa.String(length=300), nullable=True),
        sa.Column("sender", sa.String(length=320), nullable=True),
        sa.Column("recipients", sa.Text(), nullable=True),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("message_id", sa.String(length=400), nullable=True),
        sa.Column("raw_name", sa.String(length=120), nullable=True),
        sa.Column("attachments", sa.JSON(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=True),
        sa.Column("try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=True),
        sa.Column("failure", sa.String(length=300), nullable=True),
    ]


def _change(old: dict[str, str], new: dict[str, str], more: list[Any], less: list[str]) -> None:
    """Give the table other checks and columns. SQLite does it by copying the table; that no id is given twice is kept."""
    last = _last_id()
    options = {"sqlite_autoincrement": True}
    with op.batch_alter_table("entry", table_kwargs=options) as batch:
        for name in old:
            batch.drop_constraint(op.f(f"ck_entry_{name}"), type_="check")
        for column in more:
            batch.add_column(column)
        for name, condition in new.items():
            batch.create_check_constraint(op.f(f"ck_entry_{name}"), condition)
        for name in less:
            batch.drop_column(name)
    if last is not None:
        op.execute("DELETE FROM sqlite_sequence WHERE name = 'entry'")
        op.execute(sa.text("INSERT INTO sqlite_sequence VALUES ('entry', :last)").bindparams(last=last))


def _last_id() -> int | None:
    """The last id that was given, which SQLite keeps beside the table."""
    if op.get_bind().dialect.name != "sqlite":
        return None
    found = op.get_bind().execute(sa.text("SELECT seq FROM sqlite_sequence WHERE name = 'entry'")).scalar()
    return None if found is None else int(found)


def _create_templates() -> None:
    op.create_table(
        "email_template",
        sa.Column("subject_fr", sa.String(length=300), nullable=False),
        sa.Column("body_fr", sa.Text(), nullable=False),
        sa.Column("subject_en", sa.String(length=300), nullable=True),
        sa.Column("body_en", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("label_key", sa.String(length=100), nullable=False),
        sa.Column("label_en", sa.String(length=80), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("trim(label) <> ''", name=op.f("ck_email_template_label_not_blank")),
        sa.CheckConstraint("is_active OR NOT is_default", name=op.f("ck_email_template_default_is_active")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_template")),
        sa.UniqueConstraint("label_en", name=op.f("uq_email_template_label_en")),
        sa.UniqueConstraint("label_key", name=op.f("uq_email_template_label_key")),
        sqlite_autoincrement=True,
    )
    is_default = sa.text("is_default")
    op.create_index(
        "uq_email_template_one_default",
        "email_template",
        ["is_default"],
        unique=True,
        sqlite_where=is_default,
        postgresql_where=is_default,
    )


#: Shipped templates: label, subject and text, in French and in English.
_TEMPLATES = (
    (
        ("Prise de contact", "First contact"),
        ("Votre projet avec {notre société}", "Your plans with {notre société}"),
        (
            "Bonjour {civilité} {nom},\n\nMerci de votre intérêt. Je suis à votre disposition pour parler de "
            "votre projet : quand puis-je vous appeler ?\n\nBien cordialement,\n{expéditeur}",
            "Dear {civilité} {nom},\n\nThank you for your interest. I would be glad to talk about your plans: "
            "when may I call you?\n\nKind regards,\n{expéditeur}",
        ),
    ),
    (
        ("Confirmation d’un événement", "Confirmation of an event"),
        ("{événement} : confirmation", "{événement}: confirmation"),
        (
            "Bonjour {civilité} {nom},\n\nNous vous confirmons votre événement « {événement} », "
            "{date de l’événement}.\n\nBien cordialement,\n{expéditeur}",
            "Dear {civilité} {nom},\n\nWe are pleased to confirm your event “{événement}”, "
            "{date de l’événement}.\n\nKind regards,\n{expéditeur}",
        ),
    ),
    (
        ("Relance", "Follow-up"),
        ("Avez-vous pu avancer ?", "Have you come to a decision?"),
        (
            "Bonjour {civilité} {nom},\n\nJe reviens vers vous au sujet de notre dernier échange. Avez-vous "
            "des questions auxquelles je puisse répondre ?\n\nBien cordialement,\n{expéditeur}",
            "Dear {civilité} {nom},\n\nI am getting back to you about our last exchange. Is there any question "
            "that I can answer?\n\nKind regards,\n{expéditeur}",
        ),
    ),
    (
        ("Remerciement", "Thanks"),
        ("Merci de votre confiance", "Thank you for your trust"),
        (
            "Bonjour {civilité} {nom},\n\nToute l’équipe vous remercie et espère vous retrouver bientôt."
            "\n\nBien cordialement,\n{expéditeur}",
            "Dear {civilité} {nom},\n\nThe whole team thanks you and hopes to see you again soon."
            "\n\nKind regards,\n{expéditeur}",
        ),
    ),
)


def _fold(label: str) -> str:
    """The key of a label as it is made today; a migration keeps its own copy."""
    plain = unicodedata.normalize("NFKD", label.casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join("".join(letter if letter.isalnum() else " " for letter in letters).split())


def _ship_templates() -> None:
    made = [
        {
            "label": labels[0],
            "label_key": _fold(labels[0]),
            "label_en": labels[1],
            "subject_fr": subjects[0],
            "body_fr": bodies[0],
            "subject_en": subjects[1],
            "body_en": bodies[1],
            "position": position,
            "is_active": True,
            "is_default": False,
            "version": 1,
        }
        for position, (labels, subjects, bodies) in enumerate(_TEMPLATES, 1)
    ]
    op.bulk_insert(sa.table("email_template", *(sa.column(name) for name in made[0])), made)


def upgrade() -> None:
    _change(_BEFORE, _AFTER, _columns(), [])
    for name, columns, where in _INDEXES:
        condition = sa.text(where)
        op.create_index(name, "entry", columns, sqlite_where=condition, postgresql_where=condition)
    _create_templates()
    _ship_templates()


def downgrade() -> None:
    """E-mails have no place in the table as it was."""
    op.drop_table("email_template")
    for index in _INDEXES:
        op.drop_index(index[0], table_name="entry")
    op.execute("DELETE FROM mention WHERE entry_id IN (SELECT id FROM entry WHERE kind = 'email')")
    op.execute("DELETE FROM entry WHERE kind = 'email'")
    _change(_AFTER, _BEFORE, [], [column.name for column in _columns()])
