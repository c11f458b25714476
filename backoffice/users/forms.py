"""The forms of accounts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask_babel import lazy_gettext as _
from flask_security.forms import IsString
from flask_security.forms import LoginForm as StockLoginForm
from flask_security.utils import validate_redirect_url
from flask_wtf import FlaskForm
from werkzeug.exceptions import TooManyRequests
from wtforms import BooleanField, EmailField, Field, HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length, ValidationError

from backoffice.core.problems import Rejected
from backoffice.core.text import clean_text
from backoffice.core.validators.email import clean_email
from backoffice.users.models import User
from backoffice.users.rules import normal_password, password_problems
from backoffice.users.signin import sign_in

TOO_LONG = _("Ce texte est trop long : %(max)d caractères au plus.")
ONE_ANSWER = _("E-mail ou mot de passe incorrect. Vérifiez les deux, ou demandez un nouveau mot de passe.")


class Form(FlaskForm):
    """Flask-WTF's form, with types."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """Was it sent, and is nothing wrong with it?"""
        return bool(super().validate_on_submit(extra_validators))

    def validate(self, extra_validators: Any = None) -> bool:
        """Is nothing wrong with it?"""
        return bool(super().validate(extra_validators))


class LoginForm(StockLoginForm):
    """E-mail and password. One answer whatever is wrong; no "Se souvenir de moi"."""

    email = EmailField(
        _("E-mail"),
        validators=[InputRequired(_("Saisissez votre adresse e-mail.")), IsString()],
        render_kw={"autocomplete": "username", "autofocus": True},
    )
    password = PasswordField(
        _("Mot de passe"),
        validators=[InputRequired(_("Saisissez votre mot de passe.")), IsString()],
        render_kw={"autocomplete": "current-password"},
    )
    remember = None  # type: ignore[assignment]
    submit = None  # type: ignore[assignment]

    def validate(self, **kwargs: Any) -> bool:  # type: ignore[override]
        """Is this a person who may come in? Raises TooManyRequests (429)."""
        if not FlaskForm.validate(self, **kwargs):
            return False
        self.user = sign_in(self.email.data or "", self.password.data or "")
        if self.user is None:
            self.form_errors.append(ONE_ANSWER)
        return self.user is not None

    def validate_next(self, field: Field) -> None:
        """A way back that leads elsewhere is dropped without a word."""
        if field.data and not validate_redirect_url(field.data):
            field.data = ""


class AboveForm(Form):
    """A log-in that stands above a form whose session ran out; its names clash with none of the form's own."""

    class Meta:
        csrf = False  # CSRFProtect has already looked, and the token of the form below is the same

    user: User | None = None
    #: Seconds to wait after too many tries; the page must still carry what was typed.
    retry_after: int | None = None

    def wait(self, refusal: TooManyRequests) -> bool:
        """Say that it takes patience; False, for `validate` to return."""
        self.retry_after = int(str(refusal.retry_after))
        self.form_errors.append(
            _(
                "Trop d’essais. Laissez cette page ouverte, votre saisie y reste, et réessayez dans un quart d’heure."
            )
        )
        return False


class ResumeForm(AboveForm):
    """E-mail and password above a form."""

    email = EmailField(
        _("E-mail"),
        name="_resume_email",
        validators=[InputRequired(_("Saisissez votre adresse e-mail."))],
        render_kw={"autocomplete": "username", "autofocus": True},
    )
    password = PasswordField(
        _("Mot de passe"),
        name="_resume_password",
        validators=[InputRequired(_("Saisissez votre mot de passe."))],
        render_kw={"autocomplete": "current-password"},
    )

    def is_sent(self) -> bool:
        """Was the log-in of this page filled in, or is this the first POST after the end of the session?"""
        return bool(self.email.raw_data)

    def validate(self, extra_validators: Any = None) -> bool:
        """Is this a person who may come in?"""
        if not super().validate(extra_validators):
            return False
        try:
            self.user = sign_in(self.email.data or "", self.password.data or "")
        except TooManyRequests as refusal:
            return self.wait(refusal)
        if self.user is None:
            self.form_errors.append(ONE_ANSWER)
        return self.user is not None


