"""Settings from three places: flags, then the environment (HRDD_...), then a configuration file in TOML.

    workers = 2                      # for every command that has the option

    [score]
    out = "scored"                   # for one

Every option may be set; its name is that of the flag. No pandas is loaded here.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from hrdd.errors import HrddError, why_not

#: Options that may hold a password, and are shown without it.
_URLS = {"--from", "--into", "--cluster"}
_FILE = "hrdd.settings"
_SOURCES = {
    "COMMANDLINE": "command line",
    "ENVIRONMENT": "environment variable {variable}",
    "DEFAULT_MAP": "file {file}",
    "DEFAULT": "default",
}


class BadSettings(HrddError):
    """A configuration file that cannot be read, or names an option that does not exist."""


def remember(context: click.Context, _option: click.Parameter, named: Path | None) -> Path | None:
    """Keep the configuration file of a call: the one that is named, else the user's own where there is one."""
    usual = Path(click.get_app_dir("hrdd")) / "config.toml"
    context.meta[_FILE] = named or (usual if usual.is_file() else None)
    return named


def prepare(command: click.Command, name: str, context: click.Context) -> None:
    """Let environment and configuration file set the options of a command that is about to be called."""
    _name_variables(command)
    path = context.meta.get(_FILE)
    if path is not None:
        context.default_map = {name: _defaults(command, name, _load(path), path)}


def _load(path: Path) -> dict[str, Any]:
    """The tables and values of a configuration file."""
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except OSError as error:
        raise BadSettings(
            f"The settings {path} cannot be read: {why_not(error)}; name a TOML file with --config."
        ) from error
    except UnicodeDecodeError as error:
        raise BadSettings(f"The settings {path} cannot be read: {why_not(error)}; save them so.") from error
    except tomllib.TOMLDecodeError as error:
        raise BadSettings(f"The settings {path} are no valid TOML: {error}.") from error


def _defaults(command: click.Command, name: str, told: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """The defaults that a file sets for a command, by parameter; refuses names that no option has."""
    options = {_flag(option)[2:]: option for option in _options(command)}
    general = {key: value for key, value in told.items() if not isinstance(value, dict) and key in options}
    own = told.get(name, {})
    for key in own:
        if key not in options:
            known = ", ".join(sorted(options))
            raise BadSettings(f'{path}: [{name}] has "{key}", which is no option of hrdd {name}; there are {known}.')
    return {str(options[key].name): value for key, value in {**general, **own}.items()}


def _options(command: click.Command) -> Iterator[click.Option]:
    """The options of a command that settings can set."""
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.name != "help":
            yield parameter


def _flag(option: click.Option) -> str:
    """The name of an option as it is typed, such as "--fail-on"."""
    return max(option.opts, key=len)


def _variable(option: click.Option) -> str:
    """The environment variable of an option, such as HRDD_FAIL_ON."""
    return f"HRDD_{_flag(option)[2:].upper().replace('-', '_')}"


def _name_variables(command: click.Command) -> None:
    """Let the environment set every option of a command, and of its own commands."""
    for option in _options(command):
        option.envvar = _variable(option)
    for inner in getattr(command, "commands", {}).values():
        _name_variables(inner)


def in_force(command: click.Command, name: str, parent: click.Context) -> Iterator[tuple[str, str, str]]:
    """Flag, value and where the value comes from, for every option of a command; passwords left out."""
    path = parent.meta.get(_FILE)
    context = command.make_context(name, [], parent=parent, resilient_parsing=True)
    for option in _options(command):
        source = context.get_parameter_source(str(option.name))
        origin = _SOURCES.get(source.name if source else "DEFAULT", "default")
        value = context.params.get(str(option.name))
        if source is not None and source.name == "ENVIRONMENT":
            value = os.environ.get(_variable(option), value)
        yield _flag(option), _shown(_flag(option), value), origin.format(variable=_variable(option), file=path)


def _shown(name: str, value: Any) -> str:
    if value is None or value == ():
        return ""
    if name in _URLS:
        from hrdd_cli.urls import shown

        return shown(str(value))
    return str(value)
