"""One JSON line on stderr for each request and each event, tied together by the request's id.

A line holds no secret and no personal data: the route instead of the address (which may carry a token),
no query string, no network address, the number of the account instead of its e-mail.
"""

from __future__ import annotations

import logging
import re
import sys
import time
import uuid
from collections.abc import Mapping
from typing import Any

import structlog
from flask import (
    Flask,
    Response,
    current_app,
    g,
    has_request_context,
    request,
    request_finished,
    request_started,
)

from backoffice.ops.private_errors import describe

#: What a proxy in front may hand over as the id of a request; anything else is replaced by our own.
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_PATH_LENGTH = 200
#: What was typed is looked for in what an error says from this many characters on: fewer are no data, but words.
_SHORTEST_TYPED = 4

_log: structlog.stdlib.BoundLogger = structlog.get_logger("backoffice.requests")


class LineHandler(logging.Handler):
    """Writes each line whole, so that those of several threads and processes never mix."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(self.format(record) + "\n")
            sys.stderr.flush()
        except OSError:  # nobody reads our lines any more: no reason to fail a request
            self.handleError(record)


def configure_logging(level: str) -> None:
    """Send everything that any library logs from `level` up ("debug", "info", …) out as JSON lines."""
    before: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    ]
    structlog.configure(
        processors=[*before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=before,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _hide_address,
            _render_exception,
            structlog.processors.JSONRenderer(),  # escapes line breaks and everything beyond ASCII
        ],
    )
    _set_handler(formatter, level)


def _set_handler(formatter: logging.Formatter, level: str) -> None:
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler, LineHandler)]:
        root.removeHandler(handler)
    handler = LineHandler()
    handler.setFormatter(formatter)
    handler.addFilter(_is_no_address)
    root.addHandler(handler)
    root.setLevel(level.upper())
    if level != "debug":  # progress reports of these two say nothing to the person who runs a command
        for name in ("alembic", "gunicorn.error"):
            logging.getLogger(name).setLevel(logging.WARNING)


def _is_no_address(record: logging.LogRecord) -> bool:
    """Werkzeug's own server has a line for each request, with its address whole; ours says the rest."""
    return record.name != "werkzeug" or " - - [" not in str(record.msg)


def _render_exception(logger: object, method: str, event: Any) -> Any:
    exc_info = event.pop("exc_info", None)
    error = exc_info[1] if isinstance(exc_info, tuple) else exc_info
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        event["exception"] = [
            {**link, "message": _without_typed(str(link["message"]))} for link in describe(error)
        ]
    return event


def _without_typed(message: str) -> str:
    """An error may say without quotes what somebody has typed into a form or an address."""
    if not message or not has_request_context():
        return message
    # A form that was never read is not read now: it may be what is wrong.
    forms = [request.args, *(vars(request)[name] for name in ("form",) if name in vars(request))]
    typed = {value for form in forms for values in form.listvalues() for value in values}
    typed |= {str(value) for value in (request.view_args or {}).values()}
    for value in sorted(typed, key=len, reverse=True):
        if len(value) >= _SHORTEST_TYPED:
            message = message.replace(value, "…")
    return message


def _hide_address(logger: object, method: str, event: Any) -> Any:
    """Flask names the address of a failed request; ours is its route."""
    if has_request_context() and len(request.path) > 1:
        event["event"] = str(event["event"]).replace(request.path, _route())
    return event


def init_logs(app: Flask, level: str) -> None:
    """Give every request an id (`g.request_id`, header X-Request-ID) and a line."""
    configure_logging(level)
    # Signals, not before_request: they come before anything that may answer the request early.
    request_started.connect(_begin, app)
    request_finished.connect(_end, app)


def _begin(app: Flask, **_: object) -> None:
    offered = request.headers.get("X-Request-ID", "")
    g.request_id = offered if _REQUEST_ID.fullmatch(offered) else uuid.uuid4().hex
    g.request_began = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _end(app: Flask, response: Response, **_: object) -> None:
    response.headers["X-Request-ID"] = g.request_id
    line: Mapping[str, object] = {
        "method": request.method,
        "path": _route(),
        "status": response.status_code,
        "ms": round((time.perf_counter() - g.request_began) * 1000, 1),
        # Read where Flask-Login keeps it: asking for current_user would load the account and the session.
        "user": getattr(g.get("_login_user"), "id", None),
    }
    if response.status_code >= 500:
        _log.error("request", **line)
    elif request.blueprint in ("health", "metrics") or (request.endpoint or "").endswith("static"):
        _log.debug("request", **line)  # asked for all the time and never interesting
    else:
        _log.info("request", **line)


def _route() -> str:
    """The route, never the address: of one that no route knows (or not with this method) only the words of routes."""
    if request.url_rule:
        return request.url_rule.rule
    words = {word for rule in current_app.url_map.iter_rules() for word in rule.rule.split("/")}
    parts = (part if part in words else "…" for part in request.path.split("/"))
    return "/".join(parts)[:_PATH_LENGTH]
