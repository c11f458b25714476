"""The language of the pages that are shown before one is logged in, and after."""

from __future__ import annotations

from flask import session
from flask_babel import refresh

from backoffice.admin.site import LANGUAGE
from backoffice.users.models import User


def speak_to(user: User) -> None:
    """From here on this browser reads this person's language, logged in or not."""
    session[LANGUAGE] = user.locale
    refresh()
