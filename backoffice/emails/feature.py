"""What this feature registers."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask
from flask_admin import BaseView
from flask_babel import lazy_gettext as _

from backoffice.activity.shown import register_kind
from backoffice.admin.features import Feature
from backoffice.admin.help import explain
from backoffice.admin.tabs import Action, register_action
from backoffice.core import jobs as core_jobs
from backoffice.core import undoing
from backoffice.emails import jobs, messages, services, shown, tellings
from backoffice.emails.admin import EmailTemplateView, EmailView, write_to
from backoffice.emails.messages import MessageView
from backoffice.emails.models import EmailTemplate
from backoffice.lookups.admin import show_by
from backoffice.lookups.undoing import choices


def _views() -> Sequence[BaseView]:
    return [EmailView(), MessageView()]


def _init(app: Flask) -> None:
    register_kind("email", shown.KIND)
    register_action("contact", Action("write-email", _("Écrire un e-mail"), write_to, "email.write"))
    messages.init_app(app)
    tellings.register()
    show_by(EmailTemplate, EmailTemplateView)
    undoing.register(choices(EmailTemplate, services.check_template))
    core_jobs.register(jobs.JOB)
    core_jobs.register(jobs.SWEEPING)
    app.jinja_env.globals.update(shown.HELPERS)
    app.jinja_env.filters.update(shown.FILTERS)
    explain("emails/help/email", _("E-mails"), "email.write", "email")
    explain("emails/help/message", _("E-mails classés"), "client.read", "message")
    explain("emails/help/templates", _("Modèles d’e-mail"), "lookup.write", "emailtemplate")


FEATURE = Feature("emails", views=_views, init=_init)
