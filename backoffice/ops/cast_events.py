"""What Atelier Belleville plans and has held for its clients: days are counted from the one on which they are loaded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.clients.models import Client
from backoffice.core.audit import Actor
from backoffice.core.db import now
from backoffice.core.problems import errors
from backoffice.core.validators.email import email_key
from backoffice.events import services
from backoffice.events.models import Event, EventStatus
from backoffice.ops.cast import USERS
from backoffice.users.models import User


@dataclass(frozen=True)
class Planned:
    """One event. `contact` is the place of the contact on its client; `by` the role of who is in charge."""

    name: str
    status: str
    in_days: int
    place: str = ""
    headcount: int | None = None
    amount: str = ""
    days: int = 1
    hours: tuple[str, str] = ("", "")
    contact: int = 0
    by: str = "gestionnaire"
    entered_days_ago: int = 1
    description: str = ""


BELLERIVE_SEMINARS = tuple(
    Planned(
        f"Séminaire de saison n° {number}",
        "Annulé" if number == 4 else "Terminé",
        -40 - 21 * (9 - number),
        "Annecy",
        30 + 4 * number,
        str(4200 + 150 * number),
        days=2,
        contact=2,
        entered_days_ago=70 + 21 * (9 - number),
    )
    for number in range(1, 10)
)
_NAMES = {colleague.role: f"{colleague.first_name} {colleague.last_name}" for colleague in USERS}
EVENTS: dict[str, tuple[Planned, ...]] = {
    "Brasserie du Canal": (
        Planned("Soirée des 20 ans", "Confirmé", 18, "Péniche Valmy, Paris", 240, "18600",
                hours=("18:30", "23:30"), entered_days_ago=64,
                description="Traiteur : la maison.\nSonorisation à confirmer avec A.D.R.\n\n- 20 h : discours\n- 21 h 30 : gâteau"),
        Planned("Lancement de la bière de printemps", "Option", 96, "Paris", 80, "7400", contact=1, entered_days_ago=5),
        Planned("Journée portes ouvertes", "Terminé", -52, "Pantin", 400, "5200.50", days=2, contact=1,
                by="administrateur", entered_days_ago=140),
        Planned("Dîner des fournisseurs", "Annulé", -20, "Paris", 35, entered_days_ago=90),
    ),
    "Groupe Fontanel": (
        Planned("Convention annuelle", "Confirmé", 41, "Palais des congrès, Lyon", 620, "84000", days=3, contact=1,
                hours=("09:00", "17:00"), by="administrateur", entered_days_ago=101),
        Planned("Séminaire de direction", "Option", 132, "Annecy", 18, "6900", days=2, entered_days_ago=3),
    ),
    "Fontanel Chocolats": (Planned("Stand au salon du chocolat", "Terminé", -27, "Paris", 12, "9800", days=5, entered_days_ago=120),),
    "Fontanel Logistique": (Planned("Inauguration du quai n° 4", "Terminé", -210, "Lyon", 90, "4100", entered_days_ago=280),),
    "Mairie de Saint-Aubin-sur-Mer": (
        Planned("Marché de Noël", "Confirmé", 25, "Place de l’Hôtel-de-Ville", 1500, "11200", days=4, entered_days_ago=70),
        Planned("Fête de la mer", "Option", 240, "Le port", None, "14900", days=2, entered_days_ago=8),
    ),
    "Hôtel Bellerive": (
        *BELLERIVE_SEMINARS,
        Planned("Mariage Garnier – Colin", "Confirmé", 60, "Annecy", 130, "15800", days=2, contact=1,
                hours=("15:00", "04:00"), entered_days_ago=44),
        Planned("Réveillon", "Confirmé", 37, "Annecy", 90, "7700", hours=("20:00", "23:59"), entered_days_ago=12),
    ),
    "Festival des Deux Rives": (Planned("Soirée d’ouverture", "Option", 151, headcount=900, amount="32000", entered_days_ago=21),),
    "Hudson Events, Inc.": (Planned("Paris showcase", "Confirmé", 3, "Paris", 60, "21500", days=2, hours=("10:00", "18:00"), entered_days_ago=30),),
    "Chocolaterie Janssens": (Planned("Dégustation de Saint-Nicolas", "Confirmé", 11, "Bruxelles", 45, entered_days_ago=26),),
    "Studio Kim": (Planned("Vernissage", "Option", 9, "Paris", 70, "2300", hours=("19:00", ""), entered_days_ago=2),),
}  # fmt: skip


def plan(session: Session, client: Client, actor: Actor) -> int:
    """Add the events of a client of the cast that has just been entered, and return how many. Flushes."""
    made = list(_events(session, client, actor))
    session.add_all(made)
    session.flush()
    return len(made)


def _events(session: Session, client: Client, actor: Actor) -> Iterator[Event]:
    planned = EVENTS.get(client.name, ())
    if not planned:
        return
    statuses = {status.label: status for status in session.scalars(select(EventStatus))}
    people = _people(session, actor)
    default = next(iter(statuses.values()))
    for each in planned:
        event = _event(client, each, statuses.get(each.status, default), people.get(each.by))
        event.created_by = _NAMES[each.by]
        event.created_at = now() - timedelta(days=each.entered_days_ago)
        if not errors(services.check_event(event)):
            yield event


def _people(session: Session, actor: Actor) -> dict[str, User | None]:
    """Who of the cast has an account, by role; whoever loads it is in charge where nobody has."""
    loader = session.get(User, actor.id) if actor.id is not None else None
    keys = {email_key(colleague.email): colleague.role for colleague in USERS}
    found: dict[str, User | None] = dict.fromkeys(keys.values(), loader)
    for user in session.scalars(select(User).where(User.email_key.in_(keys), User.active)):
        found[keys[user.email_key]] = user
    return found


def _event(client: Client, planned: Planned, status: EventStatus, owner: User | None) -> Event:
    start = date.today() + timedelta(days=planned.in_days)
    begins, ends = (time.fromisoformat(hour) if hour else None for hour in planned.hours)
    return Event(
        client=client,
        contact=client.contacts[planned.contact],
        owner=owner,
        status=status,
        name=planned.name,
        starts_on=start,
        starts_time=begins,
        ends_on=start + timedelta(days=planned.days - 1),
        ends_time=ends,
        place=planned.place or None,
        headcount=planned.headcount,
        amount_excl_tax=Decimal(planned.amount) if planned.amount else None,
        description=planned.description or None,
    )
