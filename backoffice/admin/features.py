"""What a feature hands to the product: its screens, its commands and what it sets up on the app."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import click
from flask import Flask
from flask_admin import BaseView


@dataclass(frozen=True)
class Feature:
    """One folder of the house. `views` are made anew for each app, since Flask-Admin binds them to it."""

    name: str
    views: Callable[[], Sequence[BaseView]] = tuple
    commands: Sequence[click.Command] = ()
    init: Callable[[Flask], None] | None = None
    home: Callable[[], BaseView] | None = None
