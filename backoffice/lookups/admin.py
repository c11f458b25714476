"""The screens of administrators for the tables of choices: one list and form each, order, state and replacement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from flask import g, request
from flask_admin import BaseView
from flask_babel import lazy_gettext as _
from flask_babel import ngettext

from backoffice.admin import fields
from backoffice.admin.formats import pill, show
from backoffice.admin.layout import Cell, Section
from backoffice.admin.pager import Order
from backoffice.core.db import db
from backoffice.core.problems import Problem
from backoffice.lookups import queries, services
from backoffice.lookups.acts import LookupActs
from backoffice.lookups.models import LOOKUPS, Language, Lookup, OfficeSettings, PaymentTerm
from backoffice.lookups.settings import SettingsView

END_OF_MONTH = [
    ("none", _("Non")),
    ("after", _("Après les jours (30 jours fin de mois)")),
    ("before", _("Avant les jours (fin de mois puis 45 jours)")),
]
IN_SHORT = {"none": _("Non"), "after": _("Après les jours"), "before": _("Avant les jours")}


class LookupView(LookupActs):
    """A lookup table: its rows in the order in which forms offer them, and in how many records each is used."""

    menu_group = _("Administration")
    list_template = "lookups/list.html"
    create_template = edit_template = "lookups/form.html"
    page_size = 200
    page_size_options: Any = (200,)
    can_view_details = False
    has_status = True
    default_status = "all"  # these tables are short, and what is inactive is kept here too
    deleted_message = _("Choix supprimé : %(name)s.")
    created_message = _("Choix ajouté : %(name)s.")
    saved_message = _("Choix enregistré : %(name)s.")
    column_list: Any = ("label", "label_en", "is_default", "is_active", "uses")
    default_sort = "position"
    new_title = _("Nouveau choix")
    #: What this table has beside every other.
    more_cells: ClassVar[tuple[Any, ...]] = ()

    def __init__(self, model: type[Lookup]) -> None:
        self.layout = (
            Section(
                _("Choix"),
                "label",
                "label_en",
                *self.more_cells,
                Cell("position", 2, hint=_("Les choix sont proposés dans cet ordre.")),
                Cell("is_active", 2, hint=_("Inactif, il n'est plus proposé mais reste visible où il sert.")),
                Cell("is_default", 2, hint=_("Proposé d'avance sur une nouvelle fiche.")),
            ),
        )
        self.orders = {
            "position": Order((model.position, model.label_key)),
            "label": Order((model.label_key,)),
        }
        endpoint = model.__name__.lower()
        super().__init__(model, name=model.table_label, endpoint=endpoint)
        self.column_labels |= {"is_active": _("Statut"), "uses": _("Utilisations")}

    status_words: ClassVar = {
        "active": _("Choix actifs"),
        "inactive": _("Choix inactifs"),
        "all": _("Tous les choix"),
    }

    def create_form(self, obj: Any = None) -> Any:
        """A new choice comes last, unless another place is typed."""
        sent = request.form if request.method == "POST" else None
        taken = services.choices(db.session(), self.model.__tablename__)
        return self._create_form_class(sent, position=max((row.position for row in taken), default=0) + 1)

    def count_noun(self, number: int) -> str:
        return str(ngettext("choix", "choix", number))

    def uses_of(self, record: Any) -> int:
        """In how many records a row of the list that is shown is used."""
        uses: int = g.use_counts[record.id]
        return uses

    def rows(self, ids: Sequence[int]) -> list[Any]:
        g.use_counts = services.use_counts(db.session(), self.model, ids)
        return super().rows(ids)

    def cell(self, record: Any, name: str) -> Any:
        if name == "is_active":
            return pill(record.is_active, _("Actif"), _("Inactif"))
        if name == "uses":
            uses = self.uses_of(record)
            return _("plus de 10 000") if uses > queries.USE_CAP else show(uses)
        return super().cell(record, name)

    def problems(self, form: Any, record: Any, is_created: bool) -> Iterable[Problem]:
        return services.check_lookup(db.session(), record)

    def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        super().on_model_change(form, model, is_created)
        if form.is_default.data and services.default_of(db.session(), type(model)) is not model:
            model.is_default = False  # the old default steps back first, see after_model_change

    def after_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        if form.is_default.data:
            services.make_default(db.session(), type(model), model)


class LanguageView(LookupView):
    """Languages, with their code."""

    more_cells = (Cell("code", 2),)


class PaymentTermView(LookupView):
    """Payment terms, with what due dates are computed from."""

    column_list = (
        "label",
        "label_en",
        "days",
        "end_of_month",
        "day_of_month",
        "is_default",
        "is_active",
        "uses",
    )
    form_overrides: Any = {"end_of_month": fields.ChoiceField}
    form_args: Any = {"end_of_month": {"choices": END_OF_MONTH}}
    more_cells = (
        Cell("days", 2, hint=_("À compter du jour de la facture.")),
        Cell("end_of_month", 2),
        Cell("day_of_month", 2, hint=_("Par exemple 10 pour « le 10 ». Vide : aucun.")),
    )

    def cell(self, record: Any, name: str) -> Any:
        if name == "end_of_month":
            return IN_SHORT[record.end_of_month]
        return super().cell(record, name)


#: The tables that have more than every other, and the view that shows it.
_special: dict[type[Any], type[LookupView]] = {Language: LanguageView, PaymentTerm: PaymentTermView}


def show_by(model: type[Any], view: type[LookupView]) -> None:
    """Show a table of another feature by a view of its own. To be said before the screens are made."""
    _special[model] = view


def views() -> list[BaseView]:
    """The screens of all tables of choices, made for one app."""
    tables = [_special.get(model, LookupView)(model) for model in LOOKUPS]
    return [*tables, SettingsView(OfficeSettings, name=_("Réglages"), endpoint="settings")]
