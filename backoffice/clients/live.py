"""What the client's form asks while one types: proposals for its fields, and likely duplicates."""

from __future__ import annotations

from typing import ClassVar

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_login import current_user

from backoffice.admin.records import read_id
from backoffice.clients import cards, duplicates, proposals
from backoffice.core.db import db
from backoffice.lookups import services as lookups

#: More than any field of the form takes.
_LONGEST = 300


def _typed(name: str) -> str:
    return request.args.get(name, "")[:_LONGEST]


class LiveForm:
    """Two questions that `proposals.js` asks. They read and never write; without script nobody asks them."""

    #: What the form says to its script: `data-<name>` with the address of this method.
    live: ClassVar = {"proposals": "client.proposals_view", "likely": "client.likely_view"}

    @expose("/proposals/")
    def proposals_view(self) -> ResponseReturnValue:
        """What follows from the fields in the address; `check` names one whose form is judged as well."""
        typed = {name: _typed(name) for name in request.args}
        folder, checked = cards.ape_folder(), _typed("check")
        problem = proposals.problem_of(checked, typed)
        # The name alone is asked for with the office's own prefix.
        prefix = lookups.office(db.session()).account_prefix if typed.get("name") else ""
        return jsonify(
            values={
                found.field: {"value": found.value, "note": str(found.note)}
                for found in proposals.proposals(typed, prefix)
            },
            towns=proposals.towns_of(typed),
            activities=proposals.activities(typed.get("activity", ""), folder),
            activity=proposals.activity_label(typed.get("ape_code", ""), folder),
            problem=str(problem) if problem is not None else "",
        )

    @expose("/likely/")
    def likely_view(self) -> ResponseReturnValue:
        """A part of a page that names the clients which may be the one that is typed."""
        asked = duplicates.Typed(
            name=_typed("name"),
            siren=_typed("siren"),
            siret=_typed("siret"),
            website=_typed("website"),
            emails=[email[:_LONGEST] for email in request.args.getlist("email")],
            id=read_id(_typed("id")),
        )
        return render_template(
            "clients/likely.html",
            found=duplicates.likely(db.session(), asked),
            may_switch=current_user.can("client.switch"),
        )
