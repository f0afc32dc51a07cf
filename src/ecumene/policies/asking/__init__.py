"""Policies from a language model: asked once for each situation, before any run."""

from .answers import Answers as Answers
from .building import policy_of as policy_of
from .checking import checked as checked
from .collecting import Collected as Collected
from .collecting import collect as collect
from .endpoint import Endpoint as Endpoint
from .endpoint import key_from_environment as key_from_environment
from .question import Question as Question
from .question import question_of as question_of
from .question import read_question as read_question
from .quoting import Price as Price
from .quoting import parse_price as parse_price
from .quoting import quote as quote
from .requests import Asking as Asking
from .requests import requests_of as requests_of
