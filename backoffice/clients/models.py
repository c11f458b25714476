"""Client, contact and address: one aggregate, whose "exactly one" is held by pointers on the client.

`main_contact_id` and `billing_address_id` are deferred composite keys to (id, client_id) of the pointed
row, so the database itself refuses a foreign, moved or deleted main contact. A null billing address means
the main address. NOT NULL with default 0 makes the commit refuse a client without a main contact.
"""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from backoffice.clients import completing, quiet
from backoffice.core.db import NEVER_REUSED, Base, Versioned, now
from backoffice.core.text import fold
from backoffice.core.validators.email import email_key
from backoffice.core.validators.website import website_domain
from backoffice.lookups.models import Civility, CompanyType, Language, PaymentTerm, Source

VAT_REGIMES = {
    "taxable": _("Taxable"),
    "export": _("Export hors UE / exonéré"),
    "intracommunity": _("Intracommunautaire"),
}
_KEPT = {"audited": False}
#: What only the fact of a removal holds, so that it is known again if the record comes back.
_LAST = {"audited": False, "kept": True}
_OWN_SIRET = text("siret IS NOT NULL AND NOT shares_siret")


def _key(shown: str | None, length: int) -> str:
    return fold(shown or "")[:length]


class Client(quiet.HasLastActivity, Versioned, Base):
    """A company that the office works for, with its main address and how it is invoiced."""

    __tablename__ = "client"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(String(200), info={"label": _("Nom de la société")})
    name_key: Mapped[str] = mapped_column(String(200), info=_KEPT)
    type_id: Mapped[int | None] = mapped_column(
        ForeignKey("company_type.id"), index=True, info={"label": _("Type")}
    )
    website: Mapped[str | None] = mapped_column(String(255), info={"label": _("Site web")})
    website_key: Mapped[str | None] = mapped_column(String(255), index=True, info=_KEPT)
    phone: Mapped[str | None] = mapped_column(String(40), info={"label": _("Tél. standard")})
    parent_id: Mapped[int | None] = mapped_column(
        ForeignKey("client.id"), index=True, info={"label": _("Société mère")}
    )
    language_id: Mapped[int | None] = mapped_column(
        ForeignKey("language.id"), index=True, info={"label": _("Langue")}
    )
    street: Mapped[str | None] = mapped_column(String(200), info={"label": _("Adresse")})
    street2: Mapped[str | None] = mapped_column(String(200), info={"label": _("Adresse 2")})
    postal_code: Mapped[str | None] = mapped_column(String(16), info={"label": _("Code postal")})
    city: Mapped[str | None] = mapped_column(String(120), info={"label": _("Ville")})
    city_key: Mapped[str] = mapped_column(String(120), default="", info=_KEPT)
    country: Mapped[str] = mapped_column(String(2), default="FR", info={"label": _("Pays"), "typed_max": 60})
    siren: Mapped[str | None] = mapped_column(String(9), info={"label": _("SIREN"), "typed_max": 40})
    siret: Mapped[str | None] = mapped_column(String(14), info={"label": _("SIRET"), "typed_max": 40})
    shares_siret: Mapped[bool] = mapped_column(
        default=False, info={"label": _("Créer quand même avec ce SIRET déjà connu")}
    )
    vat_number: Mapped[str | None] = mapped_column(
        String(20), info={"label": _("Numéro de TVA"), "typed_max": 40}
    )
    ape_code: Mapped[str | None] = mapped_column(String(6), info={"label": _("Code APE"), "typed_max": 20})
    ape_nomenclature: Mapped[str | None] = mapped_column(String(20), info=_KEPT)
    account_code: Mapped[str | None] = mapped_column(
        String(20), info={"label": _("Compte comptable"), "typed_max": 40}
    )
    vat_regime: Mapped[str] = mapped_column(
        String(16), default="taxable", info={"label": _("Régime de TVA"), "choices": VAT_REGIMES}
    )
    payment_term_id: Mapped[int | None] = mapped_column(
        ForeignKey("payment_term.id"), index=True, info={"label": _("Délai de paiement négocié")}
    )
    is_active: Mapped[bool] = mapped_column(default=True, info={"label": _("Active")})
    deactivated_at: Mapped[datetime | None] = mapped_column(info=_LAST)
    deactivated_by: Mapped[str | None] = mapped_column(String(200), info=_LAST)
    main_contact_id: Mapped[int] = mapped_column(default=0, info={"label": _("Contact principal")})
    billing_address_id: Mapped[int | None] = mapped_column(info={"label": _("Adresse de facturation")})
    created_at: Mapped[datetime] = mapped_column(default=now, info={"label": _("Créé le"), **_LAST})
    created_by: Mapped[str | None] = mapped_column(String(200), info={"label": _("Créé par"), **_LAST})

    type: Mapped[CompanyType | None] = relationship(info={"label": _("Type")})
    language: Mapped[Language | None] = relationship(info={"label": _("Langue")})
    payment_term: Mapped[PaymentTerm | None] = relationship(info={"label": _("Délai de paiement négocié")})
    parent: Mapped[Client | None] = relationship(remote_side=[id], info={"label": _("Société mère")})
    contacts: Mapped[list[Contact]] = relationship(
        back_populates="client",
        foreign_keys="Contact.client_id",
        order_by="Contact.id",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    addresses: Mapped[list[Address]] = relationship(
        back_populates="client",
        foreign_keys="Address.client_id",
        order_by="Address.id",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    main_contact: Mapped[Contact] = relationship(
        primaryjoin="Client.main_contact_id == Contact.id",
        foreign_keys="Client.main_contact_id",
        post_update=True,
        passive_deletes="all",
        info={"label": _("Contact principal")},
    )
    billing_address: Mapped[Address | None] = relationship(
        primaryjoin="Client.billing_address_id == Address.id",
        foreign_keys="Client.billing_address_id",
        post_update=True,
        passive_deletes="all",
        info={"label": _("Adresse de facturation")},
    )

    __table_args__ = (
        ForeignKeyConstraint(
            ["main_contact_id", "id"],
            ["contact.id", "contact.client_id"],
            name="fk_client_main_contact",
            use_alter=True,
            deferrable=True,
            initially="DEFERRED",
        ),
        ForeignKeyConstraint(
            ["billing_address_id", "id"],
            ["address.id", "address.client_id"],
            name="fk_client_billing_address",
            use_alter=True,
            deferrable=True,
            initially="DEFERRED",
        ),
        CheckConstraint("trim(name) <> ''", name="name_not_blank"),
        CheckConstraint("vat_regime IN ('taxable', 'export', 'intracommunity')", name="vat_regime"),
        CheckConstraint("parent_id <> id", name="not_its_own_parent"),
        CheckConstraint("length(siren) = 9", name="siren_length"),
        CheckConstraint("length(siret) = 14", name="siret_length"),
        CheckConstraint("substr(siret, 1, 9) = siren", name="siret_of_siren"),
        CheckConstraint("website LIKE 'http://%' OR website LIKE 'https://%'", name="website_http"),
        # With the last activity behind: a list by name of those who are quiet is then read from the index alone.
        Index("ix_client_active_name", "is_active", "name_key", "id", "last_activity_at"),
        Index("ix_client_name", "name_key", "id"),
        Index("ix_client_city", "city_key", "name_key", "id"),
        Index("ix_client_siren", "siren"),
        # A SIRET belongs to one client, unless somebody has said "Créer quand même".
        Index("uq_client_siret", "siret", unique=True, sqlite_where=_OWN_SIRET, postgresql_where=_OWN_SIRET),
        Index("ix_client_siret", "siret", "id"),
        Index("ix_client_account_code", "account_code"),
        Index("ix_client_created_at", "created_at"),
        NEVER_REUSED,
    )

    @validates("name")
    def _fold_name(self, key: str, name: str | None) -> str | None:
        self.name_key = _key(name, 200)
        return name

    @validates("website")
    def _keep_host(self, key: str, website: str | None) -> str | None:
        self.website_key = website_domain(website) or None
        return website

    @validates("city")
    def _fold_city(self, key: str, city: str | None) -> str | None:
        self.city_key = _key(city, 120)
        return city

    def __str__(self) -> str:
        return self.name


completing.indexes(Client)
quiet.indexes(Client)


class OfClient:
    """What contact and address share: they belong to one client and stand in its history."""

    id: Mapped[int]
    client_id: Mapped[int]

    @property
    def history_owner(self) -> tuple[str, int]:
        return Client.__tablename__, self.client_id


class Contact(OfClient, Versioned, Base):
    """A person (or a mailbox) at a client."""

    __tablename__ = "contact"

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(
        ForeignKey("client.id", ondelete="CASCADE"), index=True, info={"label": _("Client")}
    )
    civility_id: Mapped[int | None] = mapped_column(
        ForeignKey("civility.id"), index=True, info={"label": _("Civilité")}
    )
    first_name: Mapped[str | None] = mapped_column(String(80), info={"label": _("Prénom")})
    last_name: Mapped[str | None] = mapped_column(String(80), info={"label": _("Nom")})
    name_key: Mapped[str] = mapped_column(String(254), default="", info=_KEPT)
    email: Mapped[str] = mapped_column(String(254), info={"label": _("E-mail")})
    email_key: Mapped[str] = mapped_column(String(254), unique=True, info=_KEPT)
    job_title: Mapped[str | None] = mapped_column(String(120), info={"label": _("Poste occupé")})
    direct_phone: Mapped[str | None] = mapped_column(String(40), info={"label": _("Téléphone direct")})
    mobile_phone: Mapped[str | None] = mapped_column(String(40), info={"label": _("Portable")})
    switchboard_phone: Mapped[str | None] = mapped_column(String(40), info={"label": _("Téléphone standard")})
    source_id: Mapped[int | None] = mapped_column(
        ForeignKey("source.id"), index=True, info={"label": _("Source")}
    )
    is_active: Mapped[bool] = mapped_column(default=True, info={"label": _("Actif")})
    left_with_client: Mapped[bool] = mapped_column(
        default=False, doc="deactivated by its client's deactivation, so reactivated with it", info=_LAST
    )
    created_at: Mapped[datetime] = mapped_column(default=now, info={"label": _("Créé le"), **_LAST})

    client: Mapped[Client] = relationship(
        back_populates="contacts", foreign_keys=[client_id], info={"label": _("Client")}
    )
    civility: Mapped[Civility | None] = relationship(info={"label": _("Civilité")})
    source: Mapped[Source | None] = relationship(info={"label": _("Source")})

    __table_args__ = (
        UniqueConstraint("id", "client_id"),
        CheckConstraint("trim(email) <> ''", name="email_not_blank"),
        Index("ix_contact_name", "name_key", "id"),
        NEVER_REUSED,
    )

    @validates("email", "first_name", "last_name")
    def _fold_names(self, key: str, value: str | None) -> str | None:
        if key == "email":
            self.email_key = email_key(value or "")
        named = {"email": self.email, "first_name": self.first_name, "last_name": self.last_name, key: value}
        name = " ".join(filter(None, (named["last_name"], named["first_name"]))) or named["email"]
        self.name_key = _key(name, 254)
        return value

    @property
    def full_name(self) -> str:
        """First and last name, or the e-mail address of a contact without a name; nothing while it has neither."""
        return " ".join(filter(None, (self.first_name, self.last_name))) or self.email or ""

    def __str__(self) -> str:
        return self.full_name


#: What the product itself calls the address that was given in the form's block.
BILLING_LABEL = "Facturation"


class Address(OfClient, Versioned, Base):
    """A further address of a client; the main one stands on the client itself."""

    __tablename__ = "address"

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(
        ForeignKey("client.id", ondelete="CASCADE"), index=True, info={"label": _("Client")}
    )
    label: Mapped[str] = mapped_column(String(80), info={"label": _("Libellé"), "completed": True})
    street: Mapped[str | None] = mapped_column(String(200), info={"label": _("Adresse")})
    street2: Mapped[str | None] = mapped_column(String(200), info={"label": _("Adresse 2")})
    postal_code: Mapped[str | None] = mapped_column(String(16), info={"label": _("Code postal")})
    city: Mapped[str | None] = mapped_column(String(120), info={"label": _("Ville")})
    country: Mapped[str] = mapped_column(String(2), default="FR", info={"label": _("Pays"), "typed_max": 60})

    client: Mapped[Client] = relationship(
        back_populates="addresses", foreign_keys=[client_id], info={"label": _("Client")}
    )

    __table_args__ = (
        UniqueConstraint("id", "client_id"),
        CheckConstraint("trim(label) <> ''", name="label_not_blank"),
        NEVER_REUSED,
    )

    def __str__(self) -> str:
        return shown_label(self.label)


def shown_label(label: str) -> str:
    """What an address is called: the words of whoever typed them, or the product's own in the reader's language."""
    return str(_("Facturation")) if label == BILLING_LABEL else label or ""


class ClientVisit(Base):
    """When somebody last opened the card of a client: a convenience of theirs, no fact of the history."""

    __tablename__ = "client_visit"
    __audited__ = False

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    client_id: Mapped[int] = mapped_column(
        ForeignKey("client.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    at: Mapped[datetime] = mapped_column(default=now)
