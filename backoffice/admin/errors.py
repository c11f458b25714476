"""Error pages in French that keep the menu, name the request and show a way back. Details go to the log."""

from __future__ import annotations

import errno
import logging
import sqlite3
from typing import Any

import psycopg
from flask import Flask, g, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from backoffice.core.db import db

log = logging.getLogger(__name__)

#: status: (title, what to do)
PAGES: dict[int, tuple[Any, Any]] = {
    400: (
        _("Demande incomprise"),
        _("Revenez en arrière et réessayez. Si le formulaire est ouvert depuis longtemps, rechargez-le."),
    ),
    403: (
        _("Accès refusé"),
        _("Votre rôle ne permet pas cette action. Un administrateur peut vous en donner le droit."),
    ),
    404: (_("Page introuvable"), _("L'adresse est fausse, ou la fiche n'existe plus.")),
    405: (
        _("Action impossible par cette adresse"),
        _("Utilisez les boutons de la page plutôt que l'adresse."),
    ),
    409: (_("Fiche modifiée entre-temps"), _("Rechargez la fiche et comparez avant d'enregistrer.")),
    413: (_("Envoi trop volumineux"), _("Réduisez la taille de ce que vous envoyez, puis réessayez.")),
    429: (_("Trop de demandes"), _("Patientez quelques minutes avant de réessayer.")),
    500: (
        _("Erreur inattendue"),
        _(
            "Elle a été notée. Réessayez ; si elle revient, donnez le numéro de demande à votre administrateur."
        ),
    ),
    503: (
        _("Service momentanément indisponible"),
        _(
            "La base de données ne répond pas. Réessayez dans quelques secondes : un même formulaire n’est jamais "
            "enregistré deux fois."
        ),
    ),
    507: (
        _("Plus de place sur le disque"),
        _(
            "Rien n’a été enregistré. Prévenez votre administrateur : il doit libérer de la place sur le serveur."
        ),
    ),
}
RETRY_AFTER_SECONDS = 5


def init_app(app: Flask) -> None:
    """Answer every error with a page of ours."""
    app.register_error_handler(HTTPException, _http_error)
    for outdated in (StaleDataError, IntegrityError):
        app.register_error_handler(outdated, _outdated)
    # The driver's own as well: what is said to it beside SQLAlchemy fails in its words.
    for kind in (OperationalError, InterfaceError, PoolTimeout, psycopg.OperationalError):
        app.register_error_handler(kind, _database_error)
    app.register_error_handler(OSError, _system_error)
    app.register_error_handler(Exception, _unexpected)


def error_page(status: int, retry_after: int | None = None) -> ResponseReturnValue:
    """The page (or JSON for a script) of one error."""
    title, advice = PAGES.get(status, PAGES[400 if status < 500 else 500])
    request_id = g.get("request_id", "")
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        response = make_response(jsonify(error=str(title), advice=str(advice), request_id=request_id))
    else:
        response = make_response(
            render_template(
                "admin/error.html", status=status, title=title, advice=advice, request_id=request_id
            )
        )
    response.status_code = status
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or (error.code or 500) < 400:
        return error.get_response()
    db.session.rollback()
    retry_after = getattr(error, "retry_after", None)
    page = error_page(error.code or 500, retry_after)
    for name, value in error.get_headers():
        if name not in {"Content-Type", "Retry-After"}:
            page.headers[name] = value  # type: ignore[union-attr]
    return page


def _outdated(error: Exception) -> ResponseReturnValue:
    """Another transaction was faster: what this one was about to change is no longer as it was read."""
    log.info("refused by the database: %s", type(error).__name__)
    db.session.rollback()
    return error_page(409)


def _database_error(error: Exception) -> ResponseReturnValue:
    if _is_full(getattr(error, "orig", error)):
        return _no_room(error)
    log.error("the database does not answer", exc_info=error)
    db.session.remove()
    g.is_without_database = True
    return error_page(503, RETRY_AFTER_SECONDS)


def _system_error(error: OSError) -> ResponseReturnValue:
    return _no_room(error) if _is_full(error) else _unexpected(error)


def _is_full(error: Any) -> bool:
    """Did it fail for want of room on a disk: that of SQLite, of PostgreSQL, or of files?"""
    return (
        isinstance(error, psycopg.errors.DiskFull)
        or getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        or getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT)
    )


def _no_room(error: Exception) -> ResponseReturnValue:
    log.error("no room on the disk", exc_info=error)
    db.session.rollback()
    return error_page(507)


def _unexpected(error: Exception) -> ResponseReturnValue:
    log.error("unexpected error", exc_info=error)
    db.session.rollback()
    return error_page(500)
