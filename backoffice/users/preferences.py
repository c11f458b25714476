"""What a person has chosen for their own screens, kept beside their account: no change of it, and no fact."""

from __future__ import annotations

import logging
from typing import Any

from flask import request
from flask_login import current_user
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.attributes import set_committed_value

from backoffice.admin.transactions import SAFE_METHODS
from backoffice.users import services
from backoffice.users.transactions import impatient_write, short_write

log = logging.getLogger(__name__)


def keep_for_current_user(name: str, value: Any) -> None:
    """Keep a choice of the person who is logged in. Shown by a GET, it is kept only when nobody else is writing."""
    writes = impatient_write if request.method in SAFE_METHODS else short_write
    try:
        with writes() as session:
            chosen = services.keep_preference(session, current_user.id, name, value)
    except OperationalError:
        if request.method not in SAFE_METHODS:
            raise
        log.info("preference not kept")
        return
    set_committed_value(current_user._get_current_object(), "preferences", chosen)
