"""The forms that ask for a code of the second factor."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from werkzeug.exceptions import TooManyRequests
from wtforms import StringField
from wtforms.validators import InputRequired

from backoffice.users.forms import AboveForm, Form
from backoffice.users.models import User
from backoffice.users.signin import accept_code
from backoffice.users.totp import looks_like_recovery_code

WRONG_CODE = _("Ce code n’est pas le bon, ou a déjà servi. Attendez le suivant et saisissez-le.")
_FROM_APP_OR_PAPER = _("Celui que montre votre application en ce moment, ou l’un de vos codes de secours.")


def _code_field(description: Any, **more: Any) -> StringField:
    return StringField(
        _("Code à six chiffres"),
        description=description,
        validators=[InputRequired(_("Saisissez le code que montre votre application."))],
        render_kw={
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
            "autocapitalize": "none",
            "spellcheck": "false",
            "autofocus": True,
        },
        **more,
    )


class ConfirmCodeForm(Form):
    """The first code of an app that has just learnt its secret."""

    code = _code_field(_("Celui que montre votre application pour « Back office »."))


class CodeForm(Form):
    """The second factor, after the right password."""

    code = _code_field(_FROM_APP_OR_PAPER)

    def __init__(self, user: User, **kwargs: Any) -> None:
        """`user`: whose password was right."""
        super().__init__(**kwargs)
        self.user = user

    def validate(self, extra_validators: Any = None) -> bool:
        """Is this one of their codes? Raises TooManyRequests (429)."""
        return super().validate(extra_validators) and _is_accepted(self.user, self.code)

    @property
    def is_recovery_code(self) -> bool:
        return looks_like_recovery_code(self.code.data or "")


class ResumeCodeForm(AboveForm):
    """The second factor above a form whose session ran out."""

    code = _code_field(_FROM_APP_OR_PAPER, name="_resume_code")

    def __init__(self, user: User | None, **kwargs: Any) -> None:
        """`user`: whose password was right."""
        super().__init__(**kwargs)
        self.user = user

    def is_sent(self) -> bool:
        """Was the code of this page filled in?"""
        return bool(self.code.raw_data)

    def validate(self, extra_validators: Any = None) -> bool:
        """Is this one of their codes?"""
        if not super().validate(extra_validators) or self.user is None:
            return False
        try:
            return _is_accepted(self.user, self.code)
        except TooManyRequests as refusal:
            return self.wait(refusal)

    @property
    def is_recovery_code(self) -> bool:
        return looks_like_recovery_code(self.code.data or "")


def _is_accepted(user: User, field: StringField) -> bool:
    accepted = accept_code(user, field.data or "")
    if not accepted:
        field.errors = (str(WRONG_CODE),)
    return accepted
