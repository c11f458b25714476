"""Every setting of the product, in one place: its type, its default, and a line of explanation.

Settings come from the environment, with the prefix `BACKOFFICE_`. They are read once, at the start; a
wrong value, or a name that does not exist, stops the start with one sentence (`SettingsError`).
"""

from __future__ import annotations

import contextlib
import difflib
import os
import re
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

PREFIX = "BACKOFFICE_"
ROOT = Path(__file__).resolve().parent
SECRET_FILE = "secret_key"  # noqa: S105 - the name of a file

#: A secret shorter than this, or made of fewer different characters, can be guessed.
SECRET_LENGTH = 32
SECRET_VARIETY = 10

#: As in backoffice/users/rights.py, which the settings are read before.
ROLES = ("lecture", "support", "gestionnaire", "administrateur")

#: Always answered when TRUSTED_HOSTS is empty. (Werkzeug cannot match a host that is an IPv6 address.)
LOCAL_HOSTS = ("localhost", "127.0.0.1")


class SettingsError(ValueError):
    """A setting is wrong. The text is one French sentence for the person at the console."""


def _folder(typed: str) -> Path:
    return (ROOT / Path(typed).expanduser()).resolve()


def _secret(typed: str) -> str:
    if len(typed) < SECRET_LENGTH or len(set(typed)) < SECRET_VARIETY:
        raise ValueError(
            f"la clé est trop faible : il faut au moins {SECRET_LENGTH} caractères tirés au hasard "
            "(ou rien : une clé est alors créée dans le dossier de données)"
        )
    return typed


def _database(typed: str) -> URL:
    try:
        url = make_url(typed)
    except ArgumentError:
        raise ValueError("ce n’est pas une adresse de base de données") from None
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in ("sqlite", "postgresql+psycopg"):
        raise ValueError("il faut sqlite:///… ou postgresql+psycopg://…")
    if url.drivername == "sqlite" and url.database in (None, "", ":memory:"):
        raise ValueError("il faut le nom d’un fichier après sqlite:///")
    return url


def _whole_number(lowest: int, highest: int) -> Callable[[str], int]:
    def parse(typed: str) -> int:
        if not (typed.isascii() and typed.isdigit() and lowest <= int(typed) <= highest):
            raise ValueError(f"il faut un nombre entier de {lowest} à {highest}")
        return int(typed)

    return parse


def _host_list(typed: str) -> tuple[str, ...]:
    hosts = tuple(host.strip().lower() for host in typed.split(",") if host.strip())
    for host in hosts:
        if "/" in host or " " in host or ":" in host:
            raise ValueError(
                f"« {host} » n’est pas un nom d’hôte (sans http://, sans port, séparés par des virgules)"
            )
    return hosts


def _split(typed: str, *schemes: str, example: str) -> SplitResult:
    try:
        url = urlsplit(typed)
        named, _ = url.hostname, url.port
    except ValueError:
        raise ValueError("ce n’est pas une adresse") from None
    if url.scheme not in schemes or not named or url.query or url.fragment:
        raise ValueError(f"il faut {example}")
    if url.path not in ("", "/"):
        raise ValueError("l’adresse ne peut pas contenir de chemin")
    return url


def _public_url(typed: str) -> str:
    example = "l’adresse que tapent les utilisateurs, par exemple https://clients.exemple.fr"
    url = _split(typed, "http", "https", example=example)
    if url.username:
        raise ValueError(f"il faut {example}")
    return f"{url.scheme}://{url.netloc.lower()}"


def _mail_url(typed: str) -> str:
    if typed != "console":
        example = "smtp://utilisateur:mot-de-passe@serveur:587, smtps://… ou console"
        _split(typed, "smtp", "smtps", example=example)
    return typed


def _mail_from(typed: str) -> str:
    if not re.fullmatch(r"[^\s@<>,;:\"]+@[^\s@<>,;:\"]+", typed):
        raise ValueError("il faut une adresse e-mail seule, par exemple clients@exemple.fr")
    return typed


def _redis_url(typed: str) -> str:
    scheme, _, rest = typed.partition("://")
    server = f"{scheme}://{rest.partition('?')[0].partition('/')[0]}"
    _split(server, "redis", "rediss", example="redis://serveur:6379/0 ou rediss://…")
    return typed


def _roles(typed: str) -> tuple[str, ...]:
    roles = tuple(dict.fromkeys(role.strip().lower() for role in typed.split(",") if role.strip()))
    for role in roles:
        if role not in ROLES:
            raise ValueError(f"« {role} » n’est pas un rôle : il faut {', '.join(ROLES)}, avec des virgules")
    return roles


def _token(typed: str) -> str:
    if not re.fullmatch(r"[!-~]{24,200}", typed):
        raise ValueError("il faut au moins 24 caractères tirés au hasard, sans espace ni accent")
    return typed


def _level(typed: str) -> str:
    if typed.lower() not in ("debug", "info", "warning", "error"):
        raise ValueError("il faut debug, info, warning ou error")
    return typed.lower()


def _setting(parse: Callable[[str], Any], default: str, help: str, secret: bool = False) -> Any:
    """One setting. `default` is as one would type it, or a remark in brackets for what is worked out."""
    return field(metadata={"parse": parse, "default": default, "help": help}, repr=not secret)


