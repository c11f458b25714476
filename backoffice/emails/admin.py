"""The screens of e-mails: writing one, trying again, keeping one from being sent; and the templates."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_admin.helpers import get_redirect_target
from flask_babel import lazy_gettext as _
from flask_login import current_user

from backoffice.activity import scopes
from backoffice.activity.admin import EntryView
from backoffice.activity.fields import EventField, Marked
from backoffice.admin import saving
from backoffice.admin.layout import Cell, Section
from backoffice.clients.models import Contact
from backoffice.core.db import db
from backoffice.core.problems import Problem, errors
from backoffice.emails import rules, services
from backoffice.emails.fields import LanguageField, ReaderField, TemplateField
from backoffice.emails.models import Email, EmailTemplate
from backoffice.lookups import services as lookups
from backoffice.lookups.admin import LookupView
from backoffice.users.models import User

_KNOWN = ", ".join(f"{{{name}}}" for name in rules.PLACEHOLDERS)
#: What texts may leave to be filled in, under each field that takes it.
PLACEHOLDERS_HINT = _("Se complètent tout seuls : %(known)s.", known=_KNOWN)


_RESENT_ELSEWHERE = _("E-mail de nouveau à envoyer, à la nouvelle adresse %(address)s : %(name)s.")


class EmailView(EntryView):
    """E-mails that are written here. Once written they are not edited: their reader has them."""

    rights: ClassVar = {
        "create_view": "email.write",
        "details_view": "client.read",
        "resend_view": "email.write",
        "cancel_view": "email.write",
    }
    kind = "email"
    form_overrides: Any = {"contact": ReaderField, "event": EventField}
    form_extra_fields: Any = {"template": TemplateField(_("Modèle")), "language": LanguageField()}
    form_args: Any = {
        "contact": {"label": _("À"), "validators": [Marked()]},
        "subject": {"validators": [Marked()]},
        "body": {"label": _("Texte"), "validators": [Marked()], "description": PLACEHOLDERS_HINT},
    }
    layout = (
        Section(
            _("E-mail"),
            *(
                Cell(name, 6)
                for name in ("client", "contact", "template", "language", "subject", "body", "event")
            ),
        ),
    )
    new_title = _("Nouvel e-mail")
    created_message = _("E-mail prêt à partir : %(name)s.")

    def __init__(self) -> None:
        super().__init__(Email, name=_("E-mails"))

    # Writing

    def begins(self, where: scopes.Where | None) -> dict[str, Any]:
        """The template that is the default is chosen; what it says comes when it is applied."""
        return {**super().begins(where), "template": lookups.default_of(db.session(), EmailTemplate)}

    def create_form(self, obj: Any = None) -> Any:
        """The form as it was sent; with a template applied, or what would be sent, when that was asked for."""
        form = super().create_form(obj)
        asked = request.form.get("_resumed")
        if asked == "template":
            self._apply(form)
        elif asked == "preview":
            form.preview = self._preview(form)
        return form

    @staticmethod
    def _apply(form: Any) -> None:
        if form.template.data is None:
            saving.list_of(form.template, "errors").append(str(_("Choisissez d’abord un modèle.")))
            return
        begun = services.beginning(form.template.data, form.client.data)
        for field, text in zip((form.subject, form.body, form.language), begun, strict=True):
            field.raw_data = None
            field.process_data(text)
        form.is_foreign = begun.language != services.language_of(form.client.data)
        form.subject.render_kw = {"data-look": True}  # where one reads on

    def _preview(self, form: Any) -> tuple[str, str] | None:
        """The object and the text that would be sent; None, and sentences beside the fields, where none would."""
        with db.session.no_autoflush:
            is_valid = self.validate_form(form)
            email = self.build_new_instance()
            form.populate_obj(email)
            try:
                saving.place(errors(self._written(email, form)), form, email)
            except saving.Refused:
                return None
        return (email.subject, email.body) if is_valid else None

    def problems(self, form: Any, record: Any, is_created: bool) -> Iterable[Problem]:
        found = self._written(record, form)
        if not errors(found):
            services.queue(db.session(), record)
        return found

    @staticmethod
    def _written(email: Email, form: Any) -> list[Problem]:
        author = db.session.get(User, current_user.id) or abort(403)
        return services.write(db.session(), email, author, form.language.data)

    def after_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        """What one writes to a client calls no colleague."""

    # What becomes of it

    @expose("/resend/", methods=("POST",))
    def resend_view(self) -> ResponseReturnValue:
        return self._act(services.resend, _("E-mail de nouveau à envoyer : %(name)s."), _RESENT_ELSEWHERE)

    @expose("/cancel/", methods=("POST",))
    def cancel_view(self) -> ResponseReturnValue:
        return self._act(services.cancel, _("Envoi annulé : %(name)s."))

    def _act(
        self, act: Callable[..., Problem | None], done: Any, done_elsewhere: Any = ""
    ) -> ResponseReturnValue:
        email = self.find(request.form.get("id"), lock=True)
        if not rules.may_resend(email, current_user):
            abort(403)
        home, name, was_to = get_redirect_target() or self.home_of(email), str(email), email.recipients
        problem = act(db.session(), email, current_user.actor)
        if problem is not None:
            db.session.rollback()
            flash(saving.sentence(problem), problem.level)
        else:
            said = str(done if email.recipients == was_to else done_elsewhere)
            values = {"name": name, "address": email.recipients}
            db.session.commit()
            flash(said % values, "success")
        return redirect(home)


def write_to(contact: Contact) -> str:
    """Where one writes to a contact; nowhere to one who is inactive."""
    if not contact.is_active:
        return ""
    back = url_for("contact.details_view", id=contact.id, tab="activity")
    return url_for("email.create_view", contact=contact.id, url=back)


class EmailTemplateView(LookupView):
    """What e-mails begin with, in both languages. Nothing points at a template: it can always be deleted."""

    column_list = ("label", "label_en", "is_active")
    more_cells = (
        Cell("subject_fr", 6),
        Cell("body_fr", 6, hint=PLACEHOLDERS_HINT),
        Cell("subject_en", 6, hint=_("Pour les clients dont la langue est l’anglais. Vide : le français.")),
        Cell("body_en", 6, hint=PLACEHOLDERS_HINT),
    )

    def problems(self, form: Any, record: Any, is_created: bool) -> Iterable[Problem]:
        return services.check_template(db.session(), record)
