"""A message dropped on the tab in Chromium: it appears, opens, and does nothing of what it says."""

from __future__ import annotations

import base64

from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, stay, stayed
from tests.clients.cast import add_client
from tests.conftest import on_sqlite_only
from tests.emails.letters import full

pytestmark = on_sqlite_only

_DROP = """(content) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const dropped = new DataTransfer();
  dropped.items.add(new File([bytes], "message.eml", {type: "message/rfc822"}));
  const onto = document.getElementById("feed");
  for (const type of ["dragover", "drop"]) onto.dispatchEvent(new DragEvent(type, {bubbles: true, cancelable: true, dataTransfer: dropped}));
}"""


def drop(page: Page, raw: bytes) -> None:
    page.evaluate(_DROP, base64.b64encode(raw).decode())


def test_a_message_is_dropped_shown_and_taken_back_without_leaving_the_card_or_calling_anybody(
    app: Flask, visit: Visit, live: str
) -> None:
    edf = add_client(app, "EDF", "jeanne@edf.fr", main={"first_name": "Jeanne", "last_name": "Roy"})
    page = visit("gestionnaire")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/client/details/?id={edf}&tab=activity")
    stay(page)
    drop(page, full().as_bytes())
    expect(page.locator("#feed h3")).to_have_text("E-mail : Réponse au devis")
    expect(page.locator(".notice")).to_contain_text("avec Jeanne Roy")
    drop(page, b"Bonjour")
    expect(page.locator("#email-file-error")).to_contain_text("n’est pas un e-mail")
    assert stayed(page)

    page.get_by_role("link", name="Afficher le message : Réponse au devis").click()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("Bonjour")).to_be_visible()
    expect(frame.get_by_text("[Image distante non affichée : Photo]")).to_be_visible()
    expect(frame.locator("img")).to_have_count(1)
    expect(frame.locator("script, form, svg, iframe")).to_have_count(0)
    with page.expect_download() as started:
        page.get_by_role("link", name="page.html").click()
    assert started.value.suggested_filename == "page.html"
    assert [url for url in asked if not url.startswith((live, "data:"))] == []
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    page.go_back()
    page.locator("#feed .entry summary").click()
    page.get_by_role("button", name="Mettre à la corbeille").click()
    expect(page.locator("#feed .entry")).to_have_count(0)


def test_a_file_is_chosen_by_its_field_on_a_phone(app: Flask, visit: Visit) -> None:
    edf = add_client(app, "EDF", "jeanne@edf.fr")
    page = visit("support")
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"/client/details/?id={edf}&tab=activity")
    stay(page)
    page.get_by_label("Classer un e-mail (.eml)").set_input_files(
        {"name": "message.eml", "mimeType": "message/rfc822", "buffer": full().as_bytes()}
    )
    expect(page.locator("#feed .entry")).to_have_count(1)
    assert stayed(page)


def test_what_is_wrong_with_a_file_stands_beside_its_field_and_one_that_is_too_large_is_not_even_sent(
    app: Flask, visit: Visit
) -> None:
    edf = add_client(app, "EDF", "jeanne@edf.fr")
    page = visit("support")
    page.goto(f"/client/details/?id={edf}&tab=activity")
    stay(page)
    page.get_by_role("button", name="Classer", exact=True).press("Enter")
    expect(page.locator("#email-file-error")).to_have_text("Choisissez un fichier .eml, ou déposez-le ici.")
    expect(page.locator("#email-file")).to_be_focused()

    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    page.locator(".log-email").evaluate("form => { form.dataset.most = 1000 }")
    drop(page, b"From: jeanne@edf.fr\n\n" + b"x" * 1000)
    expect(page.locator("#email-file-error")).to_contain_text("pèse plus de 25 Mo")
    drop(page, b"From: jeanne@edf.fr\n\nBonjour")
    expect(page.locator("#feed .entry")).to_have_count(1)
    expect(page.locator("#email-file-error")).to_have_count(0)
    assert sent.count("POST") == 1
    assert stayed(page)