class PasswordAgainForm(Form):
    """The present password, so that nobody changes how one logs in on a screen left open."""

    current = PasswordField(
        _("Mot de passe actuel"),
        validators=[InputRequired(_("Saisissez votre mot de passe actuel."))],
        render_kw={"autocomplete": "current-password"},
    )


_PASSWORD_HINT = _(
    "15 caractères ou plus : par exemple quatre mots sans rapport entre eux. Les espaces comptent."
)


class AskResetForm(Form):
    """Which account wants a new password?"""

    email = EmailField(
        _("E-mail"),
        validators=[InputRequired(_("Saisissez votre adresse e-mail."))],
        render_kw={"autocomplete": "username", "autofocus": True},
    )


class NewPasswordForm(Form):
    """A new password, twice, since it cannot be read while it is typed."""

    password = PasswordField(
        _("Nouveau mot de passe"),
        description=_PASSWORD_HINT,
        validators=[InputRequired(_("Saisissez un mot de passe."))],
        render_kw={"autocomplete": "new-password"},
    )
    repeat = PasswordField(
        _("Encore une fois"),
        validators=[EqualTo("password", _("Les deux mots de passe diffèrent : retapez-les."))],
        render_kw={"autocomplete": "new-password"},
    )

    def __init__(self, person: tuple[str | None, ...], **kwargs: Any) -> None:
        """`person`: names and e-mail, which must not make the password."""
        super().__init__(**kwargs)
        self.person = person

    def validate_password(self, field: Field) -> None:
        """Long enough, and hard to guess."""
        refuse_weak(field, self.person)


class ChangePasswordForm(NewPasswordForm, PasswordAgainForm):
    """The present password and the new one."""


class NamesForm(Form):
    """First and last name."""

    first_name = StringField(
        _("Prénom"), validators=[Length(max=80, message=TOO_LONG)], render_kw={"autocomplete": "given-name"}
    )
    last_name = StringField(
        _("Nom"), validators=[Length(max=80, message=TOO_LONG)], render_kw={"autocomplete": "family-name"}
    )

    def validate_first_name(self, field: Field) -> None:
        """No invisible characters."""
        clean_field(field, clean_text)

    validate_last_name = validate_first_name


class ProfileForm(NamesForm):
    """One's own name; `row_version` and `seen_fact` are the state of the account that the page showed."""

    row_version = HiddenField()
    seen_fact = HiddenField()


class SetupForm(NamesForm):
    """The first administrator."""

    email = EmailField(
        _("E-mail"),
        validators=[InputRequired(_("Saisissez votre adresse e-mail.")), Length(max=254, message=TOO_LONG)],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        _("Mot de passe"),
        description=_PASSWORD_HINT,
        validators=[InputRequired(_("Saisissez un mot de passe."))],
        render_kw={"autocomplete": "new-password"},
    )
    demo = BooleanField(
        _("Ajouter des données de démonstration"),
        description=_(
            "Quarante clients d’une petite distribution française, inventés, pour essayer avant de saisir les vôtres."
        ),
    )

    def validate_email(self, field: Field) -> None:
        """An address that mail can reach."""
        clean_field(field, clean_email)

    def validate_password(self, field: Field) -> None:
        """Long enough, and hard to guess."""
        refuse_weak(field, (self.first_name.data, self.last_name.data, self.email.data))


def clean_field(field: Field, cleaner: Callable[[str], str]) -> None:
    """Put a field into its stored form, or say why it cannot be."""
    try:
        field.data = cleaner(field.data or "")
    except Rejected as refusal:
        raise ValidationError(str(refusal.message)) from None


def refuse_weak(field: Field, person: Iterable[str | None]) -> None:
    """Say what is wrong with a new password."""
    for problem in password_problems(normal_password(field.data or ""), person):
        raise ValidationError(str(problem.message))
