"""Fields of the form in which an e-mail is written."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import Select
from wtforms import HiddenField

from backoffice.activity.fields import ContactField
from backoffice.admin.typed import RecordField
from backoffice.emails import queries
from backoffice.emails.models import EmailTemplate


class ReaderField(ContactField):
    """The contact to whom one writes."""

    blank = _("Choisissez…")


class TemplateField(RecordField):
    """A template to begin with. It is applied by its button, and not kept."""

    model = EmailTemplate
    blank = _("Aucun")

    def query(self) -> Select[Any]:
        return queries.templates_offered()

    def populate_obj(self, obj: Any, name: str) -> None:
        """What it says stands in the text."""


class LanguageField(HiddenField):
    """The language of the template that was applied: what its text leaves to be filled in comes in the same."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = valuelist[0] if valuelist and valuelist[0] in ("fr", "en") else None

    def populate_obj(self, obj: Any, name: str) -> None:
        """What was filled in stands in the text."""
