"""An audit: a random share of a run's decisions, put to the language model once more.

The run is over and stays as it is. Agents are drawn by luck; each is asked in the situation that it
is in at the end, by the columns of the policy's names, and the answer is held against its table.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ..arrays import Integers
from ..errors import ParameterError
from ..policies import Policy
from ..random import fold, integer
from .life import started_again
from .result import Run

AUDIT_KEY = 0x6175646974


def audit(
    run: Run, share: float, calls: int, endpoint: Any, language_model: str, answers: str | Path
) -> Mapping[str, Any]:
    """How far live answers are from the tables that a run chose by, by policy.

    Asks for `share` of the agents, at most `calls` in all; answers are kept in the file `answers`.
    The drift is the Jensen-Shannon divergence in bits between answer and table.
    """
    from ..policies.asking import Answers, Asking, collect, question_of, requests_of
    from ..policies.asking.building import divergence, known_of

    policies = run.model.policies
    if not policies or not 0 < share <= 1 or calls < 1:
        raise ParameterError(
            f"--audit {share} of a model with {len(policies)} policies; type a share above 0, at "
            "most 1, --audit-calls from 1, and a model that chooses by policies."
        )
    agents = drawn(run, share, calls // len(policies) or 1)
    situations = _situations(run, agents)
    kept, found = Answers(answers), dict[str, Any]()
    for name, policy in policies.items():
        question, asking = question_of(policy), Asking(language_model)
        cells = situations[name]
        asked = sorted(set(cells.tolist()))
        collect(requests_of(question, asking, asked), asking.how, endpoint, kept)
        known = known_of(question, asking, kept)
        answered = cells[known.answered[cells]]
        far = divergence(known.shares[answered], policy.probabilities()[answered])
        found[name] = {
            "decisions": int(cells.size),
            "situations": len(asked),
            "answered": int(answered.size),
            "drift": float(far.mean()) if far.size else None,
            "largest": float(far.max()) if far.size else None,
        }
    return found


def drawn(run: Run, share: float, most: int) -> Integers:
    """The agents who are audited: a larger share only adds to them."""
    agents = run.model.agents
    count = min(most, max(1, round(share * agents)))
    key = fold(fold(AUDIT_KEY, int(run.record["seed"])), 0)
    if agents >= 1 << 31:
        agents = (1 << 31) - 1
    return np.array([integer(fold(key, number), agents) for number in range(count)], np.int64)


def _situations(run: Run, agents: Integers) -> Mapping[str, Integers]:
    """The situation of each agent at the run's end, by policy."""
    simulation, names = started_again(run), run.model.population.names
    for policy in run.model.policies.values():
        for column in policy.columns:
            if column.name not in names:
                raise ParameterError(
                    f"the policy's column `{column.name}` is not one of the agents', so that its "
                    f"decisions cannot be put again; there are: {', '.join(names)}."
                )
    for _ in range(int(run.record["steps"])):
        simulation.advance()
    return {name: _cells(policy, simulation, agents) for name, policy in run.model.policies.items()}


def _cells(policy: Policy, simulation: Any, agents: Integers) -> Integers:
    order = np.argsort(agents, kind="stable")
    bins = [c.bins(simulation.values(c.name, agents[order])) for c in policy.columns]
    cells = np.ravel_multi_index(
        tuple(np.maximum(b, 0) for b in bins), [c.size for c in policy.columns]
    )
    return np.asarray(cells)[np.all([b >= 0 for b in bins], axis=0)]
