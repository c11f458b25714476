"""Every address of the product, what it needs, and how the tests call it. A new route is one line in `TABLE`."""

from __future__ import annotations

from typing import NamedTuple

from flask import Flask

from backoffice.users.guard import right_needed
from tests.web import Browser

#: endpoint, methods, right. "public" needs nobody, "nobody" is refused to everybody.
TABLE = """
static                          GET         public
admin.static                    GET         public
health.live                     GET         public
health.ready                    GET         public
metrics.show                    GET         public
security.login                  GET,POST    public
security.logout                 POST        public
second_step.code                GET,POST    public
reset.ask                       GET,POST    public
reset.choose                    GET,POST    public
setup.first_administrator       GET,POST    public
agenda.calendar                 GET         public

admin.index                     GET         home.read
search.index                    GET         home.read
history.index                   GET         history.read
undo.index                      GET,POST    activity.add
trash.index                     GET         client.write
help.index                      GET         home.read
help.shortcuts                  GET,POST    home.read
account.index                   GET         home.read
account.edit_view               GET,POST    home.read
account.language                POST        home.read
account.preferences             POST        home.read
account.end_session             POST        home.read
account.end_other_sessions      POST        home.read
account.password                GET,POST    home.read
presence.index                  POST        home.read
second_factor.index             GET,POST    home.read
second_factor.confirm           GET,POST    home.read
second_factor.renew             GET,POST    home.read
second_factor.remove            GET,POST    home.read

calendar_address.index          GET,POST    home.read
calendar_address.revoke         POST        home.read

client.index_view               GET         client.read
client.count_view               GET         client.read
client.details_view             GET         client.read
client.ajax_lookup              GET         client.read
client.create_view              GET,POST    client.write
client.edit_view                GET,POST    client.write
client.field_view               GET,POST    client.write
client.delete_view              POST        client.write
client.proposals_view           GET         client.write
client.likely_view              GET         client.write
client.activate_view            GET,POST    client.switch
client.columns_view             POST        client.read
client.countries_view           GET         client.read
client.beside_view              GET         client.read
client.deactivate_view          GET,POST    client.switch

contact.index_view              GET         client.read
contact.details_view            GET         client.read
contact.columns_view            POST        client.read
contact.beside_view             GET         client.read
contact.create_view             GET,POST    client.write
contact.edit_view               GET,POST    client.write
contact.delete_view             POST        client.write
contact.star_view               POST        client.write
contact.activate_view           POST        client.write
contact.deactivate_view         POST        client.write
contact.field_view              GET,POST    client.write
contact.vcard_view              GET         client.read
contact.move_view               GET,POST    client.write
contact.copy_view               GET         client.write

address.index_view              GET         nobody
address.create_view             GET,POST    client.write
address.edit_view               GET,POST    client.write
address.delete_view             POST        client.write
address.default_view            POST        client.write

task.index_view                 GET         client.read
task.details_view               GET         client.read
task.ajax_lookup                GET         activity.add
task.choices_view               GET         activity.add
task.create_view                GET,POST    activity.add
task.edit_view                  GET,POST    activity.add
task.done_view                  POST        activity.add
task.reopen_view                POST        activity.add
task.seen_view                  POST        home.read
task.delete_view                POST        nobody
note.index_view                 GET         nobody
note.details_view               GET         client.read
note.create_view                GET,POST    activity.add
note.edit_view                  GET,POST    activity.add
note.delete_view                POST        nobody
call.index_view                 GET         nobody
call.details_view               GET         client.read
call.create_view                GET,POST    activity.add
call.edit_view                  GET,POST    activity.add
call.delete_view                POST        nobody
entry.feed_view                 GET         client.read
entry.pin_view                  POST        activity.write
entry.unpin_view                POST        activity.write
entry.remove_view               POST        activity.add
entry.restore_view              POST        activity.add
email.index_view                GET         nobody
email.details_view              GET         client.read
email.create_view               GET,POST    email.write
email.edit_view                 GET,POST    nobody
email.delete_view               POST        nobody
email.resend_view               POST        email.write
email.cancel_view               POST        email.write
message.create_view             GET,POST    activity.add
message.details_view            GET         client.read
message.html_view               GET         client.read
message.attachment_view         GET         client.read
message.raw_view                GET         client.read
mention.index                   GET         home.read
mention.read                    POST        home.read

event.index_view                GET         client.read
event.details_view              GET         client.read
event.columns_view              POST        client.read
event.beside_view               GET         client.read
event.ajax_lookup               GET         client.read
event.more_view                 GET         client.read
event.create_view               GET,POST    client.write
event.edit_view                 GET,POST    client.write
event.field_view                GET,POST    client.write
event.delete_view               POST        client.write
event.contacts_view             GET         client.write
calendar.index                  GET         client.read

eventstatus.index_view          GET         lookup.write
eventstatus.create_view         GET,POST    lookup.write
eventstatus.edit_view           GET,POST    lookup.write
eventstatus.delete_view         POST        lookup.write
eventstatus.order_view          POST        lookup.write
eventstatus.activate_view       POST        lookup.write
eventstatus.deactivate_view     POST        lookup.write
eventstatus.default_view        POST        lookup.write
eventstatus.replace_view        GET,POST    lookup.write
eventstatus.choices_view        GET         client.write

emailtemplate.index_view        GET         lookup.write
emailtemplate.create_view       GET,POST    lookup.write
emailtemplate.edit_view         GET,POST    lookup.write
emailtemplate.delete_view       POST        lookup.write
emailtemplate.order_view        POST        lookup.write
emailtemplate.activate_view     POST        lookup.write
emailtemplate.deactivate_view   POST        lookup.write
emailtemplate.default_view      POST        lookup.write
emailtemplate.replace_view      GET,POST    lookup.write
emailtemplate.choices_view      GET         client.write

companytype.index_view          GET         lookup.write
companytype.create_view         GET,POST    lookup.write
companytype.edit_view           GET,POST    lookup.write
companytype.delete_view         POST        lookup.write
companytype.order_view          POST        lookup.write
companytype.activate_view       POST        lookup.write
companytype.deactivate_view     POST        lookup.write
companytype.default_view        POST        lookup.write
companytype.replace_view        GET,POST    lookup.write
companytype.choices_view        GET         client.write
language.index_view             GET         lookup.write
language.create_view            GET,POST    lookup.write
language.edit_view              GET,POST    lookup.write
language.delete_view            POST        lookup.write
language.order_view             POST        lookup.write
language.activate_view          POST        lookup.write
language.deactivate_view        POST        lookup.write
language.default_view           POST        lookup.write
language.replace_view           GET,POST    lookup.write
language.choices_view           GET         client.write
source.index_view               GET         lookup.write
source.create_view              GET,POST    lookup.write
source.edit_view                GET,POST    lookup.write
source.delete_view              POST        lookup.write
source.order_view               POST        lookup.write
source.activate_view            POST        lookup.write
source.deactivate_view          POST        lookup.write
source.default_view             POST        lookup.write
source.replace_view             GET,POST    lookup.write
source.choices_view             GET         client.write
civility.index_view             GET         lookup.write
civility.create_view            GET,POST    lookup.write
civility.edit_view              GET,POST    lookup.write
civility.delete_view            POST        lookup.write
civility.order_view             POST        lookup.write
civility.activate_view          POST        lookup.write
civility.deactivate_view        POST        lookup.write
civility.default_view           POST        lookup.write
civility.replace_view           GET,POST    lookup.write
civility.choices_view           GET         client.write
paymentterm.index_view          GET         lookup.write
paymentterm.create_view         GET,POST    lookup.write
paymentterm.edit_view           GET,POST    lookup.write
paymentterm.delete_view         POST        lookup.write
paymentterm.order_view          POST        lookup.write
paymentterm.activate_view       POST        lookup.write
paymentterm.deactivate_view     POST        lookup.write
paymentterm.default_view        POST        lookup.write
paymentterm.replace_view        GET,POST    lookup.write
paymentterm.choices_view        GET         client.write

settings.index_view             GET         settings.write
settings.edit_view              GET,POST    settings.write
settings.logo_view               GET         home.read
settings.create_view            GET,POST    nobody
settings.delete_view            POST        nobody

user.index_view                 GET         user.write
user.details_view               GET         user.write
user.create_view                GET,POST    user.write
user.edit_view                  GET,POST    user.write
user.invite                     POST        user.write
user.activate_view              POST        user.write
user.deactivate_view            POST        user.write
user.remove_second_factor       POST        user.write
user.end_session                POST        user.write
user.end_sessions               POST        user.write
user.delete_view                POST        nobody
"""

