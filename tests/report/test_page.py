"""The page: all of it there, nothing from outside, nothing hostile let in, drawn by a browser."""

from __future__ import annotations

import re
import shutil
import subprocess
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from ecumene.errors import StoreError
from ecumene.report import render, write_report
from ecumene.report.page import LIBRARY
from ecumene.store import Series, Store

ADDRESSES = ("src", "href", "action", "data", "poster", "srcset")
BROWSER = shutil.which("chromium") or shutil.which("google-chrome")


class Page(HTMLParser):
    """The page's text, headings, and everything that could run or fetch."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.scripts = 0
        self.risky: list[tuple[str, str, str | None]] = []
        self.tags: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.scripts += tag == "script"
        self.risky += [(tag, n, v) for n, v in attrs if n in ADDRESSES or n.startswith("on")]

    def handle_data(self, data):
        inside = self.tags[-1] if self.tags else ""
        self.text += "" if inside in ("script", "style") else data


@pytest.fixture
def html(run) -> str:
    return write_report(run).read_text(encoding="utf-8")


def test_the_answer_comes_first_and_the_limits_last(html):
    text = Page(html).text
    answer = "Cascade reached 910 of 1,000 agents of the world (91.0 %) in 5 rounds."
    order = [
        answer,
        "Over time",
        "Held against human data",
        "Parameters",
        "Get the same bits again",
    ]
    order += ["What this can and cannot tell you", "It cannot tell how ties change."]
    found = [text.index(part) for part in order]
    assert found == sorted(found)
    assert len(re.findall(r"<h2>", html[html.index('id="limits"') :])) == 1


@pytest.mark.parametrize(
    "part",
    [
        "reached share by country",
        "Of 1 held-out target: 1 met.",
        "1 of 1 differ from the default",
        "2 self-loops dropped",
        "are imputed.",
        "About 50 MB.",
        "One step is one round. All agents of a round see the same moment.",
        "9f" * 16,
        "numbers version",
        "212 MB",
        "one run with one seed (1)",
    ],
)
def test_the_page_says(html, part):
    assert part in Page(html).text


def test_a_hostile_name_neither_runs_nor_fetches(html):
    page = Page(html)
    assert page.scripts == 3  # the data, the library, the drawing
    assert page.risky == [("a", "href", "https://doi.org/10.1/x")]
    assert "img" not in page.tags
    assert page.text.count("</script><img src=x onerror=") > 5  # shown as text


def test_the_library_is_the_one_whose_origin_is_stated():
    source = LIBRARY.with_name("SOURCE.md").read_text()
    assert sha256(LIBRARY.read_bytes()).hexdigest() in source


def test_the_page_needs_nothing_from_outside(html):
    assert "default-src &#39;none&#39;" in html
    assert not re.search(r"<link|@import|url\(", html[: html.index("<script")])


@pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")
def test_a_browser_draws_the_plots_and_no_hostile_name_runs(run, tmp_path):
    path = write_report(run)
    switches = "--headless --no-sandbox --disable-gpu --disable-background-networking"
    profile = f"--user-data-dir={tmp_path / 'profile'}"
    more = ["--virtual-time-budget=3000", "--dump-dom", profile, f"file://{path}"]
    done = subprocess.run(
        [str(BROWSER), *switches.split(), *more], capture_output=True, text=True, timeout=60
    )
    assert done.stdout.count("<svg") >= 4  # two curves, two measures by group, one target
    for label in ("round", "IND", "5-9"):  # of an axis, of bars
        assert f">{label}</text>" in done.stdout
    assert "<title>Cascade: cascade-1</title>" in done.stdout


def test_a_bare_record_makes_a_page_too():
    page = Page(render({"model": "bare", "agents": 3}, Series(dict)))
    assert "Bare ran for 0 steps over 3 agents." in page.text
    assert "This model reads no background" in page.text
    assert "No targets" in page.text


def test_a_model_that_does_not_read_who_people_are_says_so(record):
    said = "No rule of this model reads who the agents are"
    assert said in Page(render({**record, "reads_background": False}, Series(dict))).text
    assert said not in Page(render({**record, "reads_background": True}, Series(dict))).text


def test_an_unfinished_run_says_so(tmp_path):
    with pytest.raises(KeyboardInterrupt), Store(tmp_path).open_partial("a", {"model": "m"}):
        raise KeyboardInterrupt
    (run,) = Store(tmp_path).list()
    assert "unfinished (KeyboardInterrupt: )" in Page(write_report(run).read_text()).text


def test_writing_the_page_leaves_the_run_whole(run):
    write_report(run)
    again = Store(run.path.parent).find("last")
    assert again.whole
    assert len(again.series) == 6


def test_a_folder_that_cannot_be_written_is_one_error(run, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ecumene.report.page.write_whole", full)
    with pytest.raises(StoreError, match="the disk is full"):
        write_report(run)
