from __future__ import annotations

import stat
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from backoffice.extensions import flask_config
from backoffice.users import rights
from backoffice.users.mail import server_of
from config import PREFIX, ROLES, ROOT, Settings, SettingsError, load_settings

STRONG = "kJ8-dd3nQ_x2Lm9RtYw4ZpA7bVc6Es1f"


def settings(tmp_path: Path, **typed: str) -> Settings:
    return load_settings({f"{PREFIX}DATA_DIR": str(tmp_path), **{PREFIX + k: v for k, v in typed.items()}})


def test_without_any_setting_the_product_keeps_everything_in_its_data_folder(tmp_path: Path) -> None:
    found = settings(tmp_path)

    assert found.database_url.render_as_string() == f"sqlite:///{tmp_path}/backoffice.db"
    assert found.trusted_hosts == ("localhost", "127.0.0.1")
    assert (found.session_idle_minutes, found.session_max_hours) == (30, 12)
    assert server_of(found) is None
    assert not found.https


def test_a_secret_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    first = settings(tmp_path / "data").secret_key

    assert settings(tmp_path / "data").secret_key == first
    assert len(first) >= 48
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "data" / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret_key"]


def test_two_folders_get_different_secrets(tmp_path: Path) -> None:
    assert settings(tmp_path / "a").secret_key != settings(tmp_path / "b").secret_key


def test_a_damaged_secret_file_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("short")

    with pytest.raises(SettingsError, match="abîmé ou trop court"):
        settings(tmp_path)


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("SECRET_KEY", "changeme", "la clé est trop faible"),
        ("SECRET_KEY", "ab" * 30, "la clé est trop faible"),
        ("DATABASE_URL", "clients.db", "pas une adresse de base de données"),
        ("DATABASE_URL", "mysql://root@localhost/clients", "sqlite:///… ou postgresql"),
        ("DATABASE_URL", "sqlite://", "le nom d’un fichier"),
        ("DATABASE_URL", "sqlite:///:memory:", "le nom d’un fichier"),
        ("PUBLIC_URL", "clients.exemple.fr", "l’adresse que tapent les utilisateurs"),
        ("PUBLIC_URL", "https://exemple.fr/clients", "ne peut pas contenir de chemin"),
        ("PUBLIC_URL", "https://exemple.fr:port", "pas une adresse"),
        ("TRUSTED_HOSTS", "https://exemple.fr", "pas un nom d’hôte"),
        ("TRUSTED_HOSTS", "exemple.fr:8000", "pas un nom d’hôte"),
        ("TRUSTED_PROXIES", "oui", "un nombre entier de 0 à 10"),
        ("TRUSTED_PROXIES", "-1", "un nombre entier de 0 à 10"),
        ("MAIL_URL", "mail.exemple.fr", "smtp://"),
        ("SESSION_IDLE_MINUTES", "0", "un nombre entier de 1 à 1440"),
        ("SESSION_IDLE_MINUTES", "1440", "dépasse BACKOFFICE_SESSION_MAX_HOURS"),
        ("SESSION_MAX_HOURS", "1000", "un nombre entier de 1 à 168"),
        ("SECOND_FACTOR_ROLES", "administrateur,chef", "« chef » n’est pas un rôle"),
        ("LOG_LEVEL", "loud", "debug, info, warning ou error"),
    ],
)
def test_a_wrong_value_is_one_sentence_that_names_the_setting(
    tmp_path: Path, name: str, typed: str, sentence: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        settings(tmp_path, **{name: typed})

    assert str(refused.value).startswith(PREFIX + name)
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_misspelt_setting_is_refused_with_the_name_that_was_meant(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="vouliez-vous dire BACKOFFICE_DATABASE_URL"):
        settings(tmp_path, DATABSE_URL="sqlite:///x.db")


def test_a_data_folder_that_cannot_be_made_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(SettingsError, match=r"DATA_DIR : le dossier .* ne peut pas être créé"):
        settings(tmp_path / "file" / "data")


def test_a_blank_value_counts_as_absent(tmp_path: Path) -> None:
    assert settings(tmp_path, LOG_LEVEL=" ", DATABASE_URL="").log_level == "info"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("postgresql://app:pw@db/clients", "postgresql+psycopg://app:pw@db/clients"),
        ("postgres://app@db/clients", "postgresql+psycopg://app@db/clients"),
        (
            "postgresql+psycopg://app@/clients?host=h1:5432&host=h2:5432",
            "postgresql+psycopg://app@/clients?host=h1%3A5432&host=h2%3A5432",
        ),
        ("sqlite:////srv/clients.db", "sqlite:////srv/clients.db"),
    ],
)
def test_a_database_url_is_brought_into_the_form_that_is_used(
    tmp_path: Path, typed: str, stored: str
) -> None:
    assert settings(tmp_path, DATABASE_URL=typed).database_url.render_as_string(False) == stored


