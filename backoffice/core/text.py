"""Text as people type it: cleaning what is stored, folding what is compared, and the words of a search."""

import re
import unicodedata
from collections.abc import Iterable
from itertools import groupby, pairwise

from flask_babel import lazy_gettext as _

from backoffice.core.problems import Rejected

MAX_QUERY_LENGTH = 100
MAX_QUERY_WORDS = 8

# Letters that Unicode does not decompose into a base letter and a mark.
_BASE_LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i"}
)
_LEGAL_FORM = re.compile(
    "sa|sas|sasu|sarl|eurl|sci|snc|scop|scic|sca|scs|selarl|se|gie|ei|eirl|ste|societe|gmbh|ag|kg|ug|ohg|co"
    "|ltd|limited|llc|llp|inc|corp|plc|bv|nv|srl|sprl|spa|sl|oy|ab|as|aps"
)
_WHITE_CONTROLS = frozenset("\t\n\v\f\r\x85")
_TRUNK_ZERO = re.compile(r"(?<=\+\d\d)\s*\(\s*0\s*\)")
_LETTERS_THEN_DIGITS = re.compile(r"[a-z]{1,3}(\d{4,})")
_COUNTRY_LIKE = re.compile(r"[a-z]{1,3}\d*")
_INVISIBLE_ENDS = "\u200b\u2060\ufeff"


def fold(text: str) -> str:
    """The form in which texts are compared: no accents, no case, words of letters and digits, single spaces.

    `Œuvres d'Été — Île-de-France` gives `oeuvres d ete ile de france`. Invisible characters vanish
    without cutting the word they stand in.
    """
    # Case folding can bring marks back (İ), so decompose again after it.
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return " ".join("".join(map(_folded_character, decomposed.translate(_BASE_LETTERS))).split())


def words(text: str) -> list[str]:
    """The folded words of a text, in order."""
    return fold(text).split()


def strip_or_none(text: str | None) -> str | None:
    """The text without white space and invisible characters around it, or None when nothing is left."""
    return (text or "").strip().strip(_INVISIBLE_ENDS).strip() or None


def bare_name(name: str) -> str:
    """The folded name without legal forms around it, to compare names: `S.A.S. Dupont` gives `dupont`.

    A form in front is dropped only when written as one (`SAS`, `S.A.S.`): some are words too (`Se Loger`).
    """
    chunks = name.split()
    bare = [fold(chunk).replace(" ", "") if "." in chunk else fold(chunk) for chunk in chunks]
    kept = [(chunk, word) for chunk, word in zip(chunks, bare, strict=True) if word]
    while len(kept) > 1 and _LEGAL_FORM.fullmatch(kept[-1][1]):
        kept.pop()
    while len(kept) > 1 and kept[0][0].isupper() and _LEGAL_FORM.fullmatch(kept[0][1]):
        kept.pop(0)
    return " ".join(word for _chunk, word in kept)


def clean_text(typed: str) -> str:
    """One line of text as it is stored: composed (NFC), trimmed, each run of white space one space.

    Text in which nothing can be seen is blank.
    Raises Rejected for control characters and lone surrogates, which PostgreSQL refuses or nobody can see.
    Right-to-left marks are letters' business in Arabic and Hebrew names, and stay.
    """
    _refuse_unstorable(typed)
    composed = unicodedata.normalize("NFC", typed)
    # A few letters get longer when composed; they must not outgrow a column that the typed text fitted.
    text = composed if len(composed) <= len(typed) else typed
    return (strip_or_none(" ".join(text.split())) or "") if any(map(_is_visible, text)) else ""


def clean_lines(typed: str) -> str:
    """A text of several lines as it is stored: its lines as they were typed, without blanks after the last word.

    Text in which nothing can be seen is blank. Raises Rejected like `clean_text`.
    """
    _refuse_unstorable(typed)
    text = "\n".join(line.rstrip() for line in typed.splitlines()).strip("\n")
    return text if any(map(_is_visible, text)) else ""


