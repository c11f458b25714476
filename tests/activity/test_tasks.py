"""What a person does with tasks: give one, tick it off, see what is due."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from backoffice.activity.models import Entry, Task
from backoffice.admin.formats import today
from backoffice.core.audit import SYSTEM, act_as
from backoffice.core.db import db, for_writing
from backoffice.ops.cast_activity import ACTIVITY
from backoffice.ops.cast_emails import EMAILS
from backoffice.ops.demo import load
from backoffice.users.models import User
from tests.activity.cast import add_task, id_of, open_tab, press
from tests.clients.cast import add_client, browser_of, change, contact_ids, notices, row, rows
from tests.conftest import on_sqlite_only
from tests.events.cast import add_event
from tests.users.people import make_user

FORM = "#entry-form"


@pytest.fixture
def edf(app: Flask) -> int:
    return add_client(app, "EDF", "jeanne@edf.fr", main={"first_name": "Jeanne", "last_name": "Roy"})


def test_a_task_without_title_is_refused_and_a_past_day_only_warned_of(app: Flask, edf: int) -> None:
    browser = open_tab(browser_of(app, name="Claire Vasseur"), edf, add="task")
    assert browser.fields(FORM)["due_on"] == f"{today_at(app):%d/%m/%Y}"
    browser.submit(FORM, title=" ", due_on="31/02/2026")
    assert browser.error_of("title") == "Donnez un titre à la tâche : ce qu’il y a à faire."
    assert browser.error_of("due_on").endswith("Ce n'est pas une date : écrivez par exemple 31/12/2026.")

    browser.submit("form.write", title="Relancer", due_on="01/01/2024", due_time="14h30", priority="high")
    assert "L’échéance est déjà passée : la tâche se range parmi celles en retard." in notices(browser)
    (task,) = rows(app, Task)
    assert (task["title"], task["due_on"], task["priority"]) == ("Relancer", date(2024, 1, 1), "high")
    assert browser.page.select_one(".head a.pill.bad").get_text(strip=True) == "1 tâche en retard"  # type: ignore[union-attr]


def test_a_contact_or_an_owner_who_is_not_to_be_chosen_is_refused_in_words(app: Flask, edf: int) -> None:
    other = add_client(app, "Ailleurs")
    gone = id_of(app, browser_of(app, "support", "Paul Parti"))
    change(app, User, gone, active=False)
    browser = open_tab(browser_of(app, "gestionnaire"), edf, add="task")
    fields = {**browser.fields(FORM), "title": "x", "contact": contact_ids(app, other)[0], "owner": gone}
    browser.post(str(browser.form(FORM)["action"]), fields)

    assert browser.error_of("contact") == (
        "Ce contact est celui d’un autre client : choisissez-en un de cette société."
    )
    assert browser.error_of("owner") == "Cette personne n’est plus active : choisissez-en une autre."
    assert rows(app, Entry) == []


def test_what_belongs_to_the_client_is_offered_once_it_is_chosen_and_no_other(app: Flask, edf: int) -> None:
    """By a script from `choices`; without one the form that was refused offers it."""
    event, other = add_event(app, edf, name="Soirée"), add_client(app, "Ailleurs")
    (jeanne,), (elsewhere,) = contact_ids(app, edf), contact_ids(app, other)
    browser = browser_of(app, "support", "Samira Haddad")
    browser.get(f"/task/choices/?client={edf}")
    assert browser.response.json == {"contact": [[jeanne, "Jeanne Roy"]], "event": [[event, "Soirée"]]}
    browser.get("/task/choices/?client=99")
    assert browser.status == 404

    browser.get("/task/new/")
    assert len(browser.page.select("form.write [data-unasked][hidden] option")) == 2  # none, and none
    browser.submit("form.write", client=edf, title="")
    assert browser.page.select("form.write [data-unasked][hidden]") == []
    browser.post("/task/new/", {**browser.fields("form.write"), "title": "Relancer", "contact": elsewhere})
    assert browser.error_of("contact").startswith("Ce contact est celui d’un autre client")
    browser.submit("form.write", contact=jeanne, event=event)
    (task,) = rows(app, Task)
    assert (task["client_id"], task["contact_id"], task["event_id"]) == (edf, jeanne, event)


@on_sqlite_only
@pytest.mark.parametrize("kind", ["task", "note", "call"])
def test_what_the_form_says_of_its_client_wins_over_its_address(app: Flask, edf: int, kind: str) -> None:
    other = add_client(app, "Ailleurs")
    browser = browser_of(app, "gestionnaire")
    browser.get(f"/{kind}/new/?client={edf}")
    browser.post(f"/{kind}/new/?client={edf}", {**browser.fields("form.write"), "client": "", "body": "Vu."})
    assert "obligatoire" in browser.page.select_one("#client-error").get_text()  # type: ignore[union-attr]
    assert rows(app, Entry) == []

    browser.submit("form.write", client=other, **({"title": "Relancer"} if kind == "task" else {}))
    assert [columns["client_id"] for columns in rows(app, Entry)] == [other]


def test_a_task_is_made_by_a_script_from_its_contract_alone(app: Flask, edf: int) -> None:
    browser = browser_of(app, "gestionnaire", "Claire Vasseur")
    me = id_of(app, browser)
    browser.get("/task/new/")
    browser.post(
        "/task/new/", {"client": edf, "title": "Envoyer la convention", "due_on": "2027-01-05", "owner": me}
    )

    (task,) = rows(app, Task)
    assert (task["client_id"], task["owner_id"], task["priority"]) == (edf, me, "normal")
    browser.get("/task/")
    assert "Plus tard Envoyer la convention EDF" in browser.text


def test_a_task_is_ticked_off_and_the_undo_brings_it_back(app: Flask, edf: int) -> None:
    browser = browser_of(app, "support", "Samira Haddad")
    task = add_task(app, edf, owner=id_of(app, browser), title="Rappeler Zoé")
    browser.get(f"/client/details/?id={edf}")
    press(browser, "#task-done", task)
    assert row(app, Task, task)["done_by_id"] == id_of(app, browser)
    assert notices(browser) == ["Tâche terminée : Rappeler Zoé."]
    assert browser.page.select(".to-do .task") == []

    browser.submit(".notice form")
    assert row(app, Task, task)["done_at"] is None
    assert [title.get_text() for title in browser.page.select(".to-do .task strong")] == ["Rappeler Zoé"]


def test_my_tasks_are_divided_by_when_they_are_due(app: Flask, edf: int) -> None:
    browser = browser_of(app, "support", "Samira Haddad")
    me, day = id_of(app, browser), today_at(app)
    for title, due in (("Hier", day - timedelta(1)), ("Ce jour", day), ("Loin", day + timedelta(30))):
        add_task(app, edf, owner=me, title=title, due_on=due)
    add_task(app, edf, title="D’autrui")
    browser.get("/task/")
    assert [tag.get_text() for tag in browser.page.select("h2.span")] == [
        "En retard",
        "Aujourd’hui",
        "Plus tard",
    ]
    assert "D’autrui" not in browser.text
    browser.get("/task/?who=all")
    assert "D’autrui" in browser.text

    browser.get("/")
    assert "Mes tâches du jour 2 dont 1 en retard" in browser.text
    assert [tag.get_text() for tag in browser.page.select(".to-do .task strong")] == [
        "Hier",
        "Ce jour",
        "Loin",
    ]


def today_at(app: Flask) -> date:
    with app.test_request_context():
        return today()


def test_the_demo_tells_an_activity_where_there_is_somebody_who_wrote_it_and_only_once(app: Flask) -> None:
    with app.app_context(), for_writing():
        act_as(db.session(), SYSTEM, "test")
        load(db.session(), SYSTEM)
        db.session.commit()
    assert rows(app, Entry) == []

    claire = make_user(
        app, "claire@office.example", "administrateur", first_name="Claire", last_name="Vasseur"
    )
    for _time in range(2):
        with app.app_context(), for_writing():
            act_as(db.session(), SYSTEM, "test")
            load(db.session(), SYSTEM)
            db.session.commit()
        written = rows(app, Entry)
        assert len(written) == len(ACTIVITY) + len(EMAILS)
        assert {entry["author_id"] for entry in written} == {claire}
