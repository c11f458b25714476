"""How the history tells of the tables of choices and of the settings."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import func

from backoffice.admin.formats import country
from backoffice.admin.tellings import Kind, choice_name, tell_of
from backoffice.core.validators.iban import show_iban
from backoffice.core.validators.siren import show_siren
from backoffice.core.validators.vat import show_vat
from backoffice.lookups.models import LOOKUPS, OfficeLogo, OfficeSettings


def _choices(model: Any) -> Kind:
    return Kind(
        model,
        model.table_label,
        _("a ajouté « %(name)s » à la liste « %(kind)s »"),
        _("a modifié « %(name)s » dans la liste « %(kind)s »"),
        _("a supprimé « %(name)s » de la liste « %(kind)s »"),
        partial(choice_name, model),
        ("label",),
        f"{model.__name__.lower()}.edit_view",
    )


def _settings() -> Kind:
    changed = _("a modifié les réglages")
    return Kind(
        OfficeSettings,
        _("Réglages"),
        changed,
        changed,
        changed,
        lambda: func.coalesce(OfficeSettings.company_name, ""),
        ("company_name",),
        "settings.edit_view",
        shows={
            "country": country,
            "default_country": country,
            "siren": show_siren,
            "vat_number": show_vat,
            "iban": show_iban,
        },
    )


LOGO = Kind(
    OfficeLogo,
    _("Logo"),
    _("a ajouté le logo %(name)s"),
    _("a changé le logo : %(name)s"),
    _("a retiré le logo %(name)s"),
    lambda: OfficeLogo.name,
    ("name",),
)


def register() -> None:
    """Tell of every table of choices, those of other features too."""
    for model in LOOKUPS:
        tell_of(_choices(model))
    tell_of(_settings())
    tell_of(LOGO)
