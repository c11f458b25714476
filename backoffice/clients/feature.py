"""What this feature registers."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _

from backoffice.admin.features import Feature
from backoffice.admin.help import explain
from backoffice.clients import cards, palette, search, tellings, undoing
from backoffice.clients.admin import views


def _init(app: Flask) -> None:
    _explain()
    search.register()
    cards.register_tabs()
    palette.register()
    tellings.register()
    undoing.register()
    app.jinja_env.filters.update(cards.FILTERS)
    app.jinja_env.globals.update(cards.HELPERS)


def _explain() -> None:
    read, write, switch = "client.read", "client.write", "client.switch"
    explain("clients/help/list", _("Liste des clients"), read, "client.index_view")
    explain("clients/help/search", _("Bien chercher"), read, "client.search")
    explain("clients/help/card", _("Fiche d’un client"), read, "client")
    explain(
        "clients/help/form", _("Créer ou modifier un client"), write, "client.create_view", "client.edit_view"
    )
    explain("clients/help/switch", _("Désactiver et réactiver"), switch, "client.deactivate_view")
    explain("clients/help/contacts", _("Liste des contacts"), read, "contact.index_view")
    explain("clients/help/contact", _("Contact"), read, "contact")
    explain("clients/help/address", _("Adresse"), write, "address")


FEATURE = Feature("clients", views=views, init=_init)
