"""Whoever finds a command finds out by itself what it does."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from backoffice.registry import FEATURES
from config import ROOT


def commands(group: click.Command, path: str = "") -> Iterator[tuple[str, click.Command]]:
    """A command and, of a group, all that stand in it."""
    full = f"{path} {group.name}".strip()
    if isinstance(group, click.Group):
        for inner in group.commands.values():
            yield from commands(inner, full)
    else:
        yield full, group


OURS = dict(found for feature in FEATURES for command in feature.commands for found in commands(command))


@pytest.mark.parametrize("name", OURS)
def test_every_command_and_each_of_its_options_has_a_line_of_help(name: str) -> None:
    command = OURS[name]

    assert command.help
    assert [
        option.name for option in command.params if isinstance(option, click.Option) and not option.help
    ] == []


@pytest.mark.parametrize("name", OURS)
def test_every_command_stands_in_the_readme(name: str) -> None:
    assert f"| `{name}" in (ROOT / "README.md").read_text(encoding="utf-8")
