"""Saving the form of a record: all of it or nothing, with every sentence beside its field.

Format (the form's validators) and rules (the view's `problems`) are both asked, so that one answer names
everything that is wrong. What another transaction took in the meantime is asked a second time, so that the
person reads the rule's sentence and never the database's.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from flask import flash, request, url_for
from flask_babel import lazy_gettext as _
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from wtforms.validators import ValidationError

from backoffice.admin import comparing
from backoffice.core import idempotency
from backoffice.core.db import db
from backoffice.core.problems import Problem, errors, warnings

log = logging.getLogger(__name__)
TAKEN_MEANWHILE = _(
    "Enregistrement impossible : une autre personne vient de modifier ces données. Réessayez."
)


#: What else is done in the transaction of a form that is saved.
_ALSO: set[Callable[[Any], None]] = set()


def also(act: Callable[[Any], None]) -> None:
    """Let a feature do its own when a form is saved; it is given the session."""
    _ALSO.add(act)


class Refused(ValidationError):
    """The rules found something; each sentence already stands beside its field."""


class Conflict(Exception):
    """The form was opened on an older version of the record, or not all that differs from it is chosen."""

    def __init__(self, record: Any) -> None:
        super().__init__(record)
        self.record = record


def save(
    view: Any, make_form: Callable[[Any], Any], find: Callable[[], Any], is_created: bool
) -> tuple[Any, Any | None]:
    """Fill the record that `find` gives from the form, check it, store it and commit.

    Returns the form and the record, None in its place when something was refused (nothing is stored then).
    Raises Conflict when the record is newer than the form.
    """
    for last in (False, True):
        with db.session.no_autoflush:  # what is not yet checked is not to be flushed by a look at the choices
            record = find()
            if not is_created and not comparing.settled(view, record):
                raise Conflict(record)
            form = make_form(record)
        if not is_created:
            _refuse_old_form(form, record)
        try:
            if not _accept(view, form, record, is_created):
                db.session.rollback()
                return form, None
            _store(view, form, record, is_created)
            return form, record
        except (StaleDataError, IntegrityError) as error:
            db.session.rollback()
            log.info("refused by the database: %s", type(error).__name__)
            if isinstance(error, StaleDataError) and not is_created:
                raise Conflict(find()) from None
            if last or is_made(view):
                form.form_errors.append(str(TAKEN_MEANWHILE))
                return form, None
    raise AssertionError("unreachable")


def is_made(view: Any) -> int | None:
    """The id of the record that the form which is sent has already made."""
    return idempotency.made_by(
        db.session, request.form.get("idempotency_key"), current_user.id, view.endpoint
    )


def _refuse_old_form(form: Any, record: Any) -> None:
    sent = form.row_version.raw_data
    if sent and sent[0] != str(record.version):
        raise Conflict(record)


def _accept(view: Any, form: Any, record: Any, is_created: bool) -> bool:
    with db.session.no_autoflush:
        valid = view.validate_form(form)
        form.populate_obj(record)
        try:
            view.on_model_change(form, record, is_created)
        except Refused:
            return False
        return bool(valid)


def _store(view: Any, form: Any, record: Any, is_created: bool) -> None:
    db.session.add(record)
    if not is_created and _is_changed():
        view.touch(record)
    db.session.flush()
    if is_created:
        idempotency.keep(db.session, form.idempotency_key.data, current_user.id, view.endpoint, record.id)
    view.after_model_change(form, record, is_created)
    for act in _ALSO:
        act(db.session)
    db.session.commit()


def _is_changed() -> bool:
    session = db.session
    return bool(session.new or session.deleted or any(session.is_modified(obj) for obj in session.dirty))


def place(problems: Iterable[Problem], form: Any, record: Any) -> None:
    """Put each error beside its field (of the form or of an inline row); flash the warnings of a saved record.

    Raises Refused when there is an error.
    """
    found = list(problems)
    wrong = errors(found)
    for problem in wrong:
        _field_list(problem, form, record).append(sentence(problem))
    if wrong:
        raise Refused
    if not form.errors:
        for problem in warnings(found):
            about = problem.subject
            of_row = about is not None and about is not record
            flash(
                Markup("{} : {}").format(about, sentence(problem)) if of_row else sentence(problem), "warning"
            )


def _field_list(problem: Problem, form: Any, record: Any) -> list[Any]:
    target = form
    if problem.subject is not None and problem.subject is not record:
        rows = (field.entry_of(problem.subject) for field in form if hasattr(field, "entry_of"))
        entry = next((row for row in rows if row is not None), None)
        target = entry.form if entry is not None else form
    if problem.field not in target:
        return list_of(target, "form_errors")
    field = target[problem.field]
    if hasattr(field, "entry_of"):
        return list_of(target, "form_errors")
    field.problem_codes = {*getattr(field, "problem_codes", ()), problem.code}
    if field.errors:
        return []  # the format's sentence already stands there
    return list_of(field, "errors")


def list_of(holder: Any, name: str) -> list[Any]:
    """The list kept under this name (WTForms begins with a shared empty tuple)."""
    kept = list(getattr(holder, name) or [])
    setattr(holder, name, kept)
    return kept


def sentence(problem: Problem) -> str | Markup:
    """The problem's sentence, with a link to the record that it names."""
    if problem.record is None:
        return str(problem.message)
    address = url_for(f"{problem.record.kind}.details_view", id=problem.record.id)
    return Markup('{} <a href="{}">{}</a>').format(problem.message, address, problem.record.label)


def summary(form: Any) -> list[tuple[str, str, list[str]]]:
    """What the head of the page lists: (id of the field, its label, its sentences), in the form's order."""
    return list(_wrong_fields(form, ""))


def _wrong_fields(form: Any, where: str) -> Iterator[tuple[str, str, list[str]]]:
    for field in form:
        if hasattr(field, "entry_of"):
            for number, entry in enumerate(field.entries, 1):
                stands_alone = number <= field.at_least
                yield from _wrong_fields(
                    entry.form, "" if stands_alone else f"{field.label.text} {number} · "
                )
                if entry.form.form_errors:
                    yield entry.id, f"{field.label.text} {number}", list(entry.form.form_errors)
        elif field.errors:
            yield field.id, where + str(field.label.text), [error for error in field.errors if error]
