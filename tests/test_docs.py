"""Everything the pages show runs: every block of Python, every command, in the order of the page.

A page is run in a folder of its own and, for Python, in one namespace. The comment on the line
before a fence says what else a block is:

    <!-- not run: REASON -->   excused
    <!-- file: NAME -->        a file that the blocks below it find
    <!-- prints -->            exactly what the block above it printed

A page that names the endpoint of a language model meets the server in the test tree.
Commands stand in `console` blocks behind `$`; lines without `$` are output and not compared. They
run in this process, which has read numba already: a process for each costs a second more.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner

from ecumene.cli import main

from .chat_server import serving

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    page
    for pattern in ("README*.md", "docs/**/*.md", "docs/**/*.ipynb")
    for page in ROOT.glob(pattern)
    if "_build" not in page.parts
)
FENCE = re.compile(r"^(?P<ticks>`{3,})(?P<language>[^\s`]*)[^`]*$")
MARK = re.compile(r"^<!-- (?P<word>not run|file|prints)(?:: (?P<text>.+))? -->$")
ENDPOINT = "http://localhost:8000/v1"  # For which the server in the test tree stands in.
SHOWN_ONLY = {"text", "json", "csv"}  # what is neither Python nor a command


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, its first line, and the mark before its fence."""

    language: str
    text: str
    line: int
    mark: str = ""
    said: str = ""


def blocks(text: str) -> Iterator[Block]:
    """The fenced blocks of a page in MyST or Markdown, in order."""
    lines = text.splitlines()
    at = 0
    while at < len(lines):
        fence = FENCE.match(lines[at])
        if fence:
            end = lines.index(fence["ticks"], at + 1)
            mark = MARK.match(lines[at - 1]) if at else None
            word, said = (mark["word"], mark["text"] or "") if mark else ("", "")
            body = "\n".join(lines[at + 1 : end]) + "\n"
            yield Block(fence["language"], body, at + 2, word, said)
            at = end
        at += 1


def cells(text: str) -> Iterator[Block]:
    """The code cells of a notebook, as blocks of Python."""
    for number, cell in enumerate(json.loads(text)["cells"]):
        if cell["cell_type"] == "code":
            yield Block("python", "".join(cell["source"]), number + 1)


def blocks_of(page: Path) -> list[Block]:
    """The blocks of a page or notebook."""
    read = cells if page.suffix == ".ipynb" else blocks
    return list(read(page.read_text(encoding="utf-8")))


def run_python(block: Block, module: ModuleType) -> str:
    """What the block printed; its lines keep their numbers, so that an error names the page's."""
    file = Path(f"line_{block.line}.py").absolute()
    file.write_text("\n" * (block.line - 1) + block.text, encoding="utf-8")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(file.read_text(encoding="utf-8"), str(file), "exec"), vars(module))
    return printed.getvalue()


def run_commands(block: Block) -> str:
    """What the commands printed, one after the other."""
    text = block.text.replace("\\\n", " ")
    lines = [line[2:] for line in text.splitlines() if line.startswith("$ ")]
    assert lines, f"line {block.line}: a console block without a command; call it text"
    return "".join(run_command(shlex.split(line, comments=True)) for line in lines)


def run_command(words: list[str]) -> str:
    """What one command printed; of `make` only its having that target is checked."""
    if words[0] == "make":
        targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
        assert set(words[1:]) <= set(targets), f"no such target: {shlex.join(words)}"
        return ""
    assert words[0] == "ecumene", f"not a command of this package: {shlex.join(words)}"
    done = CliRunner(env={"NO_COLOR": "1", "COLUMNS": "100"}).invoke(main, words[1:])
    assert done.exit_code == 0, f"{shlex.join(words)}\n{done.output}"
    return done.stdout


def run_page(page: list[Block], module: ModuleType) -> None:
    """Run the blocks in the present folder; the first that fails raises."""
    printed = ""
    for block in page:
        if block.mark == "not run":
            assert block.said, f"line {block.line}: excused without a reason"
        elif block.mark == "file":
            Path(block.said).write_text(block.text, encoding="utf-8")
        elif block.mark == "prints":
            assert printed == block.text, f"line {block.line}: this is not what is printed"
        elif block.language == "python":
            printed = run_python(block, module)
        elif block.language == "console":
            printed = run_commands(block)
        else:
            known = block.language in SHOWN_ONLY or block.language.startswith("{")
            assert known, f"line {block.line}: nothing runs `{block.language}`; say why, or text"


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """A module for the page's names, in a folder of its own."""
    made = ModuleType("page")
    monkeypatch.setitem(sys.modules, "page", made)
    monkeypatch.chdir(tmp_path)
    return made


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_every_block_of_a_page_runs(page: Path, module: ModuleType):
    found = blocks_of(page)
    if not any(ENDPOINT in block.text for block in found):
        run_page(found, module)
        return
    with serving() as server:
        told = [replace(b, text=b.text.replace(ENDPOINT, server.url)) for b in found]
        run_page(told, module)


BROKEN = {
    "an error in Python": "```python\nhalf = 1\n```\n\n```python\nhalf / 0\n```\n",
    "a command that fails": "```console\n$ ecumene no-such-command\n```\n",
    "another's command": "```console\n$ curl example.org\n```\n",
    "a target that is not there": "```console\n$ make money\n```\n",
    "a language nobody runs": "```ruby\nputs 1\n```\n",
    "no reason": "<!-- not run -->\n```python\n1\n```\n",
    "other output": "```python\nprint(1)\n```\n\n<!-- prints -->\n```text\n2\n```\n",
}


@pytest.mark.parametrize("page", BROKEN.values(), ids=BROKEN.keys())
def test_a_page_that_does_not_hold_is_seen(page: str, module: ModuleType):
    with pytest.raises((AssertionError, ZeroDivisionError)):
        run_page(list(blocks(page)), module)


def test_a_page_that_holds_passes(module: ModuleType):
    page = (
        "<!-- file: ages.csv -->\n```csv\nage\n3\n```\n\n"
        "```python\nages = open('ages.csv')\n```\n\n"
        "```python\nwith ages:\n    print(ages.read(), end='')\n```\n\n"
        "<!-- prints -->\n```text\nage\n3\n```\n\n"
        "<!-- not run: it takes a day -->\n```python\nforever()\n```\n"
    )
    run_page(list(blocks(page)), module)


@pytest.mark.slow
def test_the_built_pages_fetch_nothing(tmp_path: Path):
    build = [sys.executable, "-m", "sphinx", "-q", "-W", "-b", "html", str(ROOT / "docs"), "html"]
    subprocess.run(build, cwd=tmp_path, check=True, timeout=600)
    fetched = re.compile(r"<(?:script|link|img|iframe)\b[^>]*?(?:src|href)=.(?:https?:)?//[^>]*>")
    pages = sorted((tmp_path / "html").rglob("*.html"))
    assert pages
    assert [fetched.findall(page.read_text(encoding="utf-8")) for page in pages] == [[]] * len(
        pages
    )
