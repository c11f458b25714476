"""What the screens of contacts and addresses share: each record is one of a client's, and of its card."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin.helpers import get_redirect_target
from sqlalchemy import select

from backoffice.admin import saving
from backoffice.admin.flashes import say
from backoffice.admin.layout import fields_of
from backoffice.admin.records import RecordView, read_id
from backoffice.clients import queries
from backoffice.clients.models import Client
from backoffice.core import audit
from backoffice.core.db import db
from backoffice.core.problems import Problem


class OfClientView(RecordView):
    """A record of a client's card: made there, and back there once it is saved."""

    can_add_another = False
    create_template = edit_template = "clients/of_client_form.html"
    #: What its form asks while one types (see live.py).
    live: ClassVar = {"proposals": "client.proposals_view"}

    def _client(self) -> Client:
        """The client on whose card one adds (its id stands in the form's address)."""
        number = read_id(request.values.get("client"))
        client = db.session.get(Client, number) if number else None
        return client or abort(404)

    def build_new_instance(self) -> Any:
        record: Any = super().build_new_instance()
        record.client = db.session.scalars(queries.locked_client(self._client().id)).one()
        return record

    def find(self, id: Any, loads: Iterable[Any] = (), lock: bool = False) -> Any:
        """The client is locked before what belongs to it, everywhere: so no two ever wait for each other."""
        if lock:
            owner = select(self.model.client_id).where(self.model.id == read_id(id))
            db.session.scalar(queries.locked_client(db.session.scalar(owner) or 0))
        return super().find(id, loads, lock)

    def touch(self, record: Any) -> None:
        super().touch(record)
        audit.touch(record.client)

    def after_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        if is_created:
            audit.touch(model.client)

    def delete(self, record: Any) -> None:
        audit.touch(record.client)
        super().delete(record)

    def form_page(
        self, form: Any, record: Any = None, status: int = 200, **context: Any
    ) -> ResponseReturnValue:
        """The form says of which client the record is."""
        client = record.client if record is not None else self._client()
        return super().form_page(form, record, status, client=client, **context)

    def home_of(self, record: Any) -> str:
        client_id = getattr(record, "client_id", None) or self._client().id
        return str(self.get_url("client.details_view", id=client_id))

    def after_delete(self, record: Any) -> str:
        return self.home_of(record)

    def act(
        self, problem: Problem | None, record: Any, done: Any, undo: tuple[str, dict[str, Any]] | None = None
    ) -> ResponseReturnValue:
        """End a POST that acts on a record: say what was done or why not, and go back to the card.

        `undo` is the method and the fields of the POST that takes it back.
        """
        home = get_redirect_target() or self.home_of(record)
        if problem is not None:
            db.session.rollback()
            flash(saving.sentence(problem), problem.level)
        else:
            db.session.commit()
            say(done, undo=(self.get_url(undo[0]), {**undo[1], "url": home}) if undo else None)
        return redirect(home)

    def begin_as(self, form: Any, source: Any, but: Iterable[str]) -> Any:
        """Fill a new form like a record that is there already; `but` names the fields that stay blank."""
        for name in fields_of(self.layout):
            if name not in but:
                form[name].process(None, getattr(source, name))
        return form

    def source(self, of_any_client: bool = False) -> Any:
        """The record that a new one begins like, one of the same client or of any; None for a blank one."""
        if request.method != "GET" or "like" not in request.args:
            return None
        record = self.find(request.args["like"])
        return record if of_any_client or record.client_id == self._client().id else abort(404)
