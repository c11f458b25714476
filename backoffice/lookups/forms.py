"""Fields of the settings that no column stands behind: the logo, and the box that takes it away."""

from __future__ import annotations

from typing import Any

from wtforms import FileField
from wtforms.validators import ValidationError

from backoffice.admin.fields import BoxField
from backoffice.core.problems import Rejected
from backoffice.lookups import logo


class LogoField(FileField):
    """An image, checked by its bytes; `data` is what was read, None when no file was sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.refusal: str | None = None

    def process_formdata(self, valuelist: list[Any]) -> None:
        sent = next((file for file in valuelist if getattr(file, "filename", "")), None)
        self.data = None
        if sent is not None:
            try:
                self.data = logo.read_image(sent.filename, sent.read(logo.MOST_BYTES + 1))
            except Rejected as refusal:
                self.refusal = str(refusal.message)

    def pre_validate(self, form: Any) -> None:
        if self.refusal:
            raise ValidationError(self.refusal)

    def populate_obj(self, obj: Any, name: str) -> None:
        """The view keeps it, beside the settings."""


class RemovalField(BoxField):
    """A box that is shown only while there is something to take away."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_offered = False

    def populate_obj(self, obj: Any, name: str) -> None:
        """The view takes it away."""
