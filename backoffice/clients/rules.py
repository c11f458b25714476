"""What must be true of a client, its contacts and its addresses, seen by themselves.

Pure functions of objects shaped like the models. What needs the database (a taken e-mail, a loop of parent
companies) is asked by the services.
"""

from collections.abc import Iterable
from pathlib import Path

from flask_babel import lazy_gettext as _

from backoffice.clients.shapes import AddressLike, ClientLike, ContactLike, HasAddress
from backoffice.core.ape import nomenclature_of
from backoffice.core.countries import FRANCE, FRENCH_POSTAL_AREA, country_code, country_or_france
from backoffice.core.problems import Cleaner, Message, Problem, Rejected, Rule, needs
from backoffice.core.text import clean_text
from backoffice.core.towns import fits_postal_code, towns
from backoffice.core.validators.account_code import DEFAULT_PREFIX, clean_account_code
from backoffice.core.validators.ape_code import clean_ape
from backoffice.core.validators.email import clean_email
from backoffice.core.validators.phone import clean_phone, phone_warning
from backoffice.core.validators.postal_code import clean_postal_code, needs_postal_code, postal_code_warning
from backoffice.core.validators.siren import clean_siren
from backoffice.core.validators.siret import clean_siret, siren_of
from backoffice.core.validators.vat import clean_vat, contradicts_siren, is_one_stop_shop, member_state
from backoffice.core.validators.website import clean_website
from backoffice.lookups.rules import exceeds_legal_cap, term_is_in_range

INTRACOMMUNITY = "intracommunity"
_TOWNS_NAMED = 3
_LONGEST_LABEL = 80


def name_is_required(client: ClientLike) -> Iterable[Problem]:
    if not client.name:
        yield Problem("name", _("Le nom de la société est obligatoire : tapez-le."), code="name_required")


@needs("siren", "siret")
def siret_agrees_with_siren(client: ClientLike) -> Iterable[Problem]:
    if client.siret and client.siren and siren_of(client.siret) != client.siren:
        yield Problem(
            "siret",
            _("Ce SIRET n'est pas celui du SIREN indiqué : ses 9 premiers chiffres doivent être les mêmes."),
            code="siret_siren",
        )


@needs("siren", "vat_number")
def vat_agrees_with_siren(client: ClientLike) -> Iterable[Problem]:
    """Characters 3 to 11 of a French number are the SIREN; the key before them may hold letters."""
    if contradicts_siren(client.vat_number, client.siren):
        yield Problem(
            "vat_number",
            _("Ce numéro de TVA contient un autre SIREN : corrigez l'un des deux."),
            code="vat_siren",
        )


@needs("vat_number")
def intracommunity_needs_a_number(client: ClientLike) -> Iterable[Problem]:
    """The regime is for taxable customers of another member state (directive 2006/112/CE, art. 138)."""
    if client.vat_regime != INTRACOMMUNITY:
        return
    if is_one_stop_shop(client.vat_number):
        yield Problem(
            "vat_number",
            _(
                "Un numéro EU… ou IM… (guichet unique) ne convient pas : demandez le numéro de TVA national du client."
            ),
            code="vat_one_stop_shop",
        )
    elif member_state(client.vat_number) in (None, FRANCE):
        yield Problem(
            "vat_number",
            _("Le régime intracommunautaire demande le numéro de TVA d'un autre État membre : ajoutez-le."),
            "warning",
            "vat_needed",
        )


def ape_code_is_known(folder: Path | None) -> Rule[ClientLike]:
    """A rule that knows the packaged nomenclature and those in the folder."""

    @needs("ape_code")
    def rule(client: ClientLike) -> Iterable[Problem]:
        if client.ape_code and nomenclature_of(client.ape_code, folder) is None:
            message = _("Ce code APE n'est dans aucune nomenclature connue : vérifiez-le.")
            yield Problem("ape_code", message, "warning", "ape_unknown")

    return rule


def account_code_starts_with(prefix: str) -> Rule[ClientLike]:
    """A rule for an office whose client accounts begin so."""

    @needs("account_code")
    def rule(client: ClientLike) -> Iterable[Problem]:
        if client.account_code and not client.account_code.startswith(prefix):
            message = _("Un compte client commence par %(prefix)s : ajoutez ce début.", prefix=prefix)
            yield Problem("account_code", message, code="account_prefix")

    return rule


def payment_term_keeps_the_legal_cap(client: ClientLike) -> Iterable[Problem]:
    term = client.payment_term
    if term is not None and not any(term_is_in_range(term)) and exceeds_legal_cap(term):
        yield Problem(
            "payment_term",
            _("Ce délai peut dépasser le maximum légal (C. com. L.441-10) : choisissez-en un plus court."),
            "warning",
            "term_over_cap",
        )


def parent_is_another(client: ClientLike) -> Iterable[Problem]:
    own_id, parent_id = getattr(client, "id", None), getattr(client.parent, "id", None)
    if client.parent is client or (parent_id is not None and parent_id == own_id):
        yield Problem(
            "parent",
            _("Une société ne peut pas être sa propre société mère : choisissez-en une autre."),
            code="own_parent",
        )


def email_is_required(contact: ContactLike) -> Iterable[Problem]:
    if not contact.email:
        yield Problem(
            "email", _("L'adresse e-mail du contact est obligatoire : tapez-la."), code="email_required"
        )


def phones_are_assigned(*fields: str) -> Rule[object]:
    """A rule for these fields of a client or a contact."""

    def rule(subject: object) -> Iterable[Problem]:
        for field in fields:
            if (message := phone_warning(getattr(subject, field))) is not None:
                yield Problem(field, message, "warning", "phone_unassigned")

    return rule


