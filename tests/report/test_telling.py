"""What a run answers in words, and what a change did beside the run it branched off from."""

from ecumene.report import answers, render
from ecumene.report.telling import groups
from ecumene.store import Series

RECORD = {
    "run": "story-1",
    "measures": {},
    "answers": {"Who <shared> it?": "Nobody & no one."},
    "branch": {"parent": "story-0", "at": 3, "changes": ["at 3: check = 1"]},
    "against_parent": {
        "sharers": [200, 50],
        "reached_share": [0.5, 0.5],
        "by_country[A]": [100, 90],
        "by_country[B]": [100, 10],
        "by_country[C]": [7, 7],
    },
}


def test_a_branch_is_told_beside_its_parent():
    told = dict(answers(RECORD))
    assert told["Who <shared> it?"] == "Nobody & no one."
    (question,) = told.keys() - {"Who <shared> it?"}
    assert "at 3: check = 1" in question and "same luck" in question
    assert "sharers: 50 instead of 200 (-75.0 %)." in told[question]
    assert "reached share: 50.0 %, unchanged." in told[question]


def test_the_groups_that_changed_most_come_first_and_the_others_not_at_all():
    assert [row[0] for row in groups(RECORD)] == ["by country[B]", "by country[A]"]
    assert groups(RECORD)[0][1:] == ("100", "10", "-90.0 %")


def test_the_page_says_it_with_every_character_escaped():
    page = render(RECORD, Series(dict))
    assert "Who &lt;shared&gt; it?" in page and "Nobody &amp; no one." in page
    assert "Who <shared> it?" not in page and "-90.0 %" in page


def test_a_run_without_answers_has_no_such_section():
    assert answers({"run": "a"}) == [] and 'id="answers"' not in render({"run": "a"}, Series(dict))
