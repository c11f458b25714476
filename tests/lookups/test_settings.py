"""The settings' own page: the logo and what is refused for one, and how the identity prints."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage

from backoffice.core.db import db
from backoffice.core.problems import Rejected
from backoffice.lookups import logo
from backoffice.lookups.identity import identity
from backoffice.lookups.models import OfficeLogo, OfficeSettings
from tests.clients.cast import browser_of, facts, notices, row, rows
from tests.clients.together import at_once
from tests.web import Browser, fill

ADA = "Ada Lovelace"


def png(width: int = 4, height: int = 2, padding: int = 0) -> bytes:
    """A whole PNG of one colour; `padding` bytes of text make it heavier."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    pixels = zlib.compress((b"\0" + b"\x2f\x5b\xea" * width) * height)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    text = chunk(b"tEXt", b"a" * padding) if padding else b""
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + text + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def jpeg(width: int = 4, height: int = 2) -> bytes:
    """The head of a JPEG, as far as anyone reads for its size."""
    app0 = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\0"
    return b"\xff\xd8" + app0 + frame + b"\xff\xda\0\x02" + b"\xff\xd9"


HEAVIEST = png(padding=logo.MOST_BYTES - len(png()) - 12)


@pytest.fixture
def ada(app: Flask) -> Browser:
    browser = browser_of(app, "administrateur", name=ADA)
    browser.get("/settings/")
    return browser


def upload(browser: Browser, content: bytes, name: str = "logo.png", **changes: Any) -> None:
    fields = fill(browser.form("#record"), changes).to_dict(flat=False)
    browser.post(
        browser.path,
        {**fields, "logo": FileStorage(BytesIO(content), name)},
        content_type="multipart/form-data",
    )


def kept(app: Flask) -> list[dict[str, Any]]:
    return rows(app, OfficeLogo)


@pytest.mark.parametrize(
    ("content", "mime"), [(png(), "image/png"), (jpeg(), "image/jpeg")], ids=["png", "jpeg"]
)
def test_a_logo_is_kept_with_the_rest_and_served_to_whoever_may_be_there(
    app: Flask, ada: Browser, content: bytes, mime: str
) -> None:
    assert ada.form("#record")["enctype"] == "multipart/form-data"
    upload(ada, content, "Mon logo.bin", company_name="Atelier Lefèvre")
    assert notices(ada) == ["Réglages enregistrés."]
    assert row(app, OfficeSettings, 1)["company_name"] == "Atelier Lefèvre"
    image = ada.page.select_one(".identity img")
    assert image is not None
    reader = browser_of(app, "lecture")
    reader.get(str(image["src"]))
    assert reader.response.data == content
    assert reader.response.mimetype == mime
    assert reader.response.headers["X-Content-Type-Options"] == "nosniff"
    assert reader.response.headers["Cache-Control"] == "no-store"


def test_the_history_names_the_file_and_holds_none_of_its_bytes(app: Flask, ada: Browser) -> None:
    upload(ada, png())
    told = facts(app, "office_logo", operation="create")
    assert sorted(told) == [(ADA, "content", None, f"{len(png())} octets"), (ADA, "name", None, "logo.png")]
    upload(ada, png(6), "autre.png")
    assert (ADA, "name", "logo.png", "autre.png") in facts(app, "office_logo")
    ada.submit("#record", remove_logo=True)
    assert kept(app) == []
    assert (ADA, "name", "autre.png", None) in facts(app, "office_logo", operation="delete")


def test_a_logo_stays_until_it_is_replaced_or_taken_away(app: Flask, ada: Browser) -> None:
    assert ada.page.select("[name=remove_logo]") == []
    upload(ada, png())
    ada.submit("#record", company_name="L'Office")
    assert [found["content"] for found in kept(app)] == [png()]
    upload(ada, jpeg(), remove_logo=True)
    assert [found["mime"] for found in kept(app)] == ["image/jpeg"]
    ada.submit("#record", remove_logo=True)
    assert kept(app) == []
    assert ada.client.get("/settings/logo/").status_code == 404


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (HEAVIEST + b"\0", "pèse plus de 500 ko"),
        (b"GIF89a" + b"\0" * 40, "ni un PNG ni un JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "ni un PNG ni un JPEG"),
        (b"<html>", "ni un PNG ni un JPEG"),
        (b"", "ni un PNG ni un JPEG"),
        (png()[:20], "incomplète ou abîmée"),
        (png()[:-6], "incomplète ou abîmée"),
        (jpeg()[:24], "incomplète ou abîmée"),
        (png(0), "incomplète ou abîmée"),
        (png(5001, 1), "dépasse 5 000 pixels"),
        (jpeg(10, 60_000), "dépasse 5 000 pixels"),
    ],
    ids=[
        "heavy",
        "gif",
        "svg",
        "html",
        "empty",
        "cut head",
        "cut end",
        "cut jpeg",
        "no width",
        "wide",
        "high",
    ],
)
def test_what_is_no_logo_is_refused_beside_its_field_and_the_rest_is_kept_in_the_form(
    app: Flask, ada: Browser, content: bytes, said: str
) -> None:
    upload(ada, content, "logo.png", company_name="Atelier Lefèvre")
    assert said in ada.error_of("logo")
    assert ada.fields("#record")["company_name"] == "Atelier Lefèvre"
    assert row(app, OfficeSettings, 1)["company_name"] is None
    assert kept(app) == []
    ada.submit("#record")
    assert row(app, OfficeSettings, 1)["company_name"] == "Atelier Lefèvre"