@dataclass(frozen=True)
class Settings:
    """The settings as read. Made by `load_settings`; nothing else of the product reads the environment."""

    data_dir: Path = _setting(
        _folder,
        "instance",
        "Folder of the SQLite database, secret key, APE lists and logged e-mails (`mails`); made with mode 0700.",
    )
    database_url: URL = _setting(
        _database,
        "(SQLite in the data folder)",
        "`sqlite:///file` or `postgresql+psycopg://user:password@host/name`; several hosts allowed.",
    )
    secret_key: str = _setting(
        _secret,
        "(made and kept in the data folder, mode 0600)",
        "Signs sessions and links; 32 random characters or more, the same on all machines.",
        secret=True,
    )
    public_url: str = _setting(
        _public_url,
        "(none)",
        "Address that users type, used in e-mails; https switches Secure cookies and HSTS on.",
    )
    trusted_hosts: tuple[str, ...] = _setting(
        _host_list,
        "(this machine's own names and the host of PUBLIC_URL)",
        "Host names that are answered, with commas; a leading dot admits subdomains.",
    )
    trusted_proxies: int = _setting(
        _whole_number(0, 10), "0", "Number of reverse proxies in front, whose X-Forwarded headers count."
    )
    mail_url: str = _setting(
        _mail_url,
        "console",
        "`smtp://user:password@host:587`, `smtps://…`, or `console` to print mails instead.",
        secret=True,
    )
    mail_from: str = _setting(
        _mail_from, "(no-reply@ and the host of PUBLIC_URL)", "Address that mails come from."
    )
    redis_url: str = _setting(
        _redis_url,
        "(none)",
        "`redis://host:6379/0`: carries the bells of background work between several machines.",
        secret=True,
    )
    session_idle_minutes: int = _setting(
        _whole_number(1, 1440), "30", "Minutes without a request after which one must log in again."
    )
    session_max_hours: int = _setting(
        _whole_number(1, 168), "12", "Hours after which one must log in again in any case."
    )
    sessions_kept_days: int = _setting(
        _whole_number(8, 3650),
        "30",
        "Days for which sessions that have ended, with their addresses, are kept.",
    )
    second_factor_roles: tuple[str, ...] = _setting(
        _roles,
        "(none)",
        "Roles, with commas, that must turn on a second factor at their first log-in, as `administrateur,gestionnaire`.",
    )
    metrics_token: str = _setting(
        _token, "(none)", "Switches `/metrics` on, for who bears it; 24 characters or more.", secret=True
    )
    log_level: str = _setting(_level, "info", "`debug`, `info`, `warning` or `error`.")

    @property
    def https(self) -> bool:
        """Whether users come by TLS: cookies are then Secure and HSTS is sent."""
        return self.public_url.startswith("https:")


def load_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read and check the settings; make the data folder and the secret key when there are none.

    Raises SettingsError with one sentence when a value is wrong or a name with our prefix is unknown.
    """
    _refuse_unknown(environ)
    values = {entry.name: _read(environ, entry.name, entry.metadata) for entry in fields(Settings)}
    folder = values["data_dir"]
    _make_folder(folder)
    values["database_url"] = _place(values["database_url"] or make_url("sqlite:///backoffice.db"), folder)
    values["secret_key"] = values["secret_key"] or _kept_secret(folder / SECRET_FILE)
    for name in ("public_url", "redis_url", "metrics_token"):
        values[name] = values[name] or ""
    values["second_factor_roles"] = values["second_factor_roles"] or ()
    public_host = urlsplit(values["public_url"]).hostname
    values["trusted_hosts"] = values["trusted_hosts"] or (*LOCAL_HOSTS, *filter(None, [public_host]))
    values["mail_from"] = values["mail_from"] or f"no-reply@{public_host or 'localhost'}"
    settings = Settings(**values)
    if settings.session_idle_minutes > settings.session_max_hours * 60:
        raise SettingsError(
            f"{PREFIX}SESSION_IDLE_MINUTES : la durée d’inactivité dépasse {PREFIX}SESSION_MAX_HOURS."
        )
    return settings


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    known = [PREFIX + entry.name.upper() for entry in fields(Settings)]
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f" ; vouliez-vous dire {near[0]} ?" if near else " ; voyez README.md."
            raise SettingsError(f"Le réglage {name} n’existe pas{hint}")


def _read(environ: Mapping[str, str], name: str, about: Mapping[str, Any]) -> Any:
    """The parsed value, the parsed default when nothing is typed, or None when the default is worked out."""
    typed = environ.get(PREFIX + name.upper(), "").strip() or about["default"]
    if typed.startswith("("):
        return None
    try:
        return about["parse"](typed)
    except ValueError as wrong:
        raise SettingsError(f"{PREFIX}{name.upper()} : {wrong}.") from None


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"{PREFIX}DATA_DIR : le dossier {folder} ne peut pas être créé ({error.strerror})."
        ) from None


def _place(url: URL, data_dir: Path) -> URL:
    """A SQLite file named without a folder lies in the data folder."""
    if url.drivername != "sqlite":
        return url
    return url.set(database=str(data_dir / str(url.database)))


def _kept_secret(path: Path) -> str:
    try:
        if not path.exists():
            _write_secret(path)
        return _secret(path.read_text(encoding="ascii").strip())
    except OSError as error:
        raise SettingsError(
            f"Le fichier de clé {path} ne peut pas être lu ou écrit ({error.strerror})."
        ) from None
    except ValueError:
        raise SettingsError(
            f"Le fichier de clé {path} est abîmé ou trop court ; supprimez-le, une clé neuve sera créée "
            "(chacun devra se reconnecter)."
        ) from None


def _write_secret(path: Path) -> None:
    """Written aside and linked in place: two processes that start together keep one and the same key."""
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".secret-")  # mkstemp gives mode 0600
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
        with contextlib.suppress(FileExistsError):  # the other process was first: its key is the key
            os.link(aside, path)
    finally:
        os.unlink(aside)
