"""The tables of choices that administrators keep, and the settings of the office."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from sqlalchemy import CheckConstraint, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, validates

from backoffice.core.db import NEVER_REUSED, Base, Versioned
from backoffice.core.text import fold

_KEY_LENGTH = 100

#: Every table of choices, those of other features too, in the order in which the menu names them.
LOOKUPS: list[type[Any]] = []


class Lookup(Versioned):
    """One choice of a list: a label in two languages, its place, whether it is offered, whether it is the default."""

    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(String(80), info={"label": _("Libellé")})
    label_key: Mapped[str] = mapped_column(String(_KEY_LENGTH), unique=True, info={"audited": False})
    label_en: Mapped[str | None] = mapped_column(
        String(80), unique=True, info={"label": _("Libellé anglais")}
    )
    position: Mapped[int] = mapped_column(default=0, info={"label": _("Ordre")})
    is_active: Mapped[bool] = mapped_column(default=True, info={"label": _("Actif")})
    is_default: Mapped[bool] = mapped_column(default=False, info={"label": _("Par défaut")})

    #: What a table of this kind is called on screen, for sentences.
    table_label: ClassVar[Any]

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        LOOKUPS.append(cls)

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        return cls.constraints()

    @classmethod
    def constraints(cls, *more: Any) -> tuple[Any, ...]:
        """What the database holds of every lookup: no blank label, at most one default, and that one active."""
        table = cls.__tablename__  # type: ignore[attr-defined]
        return (
            CheckConstraint("trim(label) <> ''", name="label_not_blank"),
            CheckConstraint("is_active OR NOT is_default", name="default_is_active"),
            Index(
                f"uq_{table}_one_default",
                "is_default",
                unique=True,
                sqlite_where=text("is_default"),
                postgresql_where=text("is_default"),
            ),
            *more,
            NEVER_REUSED,
        )

    @validates("label")
    def _fold_label(self, key: str, label: str | None) -> str | None:
        self.label_key = fold(label or "")[:_KEY_LENGTH]  # œ, ﷺ and the like get longer when folded
        return label

    def __str__(self) -> str:
        if self.label_en and str(get_locale()) == "en":
            return self.label_en
        return self.label or ""


class CompanyType(Lookup, Base):
    """Type de société: client, prospect, partner…"""

    __tablename__ = "company_type"
    table_label = _("Types de société")


class Language(Lookup, Base):
    """The language in which one writes to a company."""

    __tablename__ = "language"
    table_label = _("Langues")

    code: Mapped[str | None] = mapped_column(String(8), info={"label": _("Code (ISO 639)")})


class Source(Lookup, Base):
    """Where a contact comes from."""

    __tablename__ = "source"
    table_label = _("Sources")


class Civility(Lookup, Base):
    """How a person is addressed."""

    __tablename__ = "civility"
    table_label = _("Civilités")


class PaymentTerm(Lookup, Base):
    """When an invoice falls due, counted from its day: days, then or before them the end of the month, then a day."""

    __tablename__ = "payment_term"
    table_label = _("Délais de paiement")

    days: Mapped[int] = mapped_column(default=30, info={"label": _("Jours")})
    end_of_month: Mapped[str] = mapped_column(String(6), default="none", info={"label": _("Fin de mois")})
    day_of_month: Mapped[int | None] = mapped_column(info={"label": _("Jour du mois")})

    @classmethod
    def constraints(cls, *more: Any) -> tuple[Any, ...]:
        return super().constraints(
            CheckConstraint("days BETWEEN 0 AND 365", name="days_in_a_year"),
            CheckConstraint("end_of_month IN ('none', 'after', 'before')", name="end_of_month"),
            CheckConstraint("day_of_month BETWEEN 1 AND 31", name="day_of_month"),
            *more,
        )


class OfficeSettings(Versioned, Base):
    """The one row of what the office has decided for itself. Default term and language are the lookups' own."""

    __tablename__ = "office_settings"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    default_country: Mapped[str] = mapped_column(
        String(2), default="FR", info={"label": _("Pays par défaut"), "typed_max": 60}
    )
    account_prefix: Mapped[str] = mapped_column(
        String(10), default="411", info={"label": _("Début des comptes comptables")}
    )
    company_name: Mapped[str | None] = mapped_column(String(200), info={"label": _("Nom de la société")})
    street: Mapped[str | None] = mapped_column(String(200), info={"label": _("Adresse")})
    street2: Mapped[str | None] = mapped_column(String(200), info={"label": _("Adresse 2")})
    postal_code: Mapped[str | None] = mapped_column(String(16), info={"label": _("Code postal")})
    city: Mapped[str | None] = mapped_column(String(120), info={"label": _("Ville")})
    country: Mapped[str] = mapped_column(String(2), default="FR", info={"label": _("Pays"), "typed_max": 60})
    siren: Mapped[str | None] = mapped_column(String(9), info={"label": _("SIREN"), "typed_max": 40})
    vat_number: Mapped[str | None] = mapped_column(
        String(20), info={"label": _("Numéro de TVA"), "typed_max": 40}
    )
    iban: Mapped[str | None] = mapped_column(String(34), info={"label": _("IBAN"), "typed_max": 50})

    def __str__(self) -> str:
        return str(_("Réglages"))


class OfficeLogo(Base):
    """The image at the head of quotes and invoices; no row while there is none."""

    __tablename__ = "office_logo"
    __table_args__ = (
        CheckConstraint("id = 1", name="one_row"),
        CheckConstraint("mime IN ('image/png', 'image/jpeg')", name="mime"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(200), info={"label": _("Fichier du logo")})
    mime: Mapped[str] = mapped_column(String(20), info={"audited": False})
    digest: Mapped[str] = mapped_column(String(64), info={"audited": False})
    content: Mapped[bytes] = mapped_column(LargeBinary, info={"label": _("Logo")})

    @property
    def history_owner(self) -> tuple[str, int]:
        return OfficeSettings.__tablename__, 1

    def __str__(self) -> str:
        return self.name
