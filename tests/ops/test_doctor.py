from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select, text

from backoffice.core import audit
from backoffice.core.db import db, for_writing, now
from backoffice.core.jobs import JobRun
from backoffice.lookups.models import OfficeSettings
from tests.conftest import MakeApp, on_sqlite_only
from tests.databases import Databases


def doctor(app: Flask) -> Result:
    return app.test_cli_runner().invoke(args=["doctor"])


@pytest.fixture
def administered(app: Flask) -> Flask:
    """The app, with an administrator."""
    with app.app_context(), for_writing(), db.engine.begin() as connection:
        connection.execute(
            text(
                'INSERT INTO "user" (email, email_key, role, active, locale, fs_uniquifier, created_at, version)'
                " VALUES ('alice@exemple.fr', 'alice@exemple.fr', 'administrateur', true, 'fr', 'x', :at, 1)"
            ),
            {"at": "2024-01-01 00:00:00"},
        )
    return app


def test_a_right_set_up_is_all_ticks_and_status_0(administered: Flask) -> None:
    result = doctor(administered)

    assert result.exit_code == 0, result.output
    assert [line for line in result.output.splitlines() if line[0] != "✓"] == [
        "! Aucune sauvegarde : lancez « flask backup DEST », chaque jour si possible."
    ]
    assert "✓ Schéma à jour" in result.output
    assert "✓ Un administrateur actif" in result.output


def test_a_missing_administrator_is_told_with_what_to_do(app: Flask) -> None:
    result = doctor(app)

    assert result.exit_code == 1
    assert "✗ Un administrateur actif : ouvrez le lien" in result.stdout
    assert result.stderr == "1 point(s) à corriger.\n"


def test_a_database_behind_its_migrations_is_told(administered: Flask) -> None:
    with administered.app_context(), for_writing(), db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'older'"))

    result = doctor(administered)

    assert result.exit_code == 1
    assert "✗ Schéma à jour : lancez « flask db upgrade »." in result.stdout


def test_a_database_that_does_not_answer_is_told_without_its_password(make_app: MakeApp) -> None:
    app = make_app(DATABASE_URL="postgresql+psycopg://app:motdepasse@127.0.0.1:1/clients?connect_timeout=2")

    result = doctor(app)

    assert result.exit_code == 1
    assert "✗ Base de données postgresql+psycopg://app:***@127.0.0.1:1" in result.stdout
    assert "motdepasse" not in result.output


def test_a_data_folder_open_to_all_and_a_readable_secret_are_told(make_app: MakeApp, tmp_path: Path) -> None:
    app = make_app(DATA_DIR=str(tmp_path / "data"))
    (tmp_path / "data").chmod(0o755)
    (tmp_path / "data" / "secret_key").chmod(0o644)

    result = doctor(app)

    assert result.exit_code == 1
    assert f"✗ Dossier de données {tmp_path / 'data'} : il est ouvert à tous" in result.stdout
    assert f"chmod 600 {tmp_path / 'data' / 'secret_key'}" in result.stdout


def test_real_users_need_a_mail_server_and_tls(make_app: MakeApp) -> None:
    result = doctor(make_app(PUBLIC_URL="http://clients.exemple.fr"))

    assert "✗ Courriels affichés à la console" in result.stdout
    assert "✗ Accès par http://clients.exemple.fr : réglez BACKOFFICE_PUBLIC_URL" in result.stdout


def test_a_mail_server_that_does_not_answer_is_told(make_app: MakeApp) -> None:
    result = doctor(make_app(MAIL_URL="smtp://127.0.0.1:1", PUBLIC_URL="https://clients.exemple.fr"))

    assert "✗ Serveur de courrier 127.0.0.1:1" in result.stdout
    assert "✓ Accès par https://clients.exemple.fr" in result.stdout


def test_an_untrusted_proxy_is_told(make_app: MakeApp) -> None:
    behind = {"PUBLIC_URL": "https://clients.exemple.fr"}

    assert (
        "✗ Proxys de confiance : 0 : réglez BACKOFFICE_TRUSTED_PROXIES" in doctor(make_app(**behind)).stdout
    )
    assert "✓ Proxys de confiance : 1" in doctor(make_app(**behind, TRUSTED_PROXIES="1")).stdout


def test_listening_beyond_this_machine_without_tls_is_told(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOST", "0.0.0.0")  # noqa: S104 - what is told

    assert "✗ Accès par le réseau" in doctor(app).stdout


@on_sqlite_only
def test_a_worker_that_has_been_silent_for_long_is_told(administered: Flask) -> None:
    with administered.app_context(), for_writing():
        db.session.add(JobRun(name="probe", begun_at=now() - timedelta(minutes=11)))
        db.session.commit()

    result = doctor(administered)

    assert result.exit_code == 1
    assert "✗ Travail de fond (courriels, rappels, corbeille) : rien n’a tourné" in result.stdout


@pytest.mark.parametrize(("days", "sign"), [(6, "✓"), (8, "!")])
@on_sqlite_only
def test_a_backup_that_is_older_than_a_week_is_told(administered: Flask, days: int, sign: str) -> None:
    taken = now() - timedelta(days=days)
    with administered.app_context(), for_writing():
        audit.act_as(db.session(), audit.SYSTEM, "command")
        office = db.session.scalars(select(OfficeSettings)).one()
        audit.record(db.session(), office, "backup", None, {"at": taken.isoformat()}, operation="note")
        db.session.commit()

    result = doctor(administered)

    assert result.exit_code == 0
    (line,) = (line for line in result.stdout.splitlines() if "Dernière sauvegarde" in line)
    assert line.startswith(f"{sign} Dernière sauvegarde : {office_day(taken)}")
    assert ("plus de sept jours" in line) == (sign == "!")


def office_day(moment: datetime) -> str:
    return f"{moment.astimezone(ZoneInfo('Europe/Paris')):%d/%m/%Y}"


@pytest.fixture
def damaged(administered: Flask, databases: Databases, engine: str) -> Iterator[Flask]:
    """Somebody with the account of the product has taken away what makes facts final."""
    change = (
        "DROP TRIGGER fact_is_not_removed" if engine == "sqlite" else "ALTER TABLE fact DISABLE TRIGGER USER"
    )
    with administered.app_context(), for_writing(), db.engine.begin() as connection:
        connection.execute(text(change))
    yield administered
    with administered.app_context():
        db.engine.dispose()
    databases.recreate()


def test_a_history_that_could_be_changed_is_told(damaged: Flask, engine: str) -> None:
    result = doctor(damaged)

    name = "fact_is_not_removed" if engine == "sqlite" else "fact_is_final"
    assert result.exit_code == 1
    assert (
        f"✗ L’historique ne peut pas être modifié : la base n’a plus ce qui l’empêche ({name})"
        in result.stdout
    )