def test_a_sqlite_file_named_without_folder_lies_in_the_data_folder(tmp_path: Path) -> None:
    assert settings(tmp_path, DATABASE_URL="sqlite:///essai.db").database_url.database == str(
        tmp_path / "essai.db"
    )


def test_https_makes_cookies_secure_and_names_them_for_this_host_alone(tmp_path: Path) -> None:
    plain = flask_config(settings(tmp_path))
    behind_tls = flask_config(settings(tmp_path, PUBLIC_URL="https://Clients.exemple.fr/"))

    assert (plain["SESSION_COOKIE_NAME"], plain["SESSION_COOKIE_SECURE"]) == ("session", False)
    assert (behind_tls["SESSION_COOKIE_NAME"], behind_tls["SESSION_COOKIE_SECURE"]) == (
        "__Host-session",
        True,
    )
    assert behind_tls["SESSION_COOKIE_HTTPONLY"]
    assert behind_tls["SESSION_COOKIE_SAMESITE"] == "Lax"
    assert behind_tls["TRUSTED_HOSTS"] == ["localhost", "127.0.0.1", "clients.exemple.fr"]


def test_trusted_hosts_replace_the_default_ones(tmp_path: Path) -> None:
    assert settings(tmp_path, TRUSTED_HOSTS="A.fr, .b.fr").trusted_hosts == ("a.fr", ".b.fr")


def test_a_mail_server_is_read_from_its_url(tmp_path: Path) -> None:
    open_door = server_of(settings(tmp_path, MAIL_URL="smtp://jean%40exemple.fr:p%3Aw@mail.exemple.fr"))
    closed_door = server_of(settings(tmp_path, MAIL_URL="smtps://mail.exemple.fr"))

    assert open_door is not None
    assert closed_door is not None
    assert (open_door.user, open_door.password, open_door.port) == ("jean@exemple.fr", "p:w", 587)
    assert (closed_door.tls, closed_door.port) == ("implicit", 465)


def test_secrets_are_not_shown_when_settings_are_printed(tmp_path: Path) -> None:
    shown = repr(
        settings(
            tmp_path,
            SECRET_KEY=STRONG,
            MAIL_URL="smtp://jean:motdepasse@mail.exemple.fr",
            DATABASE_URL="postgresql://app:motdepasse@db/clients",
        )
    )

    assert STRONG not in shown
    assert "motdepasse" not in shown


def test_every_setting_is_explained_in_the_readme_with_its_default() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    for setting in fields(Settings):
        default, explanation = setting.metadata["default"], setting.metadata["help"]
        shown = default if default.startswith("(") else f"`{default}`"
        assert f"| `{PREFIX}{setting.name.upper()}` | {shown} | {explanation} |" in readme


def test_a_wrong_setting_ends_a_command_with_one_sentence_and_status_1(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "flask", "doctor"],
        cwd=ROOT,
        env={f"{PREFIX}DATA_DIR": str(tmp_path), f"{PREFIX}TRUSTED_PROXIES": "oui"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr == "BACKOFFICE_TRUSTED_PROXIES : il faut un nombre entier de 0 à 10.\n"


def test_the_roles_of_the_settings_are_those_of_the_product(tmp_path: Path) -> None:
    assert list(ROLES) == list(rights.ROLES)
    assert settings(tmp_path).second_factor_roles == ()
    wanted = settings(tmp_path, SECOND_FACTOR_ROLES=" Administrateur, support,support ")
    assert wanted.second_factor_roles == ("administrateur", "support")
