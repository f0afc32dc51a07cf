"""Questions are read whole, or what is wrong with them is said."""

import pytest

import ecumene as ec
from ecumene.errors import InputError
from ecumene.policies.asking import question_of, read_question

TEXT = """
text = "You are {who}, aged {age}."
actions = {keep = "You keep it", give = "You give it"}
columns = [
  {name = "who", labels = ["a nurse", "a trader"]},
  {name = "age", edges = [30, 60], labels = ["young", "in between", "old"]},
]
personas = ["who"]
"""


def written(tmp_path, text):
    path = tmp_path / "question.toml"
    path.write_text(text)
    return path


def test_a_question_is_read_and_put_into_words(tmp_path):
    question = read_question(written(tmp_path, TEXT))
    assert question.cells == 6 and question.personas == ("who",)
    assert question.words(5) == "You are a trader, aged old."
    assert question.persona(5) == (1,)
    assert question.columns[1].edges == (30.0, 60.0)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("text =", "txt =", "no key named `txt`.*Did you mean `text`"),
        ("text =", "# text =", "has no `text`"),
        ("{age}", "{aeg}", "the text names no column named `aeg`"),
        (", aged {age}", "", "the text does not say age"),
        ('["who"]', '["woh"]', "no column named `woh`"),
        ('"young", ', "", "3 numbers|2 bins"),
        ("edges", "egdes", "no key `egdes`"),
        ("{name", "name", "is not TOML"),
        ('give = "You give it"', "", "TOML|two on"),
    ],
)
def test_what_is_wrong_is_said(tmp_path, old, new, said):
    with pytest.raises(InputError, match=said):
        read_question(written(tmp_path, TEXT.replace(old, new, 1)))


def test_a_policy_without_a_question_is_put_into_its_own_words(tmp_path):
    policy = ec.table_policy(
        (ec.levels("trust", ("low", "high")),),
        {"a": "You go", "b": "You stay"},
        [[1, 0]] * 2,
        source="x",
    )
    assert question_of(policy).words(1) == "You are a person. your trust: high. What do you do?"
    path = ec.write_policy(policy, tmp_path / "go.json")
    assert read_question(path).actions == policy.actions
