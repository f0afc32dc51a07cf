"""Sides of politics: whose a person and a story are, and what people make of hostility.

Half of the people are on the left and half on the right, by their luck; a story is on its author's
side. People pass on their own side's stories, and of these more often the ones that are hostile to
the other side; those of the other side they pass on less often. Nobody tells the recommender so: it
ranks by the engagement that is expected, and that is what they pass on.
"""

import ecumene as ec

SIDES = 0x5369646573  # "Sides" in ASCII: the luck of whose side people are on
LEFT, RIGHT = 0, 1


def side_of(person):
    """The side that a person is on, for good."""
    return RIGHT if ec.uniform(ec.fold(SIDES, person)) < 0.5 else LEFT


def is_own(person, story, env):
    """Whether the story is one of the person's own side."""
    return side_of(person) == env.sides[story]


def hostility(story, env, model):
    """How many times as often one's own side's story is passed on as one that is not hostile."""
    return model.hostile_over_other if env.hostile[story] else 1.0


def appeal(person, story, env, model):
    """How often a person passes the story on, beside one of their own side that is not hostile."""
    return hostility(story, env, model) if is_own(person, story, env) else model.across


def mean_appeal(across):
    """What people make on average of a story that is not hostile."""
    return (1.0 + across) / 2.0
