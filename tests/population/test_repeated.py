"""People told several times over: each has the person's columns, and the number of the thing."""

import pytest

import ecumene as ec
from ecumene.errors import ModelError


def test_each_is_the_person_with_one_of_the_things():
    people = ec.country("JPN", 20)
    several = ec.repeated_people(people, 3, "story")
    assert several.size == 60
    for column in people.names:
        assert several.values(column, range(60)) == 3 * people.values(column, range(20))
    assert several.values("person", [0, 19, 20, 59]) == [0, 19, 0, 19]
    assert several.values("story", [0, 19, 20, 59]) == [0, 0, 1, 2]
    assert several.derived["story"].labels == ("0", "1", "2")


def test_names_that_are_taken_are_refused():
    people = ec.country("JPN", 20)
    for times, name in ((0, "story"), (3, "age"), (3, "person")):
        with pytest.raises(ModelError, match=f"people {times} times over"):
            ec.repeated_people(people, times, name)
