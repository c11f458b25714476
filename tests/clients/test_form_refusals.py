"""Each rule's wrong input, once, through the real form: refused beside its field, and nothing else happens."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from backoffice.clients.models import Client
from backoffice.lookups.models import CompanyType, PaymentTerm
from tests.clients.cast import add_client, add_clients, browser_of, change, rows, state, summary_of
from tests.web import Browser

TOO_LONG = "Trop long : {} caractères au plus."
GONE = "Ce choix n'existe plus : choisissez-en un autre."
INACTIVE = "Ancienne maison mère est inactif : réactivez d’abord sa fiche, ou faites un autre choix."
INVISIBLE = "Ce texte contient un caractère invisible interdit"

#: (field, what is typed, words of its sentence)
COMPANY: list[tuple[str, str, str]] = [
    ("name", "", "Ce champ est obligatoire"),
    ("name", " \u00a0\u200b ", "Le nom de la société est obligatoire"),
    ("name", "E" * 256, TOO_LONG.format(200)),
    ("name", "ED\x00F", INVISIBLE),
    ("name", "ED\x1bF", INVISIBLE),
    ("website", "javascript:alert(1)", "Un site web commence par http:// ou https://"),
    ("website", "pas un site", "Une adresse de site ne contient ni espace ni guillemet"),
    ("website", "localhost", "Ce n'est pas l'adresse d'un site"),
    ("website", "www.edf.fr/" + "a" * 250, TOO_LONG.format(255)),
    ("phone", "0142685", "Ce numéro"),
    ("phone", "06 12 34 56 7O", "ne contient pas de lettres"),
    ("phone", "0" * 256, TOO_LONG.format(40)),
    ("street", "r" * 256, TOO_LONG.format(200)),
    ("street2", "r" * 256, TOO_LONG.format(200)),
    ("street", "22 avenue\x00 de Wagram", INVISIBLE),
    ("postal_code", "7500", "Un code postal français compte 5 chiffres"),
    ("postal_code", "7" * 256, TOO_LONG.format(16)),
    ("city", "v" * 256, TOO_LONG.format(120)),
    ("country", "Atlantide", "Ce pays"),
    ("country", "F" * 256, TOO_LONG.format(60)),
    ("siren", "552008444", "La clé de contrôle ne correspond pas"),
    ("siren", "12345678", "Un SIREN compte 9 chiffres"),
    ("siren", "000000000", "Un SIREN ne peut pas être fait de zéros"),
    ("siren", "5" * 256, TOO_LONG.format(40)),
    ("siret", "732 829 320 00075", "La clé de contrôle ne correspond pas"),
    ("siret", "00000000000000", "Un SIRET ne peut pas être fait de zéros"),
    ("siret", "1234\x00", "Un SIRET ne contient que des chiffres"),
    ("siret", "5" * 256, TOO_LONG.format(40)),
    ("vat_number", "FR12000000000", "Ce numéro de TVA français n'est pas valide"),
    ("vat_number", "US123456789", "Ce n'est pas un numéro de TVA connu"),
    ("vat_number", "F" * 256, TOO_LONG.format(40)),
    ("ape_code", "62.0", "Un code APE"),
    ("ape_code", "6" * 256, TOO_LONG.format(20)),
    ("account_code", "411-É!", "Un compte comptable est fait de lettres et de chiffres"),
    ("account_code", "401EDF", "Un compte client commence par 411"),
    ("account_code", "411\x00", "Un compte comptable est fait"),
    ("account_code", "4" * 256, TOO_LONG.format(40)),
]
CONTACT: list[tuple[str, str, str]] = [
    ("contacts-0-email", "", "Ce champ est obligatoire"),
    ("contacts-0-email", "   ", "Ce champ est obligatoire"),
    ("contacts-0-email", "jean.martin", "Il manque le @"),
    ("contacts-0-email", "jean@localhost", "Le domaine après le @ est incomplet"),
    ("contacts-0-email", "a..b@x.fr", "Cette adresse e-mail n'est pas valide"),
    ("contacts-0-email", '"a b"@x.fr', "Cette adresse e-mail n'est pas valide"),
    ("contacts-0-email", "je\u200ban@x.fr", "Cette adresse contient un caractère invisible"),
    ("contacts-0-email", "a@x.fr\x00", "Cette adresse contient un caractère invisible"),
    ("contacts-0-email", "a" * 256 + "@x.fr", TOO_LONG.format(254)),
    ("contacts-0-first_name", "p" * 256, TOO_LONG.format(80)),
    ("contacts-0-last_name", "n" * 256, TOO_LONG.format(80)),
    ("contacts-0-last_name", "Mar\x00tin", INVISIBLE),
    ("contacts-0-job_title", "t" * 256, TOO_LONG.format(120)),
    ("contacts-0-direct_phone", "0142685", "Ce numéro"),
    ("contacts-0-mobile_phone", "0712345678/0612345678", "Un seul numéro par champ"),
    ("contacts-0-switchboard_phone", "00 00 00 00 00", "Ce numéro"),
]
ROWS: list[tuple[str, str, str]] = [
    ("addresses-0-label", "l" * 256, TOO_LONG.format(80)),
    ("addresses-0-street", "r" * 256, TOO_LONG.format(200)),
    ("addresses-0-postal_code", "ABCDE", "Un code postal français compte 5 chiffres"),
    ("addresses-0-city", "v" * 256, TOO_LONG.format(120)),
    ("addresses-0-country", "Atlantide", "Ce pays"),
    ("contacts-1-email", "paul", "Il manque le @"),
    ("contacts-1-mobile_phone", "06", "Ce numéro"),
]
BILLING: list[tuple[str, str, str]] = [
    ("billing_street", "r" * 256, TOO_LONG.format(200)),
    ("billing_street2", "r" * 256, TOO_LONG.format(200)),
    ("billing_postal_code", "7500", "Un code postal français compte 5 chiffres"),
    ("billing_city", "v" * 256, TOO_LONG.format(120)),
    ("billing_country", "Atlantide", "Ce pays"),
]
#: A whole form that would be saved; each case spoils one field of it.
RIGHT: dict[str, str] = {
    "name": "EDF",
    "street": "22 avenue de Wagram",
    "postal_code": "75008",
    "city": "Paris",
    "country": "France",
    "contacts-0-email": "contact@edf.fr",
    "contacts-0-first_name": "Jeanne",
}
WITH_ROWS = RIGHT | {
    "addresses-0-label": "Entrepôt",
    "addresses-0-street": "3 rue du Port",
    "addresses-0-postal_code": "13002",
    "addresses-0-city": "Marseille",
    "contacts-1-email": "paul@edf.fr",
}
WITH_BILLING = RIGHT | {
    "billing_same_address": "0",
    "billing_street": "1 rue Neuve",
    "billing_postal_code": "69001",
    "billing_city": "Lyon",
}


def kept(browser: Browser, sent: dict[str, str]) -> dict[str, Any]:
    """What was sent and no longer stands in the form. A page cannot hold NUL."""
    shown = browser.fields("#record")
    return {
        name: (value, shown.getlist(name))
        for name, value in sent.items()
        if value.replace("\x00", "\ufffd")
        not in [text.replace("\x00", "\ufffd") for text in shown.getlist(name)]
    }


def outcome(browser: Browser, field: str, sent: dict[str, str]) -> str:
    """The sentence beside the field, once all the rest is as it must be; else what is not."""
    sentence = browser.error_of(field)
    wrong = browser.page.select("[aria-invalid=true]")
    control = browser.page.select_one(f'[name="{field}"]:not([type=hidden])')
    assert control is not None
    link = browser.page.select_one(f'#summary a[href="#{control["id"]}"]')
    if browser.status != 200 or browser.path != "/client/new/":
        return f"{browser.status} {browser.path}"
    if len(wrong) != 1 or not summary_of(browser).startswith("1 champ à corriger :"):
        return f"wrong: {[str(tag.get('name')) for tag in wrong]}, summary: {summary_of(browser)}"
    if link is None:
        return f"not in the summary: {summary_of(browser)}"
    if lost := kept(browser, sent):
        return f"lost: {lost}"
    return sentence


def refusals(app: Flask, cases: list[tuple[str, str, str]], right: dict[str, str]) -> dict[str, str]:
    """Post every case; the cases whose outcome is not the sentence that is expected."""
    browser = browser_of(app)
    before, surprises = state(app), {}
    browser.get("/client/new/")
    for field, typed, expected in cases:
        sent = right | {field: typed}
        browser.post("/client/new/", sent)
        said = outcome(browser, field, sent)
        if expected not in said:
            surprises[f"{field} = {typed[:40]!r}"] = said
        assert state(app) == before, f"{field} = {typed[:40]!r} left something behind"
    return surprises


@pytest.mark.parametrize(
    ("cases", "right"),
    [(COMPANY, RIGHT), (CONTACT, RIGHT), (ROWS, WITH_ROWS), (BILLING, WITH_BILLING)],
    ids=["company", "main contact", "further rows", "billing address"],
)
def test_a_wrong_value_is_named_beside_its_field_and_nothing_is_saved(
    app: Flask, cases: list[tuple[str, str, str]], right: dict[str, str]
) -> None:
    assert refusals(app, cases, right) == {}


@pytest.mark.parametrize("right", [RIGHT, WITH_ROWS, WITH_BILLING], ids=["bare", "rows", "billing"])
def test_the_form_that_the_cases_spoil_is_saved_unspoiled(app: Flask, right: dict[str, str]) -> None:
    browser = browser_of(app)
    browser.get("/client/new/")
    browser.post("/client/new/", right)
    assert [client["name"] for client in rows(app, Client)] == ["EDF"]


def choices(app: Flask) -> list[tuple[str, str, str]]:
    """Choices that are no choices: unknown ids, rows that are inactive, words."""
    change(app, CompanyType, 2, is_active=False)
    change(app, PaymentTerm, 3, is_active=False)
    inactive = add_client(app, "Ancienne maison mère", is_active=False)
    wrong = {
        "type": ["2", "999", "-1", "Client", "²", str(10**24)],
        "payment_term": ["3", "999"],
        "language": ["999"],
        "parent": ["999", "-1", "EDF", "²", "١", str(10**24)],
        "vat_regime": ["", "exempt"],
        "contacts-0-civility": ["999"],
        "contacts-0-source": ["999"],
    }
    gone = [(field, typed, GONE) for field, all_typed in wrong.items() for typed in all_typed]
    return [*gone, ("parent", str(inactive), INACTIVE)]


def test_a_choice_that_is_not_offered_is_refused(app: Flask) -> None:
    browser = browser_of(app)
    cases, surprises = choices(app), {}
    before = state(app)
    browser.get("/client/new/")
    for field, typed, expected in cases:
        browser.post("/client/new/", RIGHT | {field: typed})
        beside = browser.page.select_one(f"[id='{field}-error']")
        said = beside.get_text(strip=True) if beside else f"nothing ({browser.path})"
        if said != expected or lost_beside(browser, field):
            surprises[f"{field} = {typed}"] = said
    assert surprises == {}
    assert state(app) == before


def lost_beside(browser: Browser, field: str) -> dict[str, Any]:
    return kept(browser, {name: typed for name, typed in RIGHT.items() if name != field})


def test_several_wrong_fields_are_all_named_at_once(app: Flask) -> None:
    browser = browser_of(app)
    before = state(app)
    browser.get("/client/new/")
    browser.post(
        "/client/new/",
        WITH_ROWS | {"name": "", "siret": "1", "contacts-0-email": "x", "contacts-1-email": "y"},
    )
    assert summary_of(browser) == (
        "4 champs à corriger : Nom de la société , SIRET , E-mail , Contact 2 · E-mail"
    )
    assert state(app) == before


def test_identifiers_of_two_companies_are_refused_together(app: Flask) -> None:
    browser = browser_of(app)
    before = state(app)
    for more, field, sentence in (
        ({"siren": "552081317", "siret": "73282932000074"}, "siret", "Ce SIRET n'est pas celui du SIREN"),
        ({"siren": "552081317", "vat_number": "FR44732829320"}, "vat_number", "Ce numéro de TVA contient"),
        ({"siret": "73282932000074", "vat_number": "FR03552081317"}, "vat_number", "Ce numéro de TVA"),
        ({"vat_regime": "intracommunity", "vat_number": "EU372022452"}, "vat_number", "Un numéro EU…"),
    ):
        browser.get("/client/new/")
        browser.post("/client/new/", RIGHT | more)
        assert browser.error_of(field).startswith(sentence)
        assert kept(browser, RIGHT | more) == {}
    assert state(app) == before


def test_the_wrong_value_can_be_put_right_in_the_page_that_names_it(app: Flask) -> None:
    browser = browser_of(app)
    browser.get("/client/new/")
    browser.submit("#record", name="EDF", siren="552008444", **{"contacts-0-email": "contact@edf.fr"})
    assert rows(app, Client) == []
    browser.submit("#record", siren="552081317")
    assert [(client["name"], client["siren"]) for client in rows(app, Client)] == [("EDF", "552081317")]


def test_a_wrong_edit_leaves_the_record_and_its_history_as_they_were(app: Flask) -> None:
    client_id, _other = add_clients(
        app, [{"name": "EDF", "city": "Paris", "email": "contact@edf.fr"}, {"name": "Engie"}]
    )
    browser = browser_of(app)
    before = state(app)
    browser.get(f"/client/edit/?id={client_id}")
    browser.submit(
        "#record", name="", city="Lyon", siren="1", **{"contacts-0-email": "contact@engie.example"}
    )
    assert browser.error_of("name").startswith("Ce champ est obligatoire")
    assert browser.error_of("contacts-0-email").startswith("Cette adresse est déjà celle de")
    assert browser.fields("#record")["city"] == "Lyon"
    assert state(app) == before


def test_a_row_of_which_only_a_detail_was_typed_is_refused_beside_its_field(app: Flask) -> None:
    """It has no name yet: the page once broke on what to call it."""
    browser = browser_of(app)
    before = state(app)
    browser.get("/client/new/")
    details = {"contacts-1-job_title": "Directrice", "addresses-0-city": "Lyon"}
    browser.post("/client/new/", RIGHT | details)
    assert browser.status == 200
    assert browser.error_of("contacts-1-email")
    assert kept(browser, RIGHT | details) == {}
    assert state(app) == before
