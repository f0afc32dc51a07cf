"""What there is stands in the documentation, and what stands there is so."""

import ast
import re
import sys
from pathlib import Path
from types import ModuleType

import click
import pytest

import ecumene as ec
from ecumene.cli import main
from ecumene.models import MODELS

from .test_docs import blocks_of, run_python

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh.md")
TREE = ast.parse((ROOT / "src" / "ecumene" / "__init__.py").read_text(encoding="utf-8"))
PUBLIC = {
    alias.asname
    for node in ast.walk(TREE)
    if isinstance(node, ast.ImportFrom)
    for alias in node.names
    if alias.asname
}
COMMANDS = {name: main.get_command(click.Context(main), name) for name in main.list_commands(None)}


def text(*path: str) -> str:
    """A page's text."""
    return ROOT.joinpath(*path).read_text(encoding="utf-8")


def section(page: str, command: str) -> str:
    """What stands under a command's heading."""
    found = re.search(rf"^## `ecumene {command}\b.*?(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    assert found, f"docs/command_line.md has no section on `ecumene {command}`"
    return found[0]


def options(command: click.Command) -> set[str]:
    """The long names of a command's options, but `--help`."""
    found = [o for p in command.params for o in (*p.opts, *p.secondary_opts) if o[:2] == "--"]
    if isinstance(command, click.Group):  # A group is documented with the commands in it.
        found += [o for name in command.commands for o in options(command.commands[name])]
    return set(found) - {"--help"}


def test_every_public_name_is_in_the_reference_and_no_other():
    directive = r"^\.\. (?:auto|py:)\w+:: ecumene\.(\w+)$"
    assert sorted(re.findall(directive, text("docs", "api.md"), re.M)) == sorted(PUBLIC)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_documented_and_no_other(command: str):
    rows = re.findall(r"^\| (`--[^|]*) \|", section(text("docs", "command_line.md"), command), re.M)
    documented = {name for row in rows for name in re.findall(r"`(--[a-z-]+)", row)}
    assert documented == options(COMMANDS[command])


def test_no_command_is_documented_that_is_not_there():
    documented = re.findall(r"^## `ecumene (\w+)", text("docs", "command_line.md"), re.M)
    assert documented == list(COMMANDS)


def test_every_column_of_the_worlds_people_is_documented_with_its_source():
    page = text("docs", "population.md")
    people = ec.world_population(1)
    for name, column in people.derived.items():
        assert f"| `{name}` | {column.help} | {column.source} |" in page


def test_every_ready_model_has_its_page_in_the_documentation():
    for name in MODELS:
        assert f"odd/{name}\n" in text("docs", "index.md")


@pytest.mark.parametrize("readme", READMES)
def test_the_readmes_model_is_the_ready_one(
    readme: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.chdir(tmp_path)
    page = ModuleType("page")
    monkeypatch.setitem(sys.modules, "page", page)
    run_python(blocks_of(ROOT / readme)[1], page)
    how = {"seed": 5, "backend": "reference"}
    values = {"agents": 400, "degree": 6, "transmission": 0.5, "seeds": 3}
    shown, ready = ec.run(page.cascade(**values), **how), ec.run(MODELS["cascade"](**values), **how)
    assert shown.record["measures"]["reached_share"] > 0.1
    assert shown.record["digest"] == ready.record["digest"]


def test_the_readmes_show_the_same_code():
    english, chinese = (blocks_of(ROOT / readme) for readme in READMES)
    assert [(b.language, b.text) for b in english] == [(b.language, b.text) for b in chinese]


@pytest.mark.parametrize("readme", READMES)
def test_what_a_readme_points_to_is_there(readme: str):
    page = text(readme)
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", page)
    named = re.findall(r"`((?:tests|docs|src)/[^`*]+|pyproject\.toml)`", page)
    built = {path for path in named if path.startswith("docs/_build/")}
    for path in {*links, *named} - built:
        assert (ROOT / path).exists(), path


def test_every_law_names_a_test():
    for readme in READMES:
        rows = re.findall(r"^\| (\d)\. .+? \| (.+) \|$", text(readme), re.M)
        assert [number for number, _ in rows] == list("12345678")
        assert all("`tests/" in tests for _, tests in rows)
