"""What must be true of an event, by examples."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest

from tests.events.shapes import Client, Colleague, Contact, Plan, said_of

EVE, DAY, NEXT = date(2026, 12, 11), date(2026, 12, 12), date(2026, 12, 13)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, []),
        ({"name": " "}, [("name", "name_required")]),
        ({"name": "a\x00b"}, [("name", "control_character")]),
        ({"starts_on": None, "ends_on": None}, [("starts_on", "start_required")]),
        (
            {"starts_on": None, "starts_time": time(9)},
            [("starts_on", "start_required"), ("starts_time", "hour_without_day")],
        ),
        ({"ends_on": None, "ends_time": time(9)}, [("ends_time", "hour_without_day")]),
        ({"ends_on": None, "starts_time": time(9)}, []),
        ({"ends_on": EVE}, [("ends_on", "ends_before")]),
        ({"ends_on": date(2027, 12, 13)}, []),
        ({"ends_on": date(2027, 12, 14)}, [("ends_on", "too_long")]),
        ({"starts_on": date(202, 12, 12)}, [("starts_on", "year_odd"), ("ends_on", "too_long")]),
        ({"starts_time": time(18), "ends_time": time(9)}, [("ends_time", "ends_before")]),
        ({"starts_time": time(18), "ends_time": time(18)}, []),
        ({"starts_time": time(18), "ends_time": time(2), "ends_on": NEXT}, []),
        ({"headcount": 0}, []),
        ({"headcount": -1}, [("headcount", "headcount_range")]),
        ({"headcount": 1_000_001}, [("headcount", "headcount_range")]),
        ({"amount_excl_tax": Decimal("12500.50")}, []),
        ({"amount_excl_tax": Decimal(-1)}, [("amount_excl_tax", "amount_range")]),
        ({"amount_excl_tax": Decimal("10000000000")}, [("amount_excl_tax", "amount_range")]),
        ({"amount_excl_tax": Decimal("1.005")}, [("amount_excl_tax", "amount_decimals")]),
    ],
)
def test_what_is_said_of_an_event(values: dict[str, Any], said: list[tuple[str, str]]) -> None:
    assert said_of(Plan(**values)) == said


def test_a_contact_is_one_of_the_client_unless_it_has_moved_since() -> None:
    event = Plan(client=Client(1), contact=Contact(2))
    assert said_of(event, {"contact"}) == said_of(event, {"client"}) == [("contact", "contact_elsewhere")]
    assert said_of(event, ()) == []
    assert said_of(Plan(client=Client(2), contact=Contact(2))) == []


def test_who_is_put_in_charge_is_active_and_stays_when_they_leave() -> None:
    event = Plan(owner=Colleague(active=False))
    assert said_of(event, {"owner"}) == [("owner", "owner_inactive")]
    assert said_of(event, ()) == []


def test_a_description_keeps_its_lines() -> None:
    event = Plan(description="  - un  \n\n  - deux\n\n", place=" Salle   Pleyel ")
    assert said_of(event) == []
    assert event.description == "  - un\n\n  - deux"
    assert event.place == "Salle Pleyel"
