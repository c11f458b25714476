"""Every page of the product, with what has to be in the database for it to be worth looking at."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import select

from backoffice.activity.models import Entry
from backoffice.clients import services as clients
from backoffice.clients.models import Address, Client, Contact
from backoffice.core.audit import SYSTEM, Fact, act_as
from backoffice.core.db import db, for_writing
from backoffice.emails import eml, keeping
from backoffice.emails.models import Email
from backoffice.events.models import Event
from backoffice.lookups.models import CompanyType, PaymentTerm
from backoffice.ops.cast import USERS
from backoffice.ops.demo import load
from backoffice.users import second_factor
from backoffice.users.models import User
from backoffice.users.totp import HashedCodes, new_secret
from tests.emails.letters import full
from tests.users.people import make_user

#: By the name of its picture; what stands in braces is found by `records`.
PAGES = {
    "dashboard": "/",
    "clients": "/client/",
    "clients-nothing-found": "/client/?search=xyzzy",
    "clients-narrowed": "/client/?status=all&flt_country=FR",
    "card": "/client/details/?id={client}",
    "card-inactive": "/client/details/?id={inactive}",
    "card-field": "/client/field/?id={client}&name=website",
    "create": "/client/new/",
    "edit": "/client/edit/?id={client}",
    "deactivate": "/client/deactivate/?id={client}",
    "reactivate": "/client/activate/?id={inactive}",
    "contacts": "/contact/",
    "contact": "/contact/details/?id={contact}",
    "contact-field": "/contact/field/?id={contact}&name=job_title",
    "contact-new": "/contact/new/?client={client}",
    "contact-move": "/contact/move/?id={other_contact}",
    "contact-copy": "/contact/copy/?id={contact}",
    "contact-edit": "/contact/edit/?id={contact}",
    "address-new": "/address/new/?client={client}",
    "address-edit": "/address/edit/?id={address}",
    "card-activity": "/client/details/?id={client}&tab=activity",
    "card-trash": "/client/details/?id={client}&tab=activity&add=task&kind=removed",
    "card-history": "/client/details/?id={client}&tab=history",
    "contact-history": "/contact/details/?id={contact}&tab=history",
    "journal": "/history/",
    "undo": "/undo/?action={action}",
    "trash": "/trash/",
    "contact-activity": "/contact/details/?id={contact}&tab=activity",
    "feed": "/entry/?client={client}",
    "note-new": "/note/new/?client={client}",
    "note-edit": "/note/edit/?id={note}",
    "call-new": "/call/new/?client={client}",
    "call-edit": "/call/edit/?id={call}",
    "tasks": "/task/?who=all",
    "task-new": "/task/new/",
    "task-edit": "/task/edit/?id={task}",
    "email-new": "/email/new/?contact={contact}",
    "card-email": "/client/details/?id={client}&tab=activity&add=email",
    "email-log": "/email/log/?client={client}",
    "email-message": "/email/message/?id={message}",
    "mentions": "/mention/",
    "events": "/event/",
    "event": "/event/details/?id={event}",
    "event-new": "/event/new/?client={client}",
    "event-edit": "/event/edit/?id={event}",
    "event-field": "/event/field/?id={event}&name=status",
    "calendar": "/event/calendar/",
    "contact-business": "/contact/details/?id={contact}&tab=business",
    "templates": "/emailtemplate/",
    "template-new": "/emailtemplate/new/",
    "statuses": "/eventstatus/",
    "status-new": "/eventstatus/new/",
    "types": "/companytype/",
    "type-new": "/companytype/new/",
    "type-edit": "/companytype/edit/?id={type}",
    "type-replace": "/companytype/replace/?id={type}",
    "terms": "/paymentterm/",
    "term-new": "/paymentterm/new/",
    "term-edit": "/paymentterm/edit/?id={term}",
    "term-replace": "/paymentterm/replace/?id={term}",
    "settings": "/settings/",
    "settings-edit": "/settings/edit/?id=1",
    "users": "/user/",
    "user": "/user/details/?id={user}",
    "user-new": "/user/new/",
    "user-edit": "/user/edit/?id={user}",
    "account": "/account/",
    "account-profile": "/account/profile/",
    "account-password": "/account/password/",
    "second-factor": "/account/second-factor/",
    "search": "/search/?q=atelier",
    "help": "/help/",
    "help-page": "/help/?about=client.details_view",
    "shortcuts": "/help/shortcuts/",
    "not-found": "/nulle-part",
}
#: Shown only to somebody whose second factor is on (`protect`), the first one between password and code.
PROTECTED = {
    "login-code": "/login/code/",
    "second-factor-codes": "/account/second-factor/codes/",
    "second-factor-remove": "/account/second-factor/remove/",
}
#: Shown to nobody in particular; the set-up only while there is no account.
PUBLIC = {"login": "/login", "reset": "/reset", "reset-choose": "/reset/x"}
FIRST = {"setup": "/setup"}

#: What a GET answers without being a page of its own: files, and what scripts ask for.
NO_PAGES = {
    "message.attachment_view",
    "message.html_view",  # stands in the frame of message.details_view
    "message.raw_view",
    "static",
    "admin.static",
    "health.live",
    "health.ready",
    "metrics.show",
    "agenda.calendar",
    "calendar_address.index",  # shows an address once, to who has pressed the button of the account
    "client.ajax_lookup",
    "client.beside_view",
    "client.count_view",
    "client.countries_view",
    "client.likely_view",
    "client.proposals_view",
    "contact.beside_view",
    "contact.vcard_view",
    "note.details_view",  # an entry by itself is its place in a feed
    "call.details_view",
    "task.details_view",
    "email.details_view",
    "task.ajax_lookup",
    "task.choices_view",
    "event.ajax_lookup",
    "event.beside_view",
    "event.contacts_view",
    "event.more_view",
    "settings.logo_view",
    "second_factor.confirm",  # the form of second_factor.index is sent there, with the secret that it shows
}
#: Lists of choices are all shown by one view: the types stand for these.
LIKE_TYPES = ("language", "source", "civility", "eventstatus", "emailtemplate")


def add_cast(app: Flask) -> None:
    """The cast of `flask demo`, with the colleagues who wrote what is written there, where there is nobody yet."""
    with app.app_context():
        is_empty = db.session.scalar(select(User.id).limit(1)) is None
    for one in USERS if is_empty else ():
        make_user(app, one.email, one.role, first_name=one.first_name, last_name=one.last_name)
    with app.app_context(), for_writing():
        act_as(db.session(), SYSTEM, "test")
        load(db.session(), SYSTEM)
        db.session.commit()
    add_message(app)
    think_better_of_it(app)


def think_better_of_it(app: Flask) -> None:
    """A client that was removed, and a change of another one: both can be taken back."""
    with app.app_context(), for_writing():
        act_as(db.session(), SYSTEM, "screen")
        gone = Client(name="Fiche en double", contacts=[Contact(email="double@exemple.fr")])
        clients.begin(gone, SYSTEM)
        db.session.add(gone)
        db.session.commit()
        act_as(db.session(), SYSTEM, "screen")
        clients.delete_client(db.session(), gone)
        db.session.commit()
        act_as(db.session(), SYSTEM, "screen")
        kept = db.session.scalars(select(Client).where(Client.is_active).order_by(Client.id)).first()
        assert kept is not None
        kept.street2, kept.phone = "Bâtiment B", "+33140422222"
        db.session.commit()


def add_message(app: Flask) -> None:
    """A message that somebody has kept from a file, with all that one may hold."""
    with app.app_context(), for_writing():
        act_as(db.session(), SYSTEM, "test")
        raw, author = full().as_bytes(), db.session.scalars(select(User).order_by(User.id)).first()
        client = db.session.scalars(select(Client).where(Client.is_active).order_by(Client.id)).first()
        letter = eml.read(raw)
        assert client is not None
        assert author is not None
        assert isinstance(letter, eml.Letter)
        data = app.extensions["settings"].data_dir
        keeping.keep(db.session(), data, raw, letter, (client, None, None), author.actor)
        db.session.commit()


def records(app: Flask) -> dict[str, Any]:
    """The ids that addresses of pages need."""
    with app.app_context():
        first = db.session.scalar
        many = select(Contact.client_id).where(Contact.is_active).group_by(Contact.client_id)
        client = first(select(Client.id).where(Client.is_active, Client.id.in_(many)).order_by(Client.id))
        return {
            "client": client,
            "inactive": first(select(Client.id).where(~Client.is_active).order_by(Client.id)),
            "contact": first(select(Contact.id).where(Contact.client_id == client).order_by(Contact.id)),
            "other_contact": first(
                select(Contact.id).where(Contact.client_id == client).order_by(Contact.id.desc())
            ),
            "address": first(select(Address.id).order_by(Address.id)),
            "event": first(select(Event.id).order_by(Event.id)),
            "type": first(select(CompanyType.id).order_by(CompanyType.id)),
            "term": first(select(PaymentTerm.id).order_by(PaymentTerm.id)),
            "action": first(
                select(Fact.action).where(Fact.via == "screen", Fact.operation == "update").limit(1)
            ),
            "user": first(select(User.id).order_by(User.id)),
            "message": first(select(Email.id).where(Email.state == "logged")),
            **{kind: first(select(Entry.id).where(Entry.kind == kind)) for kind in ("note", "call", "task")},
        }


def addresses(app: Flask, pages: dict[str, str]) -> dict[str, str]:
    """The pages with the ids of this database in their addresses."""
    found = records(app)
    return {name: path.format(**found) for name, path in pages.items()}


def protect(app: Flask, email: str) -> None:
    """Turn somebody's second factor on, as if they had scanned its picture."""
    with app.app_context(), for_writing():
        act_as(db.session(), SYSTEM, "test")
        user = db.session.scalars(select(User).where(User.email == email)).one()
        secret = new_secret(app.config["SECRET_KEY"])
        second_factor.turn_on(db.session(), user, secret, 0, HashedCodes("0" * 32, ("x",)))
        db.session.commit()