def begun_address_is_complete(client: ClientLike) -> Iterable[Problem]:
    """A client without any main address is no mistake; one with half an address may be."""
    if client.street or client.street2 or client.postal_code or client.city:
        yield from address_is_complete(client)


@needs("postal_code", "country")
def address_is_complete(address: HasAddress) -> Iterable[Problem]:
    if not address.street:
        yield _incomplete("street", _("Adresse incomplète : ajoutez la rue."))
    if not address.postal_code and needs_postal_code(address.country):
        yield _incomplete("postal_code", _("Adresse incomplète : ajoutez le code postal."))
    if not address.city:
        yield _incomplete("city", _("Adresse incomplète : ajoutez la ville."))


@needs("postal_code", "country")
def postal_code_is_usual(address: HasAddress) -> Iterable[Problem]:
    if (message := postal_code_warning(address.postal_code, address.country)) is not None:
        yield Problem("postal_code", message, "warning", "postal_code_unusual")


@needs("postal_code", "country", "city")
def town_fits_postal_code(address: HasAddress) -> Iterable[Problem]:
    if (
        not address.postal_code
        or not address.city
        or country_or_france(address.country) not in FRENCH_POSTAL_AREA
    ):
        return
    if fits_postal_code(address.city, address.postal_code) is False:
        known = towns(address.postal_code)
        names = ", ".join(known[:_TOWNS_NAMED]) + ("…" if len(known) > _TOWNS_NAMED else "")
        yield Problem(
            "city",
            _(
                "Le code postal %(code)s est celui de %(towns)s : vérifiez la ville.",
                code=address.postal_code,
                towns=names,
            ),
            "warning",
            "town_mismatch",
        )


@needs("label", "street", "city")
def address_has_a_label(address: AddressLike) -> Iterable[Problem]:
    if not address.label:
        yield Problem(
            "label", _("Donnez un nom à cette adresse, par exemple Entrepôt."), code="label_required"
        )


def client_rules(
    account_prefix: str = DEFAULT_PREFIX, ape_folder: Path | None = None
) -> tuple[Rule[ClientLike], ...]:
    """The rules of a client for an office whose accounts begin so, and that keeps its nomenclatures there."""
    return (
        name_is_required,
        siret_agrees_with_siren,
        vat_agrees_with_siren,
        intracommunity_needs_a_number,
        ape_code_is_known(ape_folder),
        account_code_starts_with(account_prefix),
        payment_term_keeps_the_legal_cap,
        parent_is_another,
        phones_are_assigned("phone"),
        begun_address_is_complete,
        postal_code_is_usual,
        town_fits_postal_code,
    )


CLIENT_RULES = client_rules()
CONTACT_RULES: tuple[Rule[ContactLike], ...] = (
    email_is_required,
    phones_are_assigned("direct_phone", "mobile_phone", "switchboard_phone"),
)
ADDRESS_RULES: tuple[Rule[AddressLike], ...] = (
    address_has_a_label,
    address_is_complete,
    postal_code_is_usual,
    town_fits_postal_code,
)


def _stored_text(typed: str, _subject: object) -> str:
    return clean_text(typed)


def _stored_country(typed: str, _subject: object) -> str:
    """France unless changed."""
    return country_code(typed) or FRANCE


def _stored_postal_code(typed: str, address: HasAddress) -> str:
    return clean_postal_code(typed, country_or_france(address.country))


def _stored_siren(typed: str, client: ClientLike) -> str:
    """What was typed, else the SIREN in the SIRET."""
    siren = clean_siren(typed)
    if siren or not client.siret:
        return siren
    try:
        return siren_of(clean_siret(client.siret))
    except Rejected:
        return ""


def _stored_contact_phone(typed: str, contact: ContactLike) -> str:
    return clean_phone(typed, country_or_france(contact.client.country if contact.client else None))


def _stored_label(typed: str, address: AddressLike) -> str:
    """An address without a name of its own goes by its town or street."""
    return clean_text(typed) or (address.city or address.street or "")[:_LONGEST_LABEL]


_ADDRESS_CLEANERS: dict[str, Cleaner[HasAddress]] = {
    "country": _stored_country,
    **dict.fromkeys(("street", "street2", "city"), _stored_text),
    "postal_code": _stored_postal_code,
}
#: The order counts: what is read by the country comes after it, the SIREN after the SIRET.
CLIENT_CLEANERS: dict[str, Cleaner[ClientLike]] = {
    **_ADDRESS_CLEANERS,
    "name": _stored_text,
    "website": lambda typed, _client: clean_website(typed),
    "phone": lambda typed, client: clean_phone(typed, country_or_france(client.country)),
    "siret": lambda typed, _client: clean_siret(typed),
    "siren": _stored_siren,
    "vat_number": lambda typed, client: clean_vat(typed, country_or_france(client.country)),
    "ape_code": lambda typed, _client: clean_ape(typed),
    "account_code": lambda typed, _client: clean_account_code(typed),
}
CONTACT_CLEANERS: dict[str, Cleaner[ContactLike]] = {
    **dict.fromkeys(("first_name", "last_name", "job_title"), _stored_text),
    "email": lambda typed, _contact: clean_email(typed),
    **dict.fromkeys(("direct_phone", "mobile_phone", "switchboard_phone"), _stored_contact_phone),
}
ADDRESS_CLEANERS: dict[str, Cleaner[AddressLike]] = {**_ADDRESS_CLEANERS, "label": _stored_label}


def _incomplete(field: str, message: Message) -> Problem:
    return Problem(field, message, "warning", "address_incomplete")
