"""People who write e-mails to one client, as its card has them written."""

from __future__ import annotations

from tests.faults.site import Site
from tests.faults.visitor import Visitor

STATES = "SELECT state, count(*) FROM entry WHERE kind = 'email' GROUP BY state"


def make_reader(visitor: Visitor) -> None:
    """A client with somebody to write to."""
    made = visitor.submit(
        visitor.get("/client/new/"),
        "#record",
        "/client/new/",
        name="EDF",
        **{"contacts-0-email": "jeanne@edf.example"},
    )
    assert made.status == 302


def write(visitor: Visitor, subject: str) -> None:
    """One e-mail, which is queued once this is acknowledged."""
    page = visitor.get("/client/details/?id=1&tab=activity&add=email")
    sent = visitor.submit(page, "#entry-form", "", contact=1, subject=subject, body="Bonjour")
    assert sent.status == 302, sent.text[:500]


def states(site: Site) -> dict[str, int]:
    """How many e-mails are in which state."""
    return dict(site.rows(STATES))
