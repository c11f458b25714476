"""The screens on which a contact goes to another client, or is copied for one: first the question to which."""

from __future__ import annotations

from typing import Any

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_admin.helpers import get_redirect_target
from flask_babel import lazy_gettext as _
from flask_login import current_user

from backoffice.admin.records import read_instead
from backoffice.clients import forms, moving, services
from backoffice.clients.belonging import OfClientView
from backoffice.clients.models import Contact
from backoffice.core.db import db
from backoffice.core.text import MAX_QUERY_LENGTH

CHOOSE = _("Choisissez une société dans la liste.")


class MovesContacts(OfClientView):
    """A view of contacts from which they go to other clients."""

    @expose("/move/", methods=("GET", "POST"))
    def move_view(self) -> ResponseReturnValue:
        """Move a contact to another client, with its past."""
        contact, instead_of = self.find(request.values.get("id"), self.card_loads), read_instead()
        if request.method == "GET":
            return self._ask(contact, "move_view")
        clients, chosen = forms.ClientLoader(), request.form.get("client", "")
        to = clients.get_one(chosen) if instead_of is None else clients.named(chosen)
        if to is None:
            return self._ask(contact, "move_view", CHOOSE)
        former = contact.client_id
        problem = moving.move_contact(db.session(), contact, to, current_user.actor, instead_of)
        done = _("%(name)s est maintenant chez %(client)s.", name=contact.full_name, client=to.name)
        undo = {"id": contact.id, "client": former, "instead_of": to.id}
        return self.act(problem, contact, done, (".move_view", undo) if instead_of is None else None)

    @expose("/copy/")
    def copy_view(self) -> ResponseReturnValue:
        """Begin a contact of another client like this one: its form opens there, filled in."""
        contact = self.find(request.args.get("id"), self.card_loads)
        if "client" not in request.args:
            return self._ask(contact, "copy_view")
        client = forms.ClientLoader().get_one(request.args["client"])
        if client is None:
            return self._ask(contact, "copy_view", CHOOSE)
        return redirect(self.get_url(".create_view", client=client.id, like=contact.id))

    def _ask(self, contact: Contact, method: str, error: Any = None) -> ResponseReturnValue:
        """To which client? Found as one types; without script by a search that comes first."""
        words = request.values.get("q", "")[:MAX_QUERY_LENGTH].strip()
        is_stuck = method == "move_view" and services.is_main(contact)
        return self.render(
            "clients/move.html",
            contact=contact,
            method=method,
            words=words,
            found=list(map(forms.ClientLoader().format, forms.ClientLoader().get_list(words)))
            if words
            else [],
            clients_url=forms.ClientLoader.url,
            refusal=services.CHOOSE_ANOTHER_MAIN if is_stuck else None,
            error=error,
            return_url=get_redirect_target() or self.get_url(".details_view", id=contact.id),
        )
