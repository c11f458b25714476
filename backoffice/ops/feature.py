"""What this feature registers."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _

from backoffice.admin import tellings
from backoffice.admin.features import Feature
from backoffice.ops import sweeping
from backoffice.ops.backup import MADE, RESTORED, backup
from backoffice.ops.bench import bench
from backoffice.ops.demo import add_for_first_administrator, demo
from backoffice.ops.doctor import doctor
from backoffice.ops.health import health
from backoffice.ops.logs import init_logs
from backoffice.ops.metrics import init_metrics
from backoffice.ops.nomenclature import nomenclature
from backoffice.ops.restore import restore
from backoffice.ops.sbom import sbom
from backoffice.ops.search import search
from backoffice.ops.seed import seed
from backoffice.ops.serve import serve
from backoffice.ops.worker import init_bells, worker
from backoffice.users import setup


def _init(app: Flask) -> None:
    init_logs(app, app.extensions["settings"].log_level)
    app.register_blueprint(health)
    init_metrics(app)
    init_bells(app)
    sweeping.register_all()
    tellings.say("office_settings", "seed", _("a rempli la base de clients inventés"))
    tellings.say("office_settings", MADE, _("a sauvegardé base et documents"))
    tellings.say("office_settings", RESTORED, _("a rétabli une sauvegarde"))
    setup.on_demo = add_for_first_administrator


FEATURE = Feature(
    "ops",
    commands=(serve, worker, doctor, backup, restore, demo, seed, search, nomenclature, bench, sbom),
    init=_init,
)
