"""The settings of the office: one page, with its logo and how its identity prints."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from flask import abort, make_response, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from markupsafe import Markup
from werkzeug.datastructures import CombinedMultiDict, MultiDict

from backoffice.admin import fields
from backoffice.admin.layout import Cell, Section
from backoffice.admin.pager import Order
from backoffice.admin.records import RecordView
from backoffice.core.db import db
from backoffice.core.problems import Problem
from backoffice.core.validators.iban import show_iban
from backoffice.core.validators.siren import show_siren
from backoffice.core.validators.vat import show_vat
from backoffice.lookups import logo, services
from backoffice.lookups.forms import LogoField, RemovalField
from backoffice.lookups.identity import identity
from backoffice.lookups.models import Language, PaymentTerm


class RemovalCell(Cell):
    """The cell of such a box."""

    def __call__(self, form: Any, form_opts: Any = None, field_args: Any = None) -> Any:
        return (
            super().__call__(form, form_opts, field_args) if form[self.field_name].is_offered else Markup("")
        )


class SettingsView(RecordView):
    """The settings of the office: one page, one row."""

    rights: ClassVar = {
        "index_view": "settings.write",
        "edit_view": "settings.write",
        "logo_view": "home.read",
    }
    menu_group = _("Administration")
    edit_template = "lookups/settings.html"
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
        "logo": LogoField(_("Logo"), render_kw={"accept": ",".join(logo.MIMES)}),
        "remove_logo": RemovalField(_("Retirer le logo")),
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
            "siren",
            "vat_number",
            Cell("iban", 6),
            Cell("logo", 4, hint=_("PNG ou JPEG, 500 ko au plus.")),
            RemovalCell("remove_logo", 2),
        ),
    )

    @expose("/")
    def index_view(self) -> ResponseReturnValue:
        return redirect(self.get_url(".edit_view", id=self.find(1).id))

    def edit_form(self, obj: Any = None) -> Any:
        # Of the files only the logo: one sent under the name of a text field would stand in its place.
        logos = MultiDict([("logo", file) for file in request.files.getlist("logo")])
        form: Any = self._edit_form_class(
            CombinedMultiDict((logos, request.form)) if request.method == "POST" else None,
            obj=obj,
            default_payment_term=services.default_of(db.session(), PaymentTerm),
            default_language=services.default_of(db.session(), Language),
        )
        form.kept_logo = logo.facts_of(db.session())
        form.remove_logo.is_offered = form.kept_logo is not None
        return form

    def problems(self, form: Any, record: Any, is_created: bool) -> Iterable[Problem]:
        return services.check_settings(record)

    def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        super().on_model_change(form, model, is_created)
        if form.logo.data:
            logo.keep(db.session(), form.logo.data)
        elif form.remove_logo.data:
            logo.remove(db.session())

    def after_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        services.make_default(db.session(), PaymentTerm, form.default_payment_term.data)
        services.make_default(db.session(), Language, form.default_language.data)

    def home_of(self, record: Any) -> str:
        return self.get_url(".index_view")

    def form_page(
        self, form: Any, record: Any = None, status: int = 200, **context: Any
    ) -> ResponseReturnValue:
        printed = identity(record, str(get_locale() or "fr"))
        return super().form_page(form, record, status, identity=printed, logo=form.kept_logo, **context)

    @expose("/logo/")
    def logo_view(self) -> ResponseReturnValue:
        """The image itself, for whoever may see what is printed with it."""
        kept = logo.of_office(db.session()) or abort(404)
        response = make_response(kept.content)
        response.mimetype = kept.mime
        response.set_etag(kept.digest)
        return response.make_conditional(request)
