"""Pictures of every page, on a large screen and on a phone: `make screenshots`.

The product runs on a database of its own, with the cast of `flask demo`. With --beside FOLDER, a page of all pictures
shows each next to the one of the same name there (clients.png, phone-clients.png…). --store renews the few that the
README shows.
"""

from __future__ import annotations

import argparse
import html
import logging
import shutil
import sys
import tempfile
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser, Page

from backoffice import create_app
from backoffice.core.db import for_writing
from config import PREFIX, ROOT, load_settings
from tests.browser.chromium import MISSING, program, served, started
from tests.browser.pages import FIRST, PAGES, PROTECTED, PUBLIC, add_cast, addresses, protect
from tests.browser.pictures import smaller
from tests.users.people import PASSWORD, make_user

FOLDER = ROOT / "test-results" / "screenshots"
STORED = Path(__file__).parent / "pictures"
SIZES = {1440: {"width": 1440, "height": 900}, 390: {"width": 390, "height": 844}}

#: What the README shows: page and width.
SHOWN = (("dashboard", 1440), ("clients", 1440), ("card", 1440), ("create", 1440), ("card", 390))
#: The names that a drawn picture has for a page of ours.
DRAWN = {"card-inactive": "inactive", "clients-nothing-found": "empty"}

CAST = (
    ("camille.roy@exemple.fr", "administrateur", "Camille", "Roy"),
    ("nadia.benali@exemple.fr", "gestionnaire", "Nadia", "Benali"),
    ("hugo.martin@exemple.fr", "support", "Hugo", "Martin"),
    ("ines.caron@exemple.fr", "lecture", "Inès", "Caron"),
)
ME, PROTECTED_ONE = CAST[0][0], CAST[1][0]


def product(folder: Path) -> Flask:
    """The product on an empty database of its own."""
    app = create_app(load_settings({f"{PREFIX}DATA_DIR": str(folder), f"{PREFIX}LOG_LEVEL": "error"}))
    with app.app_context(), for_writing():
        upgrade()
    for name in ("werkzeug", "alembic"):
        logging.getLogger(name).setLevel(logging.ERROR)
    return app


def log_in(page: Page, email: str) -> None:
    page.context.clear_cookies()
    page.goto("/login")
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: not url.endswith("/login"))


def take(page: Page, name: str, path: str) -> None:
    """One page in each size, from its head to its foot."""
    for width, size in SIZES.items():
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.goto(path)
        page.evaluate("document.fonts.ready")
        page.screenshot(path=FOLDER / f"{name}-{width}.png", full_page=True, animations="disabled")


def take_all(app: Flask, page: Page) -> None:
    """Every page, in the order in which a new house would see them."""
    for name, path in FIRST.items():
        take(page, name, path)
    for email, role, first, last in CAST:
        make_user(app, email, role, first_name=first, last_name=last)
    add_cast(app)
    for name, path in PUBLIC.items():
        take(page, name, path)
    log_in(page, ME)
    for name, path in addresses(app, PAGES).items():
        take(page, name, path)
    log_in(page, PROTECTED_ONE)
    protect(app, PROTECTED_ONE)
    code, *others = PROTECTED.items()
    for name, path in others:
        take(page, name, path)
    log_in(page, PROTECTED_ONE)
    take(page, *code)


def store(app: Flask, page: Page) -> None:
    """The pictures of the README: one screen each, in few colours."""
    STORED.mkdir(exist_ok=True)
    log_in(page, ME)
    paths = addresses(app, PAGES)
    for name, width in SHOWN:
        page.set_viewport_size(SIZES[width])  # type: ignore[arg-type]
        page.goto(paths[name])
        page.evaluate("document.fonts.ready")
        picture = page.screenshot(animations="disabled")
        (STORED / f"{name}-{width}.png").write_bytes(smaller(page, picture))


def overview(beside: Path | None) -> None:
    """A page of all pictures, each next to the drawn one where there is one."""
    rows = []
    for picture in sorted(FOLDER.glob("*.png")):
        name, _dash, width = picture.stem.rpartition("-")
        drawn = f"{'phone-' if width == '390' else ''}{DRAWN.get(name, name)}.png"
        cells = [picture.name]
        if beside and (beside / drawn).is_file():
            shutil.copyfile(beside / drawn, FOLDER / "beside" / drawn)
            cells.append(f"beside/{drawn}")
        images = "".join(
            f'<a href="{html.escape(cell)}"><img src="{html.escape(cell)}" alt=""></a>' for cell in cells
        )
        rows.append(f"<h2>{html.escape(name)} · {width}</h2><div>{images}</div>")
    style = "body{font:14px sans-serif;margin:20px}div{display:flex;gap:16px;align-items:start}a{flex:0 1 auto;min-width:0}img{max-width:100%;border:1px solid #ccc}"
    page = (
        f"<!doctype html><meta charset=utf-8><title>Screenshots</title><style>{style}</style>{''.join(rows)}"
    )
    (FOLDER / "index.html").write_text(page, "utf-8")


def run(browser: Browser, app: Flask, is_stored: bool) -> None:
    with served(app) as address:
        context = browser.new_context(base_url=address, locale="fr-FR", timezone_id="Europe/Paris")
        page = context.new_page()
        take_all(app, page)
        if is_stored:
            store(app, page)
        context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description="Take pictures of every page into test-results/screenshots.")
    parser.add_argument("--beside", type=Path, help="a folder of pictures to show each one next to")
    parser.add_argument("--store", action="store_true", help="also renew the pictures that the README shows")
    asked = parser.parse_args()
    path = program()
    if path is None:
        sys.exit(MISSING)
    if asked.beside and not asked.beside.is_dir():
        sys.exit(f"no such folder: {asked.beside}")
    shutil.rmtree(FOLDER, ignore_errors=True)
    (FOLDER / "beside").mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder, started(path) as browser:
        run(browser, product(Path(folder)), asked.store)
    overview(asked.beside)
    taken = len(list(FOLDER.glob("*.png")))
    sys.stdout.write(f"{taken} pictures in {FOLDER.relative_to(ROOT)}, all on index.html there\n")


if __name__ == "__main__":
    main()
