"""The screens of administrators: one list and form for each lookup table, and the settings of the office."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from flask import g, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import BaseView, expose
from flask_babel import get_locale, ngettext
from flask_babel import lazy_gettext as _

from backoffice.admin import fields
from backoffice.admin.formats import show
from backoffice.admin.layout import Cell, Section
from backoffice.admin.pager import Order
from backoffice.admin.records import RecordView
from backoffice.core.db import db
from backoffice.core.problems import Problem
from backoffice.core.validators.iban import show_iban
from backoffice.core.validators.siren import show_siren
from backoffice.core.validators.vat import show_vat
from backoffice.lookups import queries, services
from backoffice.lookups.models import LOOKUPS, Language, Lookup, OfficeSettings, PaymentTerm

END_OF_MONTH = [
    ("none", _("Non")),
    ("after", _("Après les jours (30 jours fin de mois)")),
    ("before", _("Avant les jours (fin de mois puis 45 jours)")),
]
ADMINISTRATION = _("Administration")
_METHODS = ("index_view", "create_view", "edit_view", "delete_view")


def offer(model: Any) -> Sequence[fields.Choice]:
    """What forms and filters offer of a lookup table, in the reader's language."""
    english = str(get_locale() or "fr") == "en"
    return [
        fields.Choice(row.id, (english and row.label_en) or row.label, row.is_active, row.is_default)
        for row in services.choices(db.session(), model.__tablename__)
    ]


class LookupView(RecordView):
    """A lookup table: its rows in the order in which forms offer them, and in how many records each is used."""

    rights: ClassVar = dict.fromkeys(_METHODS, "lookup.write")
    menu_group = ADMINISTRATION
    can_view_details = False
    has_status = True
    default_status = "all"  # these tables are short, and what is inactive is kept here too
    row_actions_template = "lookups/row_actions.html"
    deleted_message = _("Choix supprimé : %(name)s.")
    created_message = _("Choix ajouté : %(name)s.")
    saved_message = _("Choix enregistré : %(name)s.")
    column_list: Any = ("label", "label_en", "position", "is_default", "is_active", "uses")
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
        self.column_labels["uses"] = _("Utilisations")

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

    def refuse_delete(self, record: Any) -> Problem | None:
        return services.refuse_delete(db.session(), record)


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
            return dict(END_OF_MONTH)[record.end_of_month]
        return super().cell(record, name)


class SettingsView(RecordView):
    """The settings of the office: one page, one row."""

    rights: ClassVar = dict.fromkeys(("index_view", "edit_view"), "settings.write")
    menu_group = ADMINISTRATION
    can_view_details = can_create = can_delete = False
    column_list = ("company_name",)
    orders: Any = {"id": Order(())}
    default_sort = "id"
    saved_message = _("Réglages enregistrés.")
    form_overrides: Any = dict.fromkeys(("default_country", "country"), fields.CountryField)
    form_args: Any = {
        "siren": {"shows": show_siren},
        "vat_number": {"shows": show_vat},
        "iban": {"shows": show_iban},
    }
    form_extra_fields: Any = {
        "default_payment_term": fields.LookupField(_("Délai de paiement par défaut"), model=PaymentTerm),
        "default_language": fields.LookupField(_("Langue par défaut"), model=Language),
    }
    layout = (
        Section(
            _("Valeurs par défaut"),
            Cell("default_payment_term", 3, hint=_("Pour les clients sans délai négocié.")),
            Cell("default_language", 3),
            Cell("default_country", 3),
            Cell("account_prefix", 3, hint=_("Les comptes comptables des clients commencent ainsi.")),
        ),
        Section(
            _("Identité de la société (devis et factures)"),
            Cell("company_name", 6),
            "street",
            "street2",
            Cell("postal_code", 2),
            Cell("city", 2),
            Cell("country", 2),
            Cell("siren", 2),
            Cell("vat_number", 2),
            Cell("iban", 2),
        ),
    )

    @expose("/")
    def index_view(self) -> ResponseReturnValue:
        return redirect(self.get_url(".edit_view", id=self.find(1).id))

    def edit_form(self, obj: Any = None) -> Any:
        return self._edit_form_class(
            request.form if request.method == "POST" else None,
            obj=obj,
            default_payment_term=services.default_of(db.session(), PaymentTerm),
            default_language=services.default_of(db.session(), Language),
        )

    def problems(self, form: Any, record: Any, is_created: bool) -> Iterable[Problem]:
        return services.check_settings(record)

    def after_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        services.make_default(db.session(), PaymentTerm, form.default_payment_term.data)
        services.make_default(db.session(), Language, form.default_language.data)

    def home_of(self, record: Any) -> str:
        return self.get_url(".index_view")


def views() -> list[BaseView]:
    """The screens of this feature, made for one app."""
    special = {Language: LanguageView, PaymentTerm: PaymentTermView}
    tables = [special.get(model, LookupView)(model) for model in LOOKUPS]
    return [*tables, SettingsView(OfficeSettings, name=_("Réglages"), endpoint="settings")]