def search_tokens(text: str) -> list[str]:
    """The words under which a text is found, each once: what an index of searches should hold for it.

    Beside its words: what punctuation cuts (`L'Oréal` also `loreal`, `E.D.F.` also `edf`), groups of digits
    (`300 054 392` also `300054392`) and the digits of a number with a country before it (`FR44732829320` also
    `44732829320`).
    """
    plain = words(text)
    chunks = ["".join(words(chunk)) for chunk in text.split() if "@" not in chunk]
    joined = ["".join(run) for run in _digit_runs(plain)]
    bare = [match[1] for word in plain + chunks if (match := _LETTERS_THEN_DIGITS.fullmatch(word))]
    return _distinct(plain + chunks + joined + bare)


def name_tokens(name: str) -> list[str]:
    """As `search_tokens`, for names: neighbouring words also as one (`Saint Gobain` also `saintgobain`)."""
    return _distinct(search_tokens(name) + [left + right for left, right in pairwise(words(name))])


def search_terms(query: str) -> list[list[str]]:
    """Read a search: all terms must match (AND); one does when any of its words begins a word there (OR).

    Each word typed is a term. As spacing does not matter, it may also match joined to its neighbour
    (`total energies` finds `TotalEnergies`), and as part of a run of digits, with the country before it
    (`300 054 392`, `05 04 25 14 22`, `FR 44 732829320`; `0033 1 42` and `+33 (0)1 42` both as `33142`).
    Only the first 100 characters and 8 words count; nothing to look for gives an empty list.
    """
    typed = words(_TRUNK_ZERO.sub(" ", query[:MAX_QUERY_LENGTH]))[:MAX_QUERY_WORDS]
    terms = [[word] for word in typed]
    for start, length, joined in _joined_words(typed):
        for term in terms[start : start + length]:
            term.append(joined)
    distinct = {tuple(_distinct(term)): None for term in terms}
    return [list(term) for term in distinct]


def _joined_words(typed: list[str]) -> Iterable[tuple[int, int, str]]:
    """(first word, number of words, joined form) for all that may also be one word."""
    for index, (left, right) in enumerate(pairwise(typed)):
        if not right.isdigit() or _may_lead_a_number(left):
            yield index, 2, left + right
    index = 0
    for kind, group in groupby(typed, _kind):
        run = list(group)
        if kind == "digits":
            yield from _joined_number(typed, index, run)
        elif kind == "letter":
            yield index, len(run), "".join(run)
        index += len(run)


def _joined_number(typed: list[str], index: int, run: list[str]) -> Iterable[tuple[int, int, str]]:
    joined = "".join(run)
    yield index, len(run), joined
    if joined.startswith("00") and len(joined) > 5:
        yield index, len(run), joined[2:]
    if index and _may_lead_a_number(typed[index - 1]):
        yield index - 1, len(run) + 1, typed[index - 1] + joined


def _kind(word: str) -> str:
    if word.isdigit():
        return "digits"
    return "letter" if len(word) == 1 else "word"


def _may_lead_a_number(word: str) -> bool:
    """A country, with or without the first digits after it (`FR`, `FR44`)."""
    return _COUNTRY_LIKE.fullmatch(word) is not None


def _digit_runs(typed: list[str]) -> list[list[str]]:
    runs = [list(group) for is_number, group in groupby(typed, str.isdigit) if is_number]
    return [run for run in runs if len(run) > 1]


def _distinct(tokens: Iterable[str]) -> list[str]:
    return [token for token in dict.fromkeys(tokens) if token]


def _folded_character(character: str) -> str:
    if character.isalnum():
        return character
    return "" if unicodedata.category(character)[0] == "M" or unicodedata.category(character) == "Cf" else " "


def _refuse_unstorable(typed: str) -> None:
    if any(_is_unstorable(character) for character in typed):
        raise Rejected(
            _("Ce texte contient un caractère invisible interdit : effacez-le et tapez-le à nouveau."),
            "control_character",
        )


def _is_visible(character: str) -> bool:
    return unicodedata.category(character)[0] not in "CZ"


def _is_unstorable(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs") and character not in _WHITE_CONTROLS