def test_the_heaviest_that_is_allowed_is_kept(app: Flask, ada: Browser) -> None:
    assert len(HEAVIEST) == logo.MOST_BYTES == 500_000
    upload(ada, HEAVIEST)
    assert [len(found["content"]) for found in kept(app)] == [500_000]


def test_a_logo_sent_with_something_else_wrong_is_not_kept(app: Flask, ada: Browser) -> None:
    upload(ada, png(), siren="552 008 444")
    assert ada.error_of("siren")
    assert kept(app) == []


def test_a_new_logo_makes_other_open_forms_old_ones(app: Flask, ada: Browser) -> None:
    bob = browser_of(app, "administrateur", name="Bob Admin")
    bob.get("/settings/")
    upload(ada, png())
    bob.submit("#record", company_name="De Bob")
    assert bob.status == 409
    assert f"{ADA} a modifié cette fiche" in bob.text
    assert bob.fields("#record")["company_name"] == "De Bob"


def test_two_first_logos_at_once_leave_one(app: Flask, ada: Browser) -> None:
    bob = browser_of(app, "administrateur", name="Bob Admin")
    bob.get("/settings/")
    at_once(lambda: upload(ada, png()), lambda: upload(bob, jpeg()))
    assert {ada.status, bob.status} == {200, 409}
    assert len(kept(app)) == 1


def test_a_form_without_file_survives_a_session_that_ran_out(app: Flask, ada: Browser) -> None:
    fields = fill(ada.form("#record"), {"company_name": "Tapé avant"})
    ada.client.delete_cookie("session")
    ada.client.delete_cookie("remember_token")
    ada.get("/login")
    ada.post("/settings/edit/?id=1", {**fields.to_dict(), "csrf_token": ada.csrf_token})
    assert ada.status == 401
    assert ada.page.select_one("input[name=company_name]")["value"] == "Tapé avant"  # type: ignore[index]


def test_the_same_logo_again_leaves_no_fact(app: Flask, ada: Browser) -> None:
    upload(ada, png())
    upload(ada, png())
    assert facts(app, "office_logo") == []


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\logos\\x.png", "a" * 400 + ".png", " "])
def test_the_name_of_a_file_is_only_a_name(name: str) -> None:
    read = logo.read_image(name, png())
    assert read.name
    assert len(read.name) <= 200
    assert "/" not in read.name


def test_bytes_that_only_begin_like_an_image_are_refused_whatever_follows() -> None:
    for start in (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"):
        for rest in (b"", b"\xff" * 300, b"\0" * 300, b"\xff\xe0\0\0" * 20, b"\xff\xda\0\x02"):
            with pytest.raises(Rejected):
                logo.read_image("x.png", start + rest)


def test_the_identity_prints_as_on_an_invoice() -> None:
    office = OfficeSettings(
        company_name="Atelier Lefèvre", street="12 rue des Lilas", street2=None, postal_code="69003", city="Lyon",
        country="FR", siren="812345676", vat_number="FR04812345676", iban="FR1420041010050500013M02606",
    )  # fmt: skip
    printed = identity(office)
    assert printed.lines == ["12 rue des Lilas", "69003 Lyon"]
    assert printed.legal == "SIREN 812 345 676 · TVA FR 04 812345676"
    assert printed.iban == "FR14 2004 1010 0505 0001 3M02 606"
    office.country = "BE"
    assert identity(office).lines[-1] == "Belgique"
    assert identity(OfficeSettings(country="FR")) == ("", [], "", "")


def test_the_page_shows_what_is_stored_without_script(app: Flask, ada: Browser) -> None:
    ada.submit("#record", company_name="Atelier <b>", siren="552 008 443", city="Lyon")
    preview = ada.page.select_one(".identity")
    assert preview is not None
    assert "Atelier <b>" in preview.get_text()
    assert "SIREN 552 008 443" in preview.get_text()
    with app.app_context():
        assert logo.facts_of(db.session()) is None


@pytest.mark.parametrize("name", ["company_name", "siren", "country", "default_payment_term", "row_version"])
def test_a_file_under_the_name_of_another_field_is_no_text_and_breaks_nothing(
    ada: Browser, name: str
) -> None:
    ada.submit("#record", company_name="Atelier")
    fields = fill(ada.form("#record"), {})
    fields[name] = (BytesIO(png()), "x.png")
    ada.post(ada.path, fields)
    assert ada.status < 500
    ada.get("/settings/")
    assert ada.page.select_one("#company_name[value]")


def test_the_settings_are_one_page_with_no_way_back_to_show(app: Flask) -> None:
    browser = browser_of(app, "administrateur")
    browser.get("/settings/")
    assert browser.status == 200
    assert 'class="crumbs"' not in str(browser.page)
