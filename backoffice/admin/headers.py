"""The response headers that keep a browser safe: a strict nonce policy, no frames, no sniffing, no store."""

from __future__ import annotations

import secrets

from flask import Flask, Response, current_app, g, request

_POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_FRAMED = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_A_YEAR = 31_536_000
#: For what a program of somebody's own asks for again and again: it keeps it, and asks whether it is still so.
_KEPT = "private, no-cache"


def nonce() -> str:
    """The nonce of this response's own scripts."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def may_be_kept() -> None:
    """Let the program that has asked keep this response, and nobody on the way."""
    g.cache_control = _KEPT


def may_frame() -> None:
    """Let this page show another of ours in a frame."""
    g.csp_more = "; frame-src 'self'"


def only_in_a_frame(response: Response) -> Response:
    """What comes from elsewhere, shown in a frame of ours: it runs, sends and fetches nothing, whatever it says."""
    response.headers["Content-Security-Policy"] = _FRAMED
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def init_app(app: Flask) -> None:
    """Send the headers with every response."""
    app.after_request(_protect)


def _protect(response: Response) -> Response:
    for name, value in _ALWAYS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault(
        "Content-Security-Policy", _POLICY.format(nonce=nonce()) + g.get("csp_more", "")
    )
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={_A_YEAR}; includeSubDomains")
    if (
        request.endpoint == "security.logout"
    ):  # nothing that a script of ours has put aside outlives the session
        response.headers["Clear-Site-Data"] = '"storage"'
    is_file = request.endpoint in {"static", "admin.static"} and response.status_code < 400
    kept = g.get("cache_control", "no-store") if response.status_code < 400 else "no-store"
    response.headers["Cache-Control"] = f"public, max-age={_A_YEAR}, immutable" if is_file else kept
    return response
