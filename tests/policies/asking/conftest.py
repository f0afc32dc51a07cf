import pytest

from ecumene.policies.asking.question import as_question

from ...chat_server import serving

SAID = {
    "text": "You are {who} of {age}. Your trust in strangers is {trust}. One asks you for money.",
    "rewordings": [
        "A stranger asks for money. You: {who} of {age}, of {trust} trust in strangers."
    ],
    "personas": ["who", "age"],
    "actions": {"keep": "You keep it all", "half": "You give half", "all": "You give everything"},
    "columns": [
        {"name": "who", "labels": ["a nurse", "a trader"]},
        {"name": "age", "labels": ["20", "30", "40", "50", "60"]},
        {"name": "trust", "labels": ["low", "middling", "high"]},
    ],
    "monotone": [{"action": "keep", "column": "trust", "rises": False}],
}


@pytest.fixture
def question():
    return as_question(SAID)


@pytest.fixture
def server():
    with serving() as running:
        yield running
