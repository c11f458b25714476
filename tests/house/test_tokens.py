"""The colours of the style: text stands out by 4.5 to 1, borders of fields, icons and charts by 3 to 1 (WCAG 2.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from config import ROOT

STYLE = ROOT / "backoffice" / "static" / "css"
_RULE = re.compile(r"([^{}@]+)\{([^{}]*)\}")
_HEX = re.compile(r"#[0-9a-f]{3}(?:[0-9a-f]{3})?\b", re.IGNORECASE)

TEXT, SHAPE = 4.5, 3.0

#: What stands on what, where the two are said by different rules: colour, ground, least contrast, where.
PAIRS = (
    ("--ink", "--paper", TEXT, "text on cards"),
    ("--ink", "--ground", TEXT, "text on the page, titles"),
    ("--ink-soft", "--paper", TEXT, "secondary text, labels, chips at rest, placeholders"),
    ("--ink-soft", "--ground", TEXT, "secondary text on the page, the search box"),
    ("--ink-soft", "--brand-soft", TEXT, "secondary text of a row under the pointer"),
    ("--ink", "--brand-soft", TEXT, "a row or choice under the pointer"),
    ("--brand", "--paper", TEXT, "links"),
    ("--brand", "--ground", TEXT, "links on the page"),
    ("--brand", "--brand-soft", TEXT, "a plain button under the pointer"),
    ("--side-soft", "--side", TEXT, "lines of the menu"),
    ("--good", "--paper", TEXT, "what is right"),
    ("--warn", "--paper", TEXT, "what to look at"),
    ("--bad", "--paper", TEXT, "errors beside fields, stars of required ones"),
    ("--bad", "--ground", TEXT, "errors on the page"),
    ("--good", "--good-soft", TEXT, "pill and notice"),
    ("--warn", "--warn-soft", TEXT, "pill and notice"),
    ("--bad", "--bad-soft", TEXT, "pill and notice"),
    ("--paper", "--brand", TEXT, "main buttons"),
    ("--paper", "--bad", TEXT, "dangerous buttons"),
    ("--line-strong", "--paper", SHAPE, "borders of what can be filled in, chips"),
    ("--line-strong", "--ground", SHAPE, "the border of the search box"),
    ("--idle", "--paper", SHAPE, "icons at rest"),
    ("--star", "--paper", SHAPE, "the star of the main contact"),
    ("--bar", "--paper", SHAPE, "bars of charts"),
    ("--brand", "--paper", SHAPE, "the ring of the focus"),
    ("--brand", "--ground", SHAPE, "the ring of the focus on the page"),
)


def rules() -> Iterator[tuple[str, dict[str, str]]]:
    """Every rule of every sheet: its selector and what it declares."""
    for sheet in sorted(STYLE.glob("*.css")):
        source = re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.DOTALL)
        for selector, body in _RULE.findall(source):
            lines = [line.partition(":") for line in body.split(";") if ":" in line]
            yield (
                f"{sheet.name} {selector.strip()}",
                {name.strip(): value.strip() for name, _, value in lines},
            )


TOKENS = {
    name: value
    for selector, declared in rules()
    if selector == "base.css :root"
    for name, value in declared.items()
}


def colour(said: str) -> str | None:
    """The colour that a declaration comes to; None for none, or one that is see-through."""
    said = re.sub(r"var\((--[a-z-]+)\)", lambda found: TOKENS[found[1]], said)
    found = _HEX.findall(said)
    return str(found[0]) if len(found) == 1 else None


def brightness(code: str) -> float:
    """The relative luminance of WCAG."""
    digits = code.removeprefix("#")
    pairs = [digits[i : i + 2] for i in (0, 2, 4)] if len(digits) == 6 else [2 * digit for digit in digits]
    parts = [int(pair, 16) / 255 for pair in pairs]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((brightness(one), brightness(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("front", "ground", "least", "where"), PAIRS, ids=lambda part: str(part))
def test_what_stands_on_what_can_be_told_apart(front: str, ground: str, least: float, where: str) -> None:
    assert contrast(TOKENS[front], TOKENS[ground]) >= least, where


def test_a_rule_that_gives_text_its_colour_and_its_ground_keeps_them_apart() -> None:
    """Pills, tags, chips, marks, buttons: whatever names both."""
    seen, wrong = 0, {}
    for selector, declared in rules():
        front = colour(declared.get("color", ""))
        ground = colour(declared.get("background", declared.get("background-color", "")))
        if front and ground:
            seen += 1
            least = SHAPE if ".icon" in selector or "::before" in selector else TEXT
            if contrast(front, ground) < least:
                wrong[selector] = round(contrast(front, ground), 2)

    assert wrong == {}
    assert seen > 15


def test_text_of_the_menu_stands_out_from_its_dark_ground() -> None:
    fronts = {
        selector: found
        for selector, declared in rules()
        if selector.startswith("base.css .side") and (found := colour(declared.get("color", "")))
    }

    low = {name: front for name, front in fronts.items() if contrast(front, TOKENS["--side"]) < TEXT}
    assert low == {}
    assert len(fronts) > 3


def test_every_token_is_used_and_none_is_used_that_is_not_there() -> None:
    source = "".join(sheet.read_text("utf-8") for sheet in sorted(STYLE.glob("*.css")))
    # A script may set what has a value to fall back to.
    used = set(re.findall(r"var\((--[a-z-]+)\)", source))
    declared = set(re.findall(r"[{;\s](--[a-z-]+):", source))

    assert used - declared == set()
    assert declared - used == set()


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#fff") == pytest.approx(4.48, abs=0.01)
