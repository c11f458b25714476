"""People who log in, their sessions, and the tries that are counted against guessing."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from flask_security import RoleMixin, UserMixin
from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, event, inspect, update
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship, validates

from backoffice.core.audit import Actor
from backoffice.core.db import Base, Versioned, now
from backoffice.core.text import fold
from backoffice.core.validators.email import email_key
from backoffice.users.rights import ROLES, may, rights_of

#: Kept by the program, no fact of the history.
_KEPT = {"audited": False}

LANGUAGES: dict[str, Any] = {"fr": _("Français"), "en": _("Anglais")}


class Role(RoleMixin):
    """A role as Flask-Security asks for it. The four roles and their rights are code, so no table holds them."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.permissions = sorted(rights_of(name))


def new_uniquifier() -> str:
    """What a session and a reset link are bound to; renewed with the password."""
    return uuid.uuid4().hex


def name_key(last_name: str | None, first_name: str | None, email: str | None) -> str:
    """What a list of people is sorted by."""
    return (fold(f"{last_name or ''} {first_name or ''}") or fold(email or ""))[:255]


class User(UserMixin, Versioned, Base):
    """A person who logs in. Somebody who leaves is deactivated, never deleted: the history names them."""

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), info={"label": _("E-mail")})
    email_key: Mapped[str] = mapped_column(String(254), unique=True, info=_KEPT)
    first_name: Mapped[str | None] = mapped_column(String(80), info={"label": _("Prénom")})
    last_name: Mapped[str | None] = mapped_column(String(80), info={"label": _("Nom")})
    role: Mapped[str] = mapped_column(String(20), info={"label": _("Rôle"), "choices": ROLES})
    active: Mapped[bool] = mapped_column(default=True, info={"label": _("Actif")})
    locale: Mapped[str] = mapped_column(
        String(2), default="fr", server_default="fr", info={"label": _("Langue"), "choices": LANGUAGES}
    )
    #: The argon2id hash; None until an invited person has chosen a password.
    password: Mapped[str | None] = mapped_column(
        String(255), info={"label": _("Mot de passe"), "secret": True}
    )
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True, default=new_uniquifier, info=_KEPT)
    created_at: Mapped[datetime] = mapped_column(default=now, info={"label": _("Créé le"), **_KEPT})
    last_seen_at: Mapped[datetime | None] = mapped_column(info={"label": _("Vu le"), **_KEPT})
    #: Last and first name folded, or the e-mail address: what lists sort by, the same on both engines.
    name_key: Mapped[str] = mapped_column(String(255), default="", server_default="", info=_KEPT)
    #: What this person has chosen for their own screens; written by `keep_preference` alone.
    preferences: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}", info=_KEPT)

    second_factor: Mapped[SecondFactor | None] = relationship(viewonly=True)

    __table_args__ = (
        Index("ix_user_name", "name_key", "id"),
        CheckConstraint("trim(email) <> ''", name="email_not_blank"),
        CheckConstraint(f"role IN ({', '.join(map(repr, ROLES))})", name="known_role"),
        CheckConstraint(f"locale IN ({', '.join(map(repr, LANGUAGES))})", name="known_locale"),
    )

    @validates("email", "first_name", "last_name")
    def _fold(self, key: str, value: str | None) -> str | None:
        typed = {name: getattr(self, name) for name in ("email", "first_name", "last_name")} | {key: value}
        if key == "email":
            self.email_key = email_key(value or "")
        self.name_key = name_key(typed["last_name"], typed["first_name"], typed["email"])
        return value

    @property
    def name(self) -> str:
        """First and last name, or the e-mail address of somebody without a name."""
        return " ".join(filter(None, (self.first_name, self.last_name))) or self.email

    @property
    def actor(self) -> Actor:
        """This person as the history names them."""
        return Actor(self.id, self.name)

    @property
    def roles(self) -> list[RoleMixin]:  # type: ignore[override]
        """The one role, as Flask-Security wants it."""
        return [Role(self.role)]

    def can(self, right: str) -> bool:
        """Has this person this right? Somebody deactivated has none."""
        return bool(self.active) and may(self.role, right)

    def __str__(self) -> str:
        return self.name


class UserSession(Base):
    """One log-in in one browser. The cookie holds a random token, this row only its hash."""

    __tablename__ = "user_session"
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_seen_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]
    #: logout, idle, limit, ended (by hand), password, role, inactive, second_factor
    ended_reason: Mapped[str | None] = mapped_column(String(20))
    user_agent: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(64), default="")

    __table_args__ = (Index(None, "user_id", "ended_at"),)


class OpenForm(Base):
    """A form of a record in one window, until it is left or no longer heard of. It ends with the session."""

    __tablename__ = "open_form"
    __audited__ = False
    __table_args__ = (Index(None, "kind", "record_id"), Index(None, "seen_at"))

    token: Mapped[str] = mapped_column(String(32), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("user_session.id", ondelete="CASCADE"), index=True)
    #: The endpoint of the screen whose form it is.
    kind: Mapped[str] = mapped_column(String(60))
    record_id: Mapped[int]
    opened_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now)
    #: Does a script say that it is still open? Without one nobody knows when it is left.
    is_heard: Mapped[bool] = mapped_column(default=False)


class SecondFactor(Base):
    """An app that makes codes (TOTP), asked for after the password. Turned off, the row is gone."""

    __tablename__ = "second_factor"
    __audited__ = False

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, autoincrement=False)
    #: What the app and we both know, encrypted under the secret key of the installation.
    secret: Mapped[str] = mapped_column(String(255), info={"secret": True})
    #: The time step of the last code that was taken: that code and those before it are worth nothing.
    last_counter: Mapped[int]
    #: Of the hashes of the recovery codes.
    salt: Mapped[str] = mapped_column(String(32))
    since: Mapped[datetime] = mapped_column(default=now)


class RecoveryCode(Base):
    """The hash of a code on paper, for who has lost the phone. Each gets its person in once."""

    __tablename__ = "recovery_code"
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


class SignInAttempt(Base):
    """One try to log in or to get a reset link. The account is a hash of what was typed: it may not exist."""

    __tablename__ = "sign_in_attempt"
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    purpose: Mapped[str] = mapped_column(String(10))
    account: Mapped[str] = mapped_column(String(64))
    network: Mapped[str] = mapped_column(String(64))
    #: False once the person has got in: only tries that led nowhere count.
    counts: Mapped[bool] = mapped_column(default=True)

    __table_args__ = (Index(None, "account", "at"), Index(None, "network", "at"))


class SetupLink(Base):
    """The one-time link that makes the first administrator. One row at most; only the hash of its token."""

    __tablename__ = "setup_link"
    __audited__ = False
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    token_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(default=now)


#: What ends all sessions of a person when it changes, and the reason that their list then shows.
_ENDS_SESSIONS = {"password": "password", "role": "role", "active": "inactive"}


@event.listens_for(User, "before_update")
def _end_sessions(mapper: Mapper[User], connection: Connection, user: User) -> None:
    """By construction: whoever changes one of these, from whatever screen or command, the sessions are over."""
    state = inspect(user)
    for attribute, reason in _ENDS_SESSIONS.items():
        if state.attrs[attribute].history.has_changes():
            connection.execute(
                update(UserSession)
                .where(UserSession.user_id == user.id, UserSession.ended_at.is_(None))
                .values(ended_at=now(), ended_reason=reason)
            )
