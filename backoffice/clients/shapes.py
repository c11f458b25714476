"""What rules need to know of a client, a contact or an address, so that no database stands behind their tests."""

from typing import Protocol

from backoffice.lookups.rules import Term


class HasAddress(Protocol):
    """A client (its main address) or one of its further addresses."""

    @property
    def street(self) -> str | None: ...
    @property
    def street2(self) -> str | None: ...
    @property
    def postal_code(self) -> str | None: ...
    @property
    def city(self) -> str | None: ...
    @property
    def country(self) -> str | None: ...


class ClientLike(HasAddress, Protocol):
    """A client."""

    @property
    def name(self) -> str | None: ...
    @property
    def phone(self) -> str | None: ...
    @property
    def siren(self) -> str | None: ...
    @property
    def siret(self) -> str | None: ...
    @property
    def vat_number(self) -> str | None: ...
    @property
    def vat_regime(self) -> str | None: ...
    @property
    def ape_code(self) -> str | None: ...
    @property
    def account_code(self) -> str | None: ...
    @property
    def payment_term(self) -> Term | None: ...
    @property
    def parent(self) -> object | None: ...


class HasCountry(Protocol):
    """A client, as far as its contacts need to know it."""

    @property
    def country(self) -> str | None: ...


class ContactLike(Protocol):
    """A person at a client."""

    @property
    def email(self) -> str | None: ...
    @property
    def direct_phone(self) -> str | None: ...
    @property
    def mobile_phone(self) -> str | None: ...
    @property
    def switchboard_phone(self) -> str | None: ...
    @property
    def client(self) -> HasCountry | None: ...


class AddressLike(HasAddress, Protocol):
    """A further address of a client."""

    @property
    def label(self) -> str | None: ...
