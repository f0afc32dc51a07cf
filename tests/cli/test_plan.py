"""What is said before a run starts."""

import pytest

from ecumene.cli.plan import describe
from ecumene.engine import memory, plan
from ecumene.models import MODELS


@pytest.mark.parametrize(("agents", "said"), [(10_000, "type `--agents"), (10_000_000, "enough")])
def test_it_says_memory_time_and_how_many_agents_decide_a_target(agents: int, said: str):
    model = MODELS["cascade"].build(agents=agents)
    chosen = plan(model)
    text = describe(chosen, model)
    assert f"{agents:,} agents; {memory.readable_bytes(chosen.memory_bytes)} of memory" in text
    assert "at most about" in text
    assert said in text.splitlines()[-1]


def test_the_size_it_says_to_type_is_enough():
    model = MODELS["cascade"].build(agents=10_000)
    typed = describe(plan(model), model).rsplit("--agents ", 1)[1].split("`")[0]
    enough = MODELS["cascade"].build(agents=int(typed))
    assert describe(plan(enough), enough).endswith("enough")
