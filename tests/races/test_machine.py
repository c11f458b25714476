"""Whatever people do to clients, in whatever order: what is promised holds, and the history tells all of it."""

from __future__ import annotations

from collections import Counter

from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.databases import Databases
from tests.races.machine import ClientMachine
from tests.races.rounds import ROUNDS


def test_whatever_is_done_to_clients_what_is_promised_holds(app: Flask, databases: Databases) -> None:
    seen: Counter[tuple[str, str]] = Counter()
    machine = type("Machine", (ClientMachine,), {"app": app, "databases": databases, "seen": seen})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=max(2, ROUNDS * 3 // 4),
            stateful_step_count=25 if ROUNDS < 100 else 50,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.explicit, Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
    done = {step for step, end in seen if end == "done"}
    refused = {step for step, end in seen if end == "refused"}
    assert len(done) >= 12, f"little was carried out: {seen}"
    assert len(refused) >= 6, f"little was refused: {seen}"