#: What Flask-Admin and our kit give every list unasked: refused to everybody, unless `TABLE` says otherwise.
STOCK = {
    "action_view": "POST",
    "ajax_lookup": "GET",
    "ajax_update": "POST",
    "beside_view": "GET",
    "columns_view": "POST",
    "countries_view": "GET",
    "details_view": "GET",
    "export": "GET",
}

#: What stands for the variable parts of addresses.
PARTS = {"filename": "icon.svg", "token": "x", "export_type": "csv"}


class Route(NamedTuple):
    """One address with one of its methods."""

    endpoint: str
    method: str
    path: str


def _read_table() -> dict[str, tuple[set[str], str]]:
    lines = (line.split() for line in TABLE.splitlines() if line.strip())
    return {endpoint: (set(methods.split(",")), right) for endpoint, methods, right in lines}


EXPECTED = _read_table()


def methods_of(endpoint: str) -> set[str]:
    """The methods that the table gives an address; none when it does not know it."""
    stock = STOCK.get(endpoint.rpartition(".")[2])
    return EXPECTED[endpoint][0] if endpoint in EXPECTED else {stock} if stock else set()


def right_of(endpoint: str) -> str:
    """The right that the table gives an address."""
    return EXPECTED[endpoint][1] if endpoint in EXPECTED else "nobody"


def all_routes(app: Flask) -> list[Route]:
    """Every address of the app with each of its methods."""
    with app.test_request_context():  # over before anything is called: else all calls would share one session
        adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
        return [
            Route(
                rule.endpoint,
                method,
                adapter.build(rule.endpoint, {part: PARTS[part] for part in rule.arguments}),
            )
            for rule in app.url_map.iter_rules()
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        ]


def undeclared(app: Flask) -> list[str]:
    """The routes that the table does not know, or not with these methods, or not with this right."""
    wrong = []
    for route in all_routes(app):
        needed = {"": "public", None: "nobody"}.get(needs := right_needed(app, route.endpoint), needs)
        if route.method not in methods_of(route.endpoint) or needed != right_of(route.endpoint):
            wrong.append(f"{route.endpoint}  {route.method}  {needed}")
    return wrong


def call(browser: Browser, route: Route, **fields: str) -> int:
    """Call a route with the token of the page that is shown; answers what the route says, not where it leads."""
    if route.method == "GET":
        with browser.client.get(route.path, query_string=fields) as answer:
            return answer.status_code
    data = {"csrf_token": browser.csrf_token, **fields}
    return browser.client.post(route.path, data=data).status_code
