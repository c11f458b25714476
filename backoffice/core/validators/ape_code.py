"""APE codes: four digits and a letter. Which ones exist depends on the nomenclature, see core/ape.py."""

import re

from flask_babel import lazy_gettext as _

from backoffice.core.problems import Rejected
from backoffice.core.validators.compact import compact

_FORMAT = re.compile(r"[0-9]{4}[A-Z]")


def clean_ape(typed: str) -> str:
    """The code as INSEE writes it (`62.01Z`), or "" for a blank. Raises Rejected for another format."""
    code = compact(typed)
    if not code:
        return ""
    if not _FORMAT.fullmatch(code):
        raise Rejected(
            _("Un code APE est fait de 4 chiffres et d'une lettre, par exemple 62.01Z : vérifiez-le."),
            "ape_format",
        )
    return f"{code[:2]}.{code[2:]}"


def show_ape(stored: str | None) -> str:
    """As it is stored."""
    return stored or ""
