"""Starsim: `Network` over arrays of ties and `SIR`, stepped until nobody is infected."""

import numpy
import starsim as ss
from workload import STARTERS, TRANSMISSION, pairs

ss.options(verbose=0, crn=False)  # "for faster draws", its documentation says


class Contacts(ss.Network):
    def step(self) -> None:
        """Ties stay as they are."""


def setup(file: str, agents: int) -> tuple[numpy.ndarray, int]:
    return pairs(file), agents


def begin(ready: tuple[numpy.ndarray, int], seed: int) -> ss.Sim:
    ties, agents = ready
    contacts = Contacts(p1=ties[:, 0], p2=ties[:, 1], beta=numpy.ones(len(ties)), name="contacts")
    # A step is a year. Who is infected in one passes it on in the next and recovers after that.
    sir = ss.SIR(
        beta=ss.probperyear(TRANSMISSION),
        init_prev=ss.choose_n(STARTERS),
        dur_inf=ss.constant(2),
        p_death=0,
    )
    sim = ss.Sim(n_agents=agents, networks=contacts, diseases=sir, dur=200, rand_seed=seed)
    sim.init()
    sir = sim.diseases.sir
    sir.ti_recovered[sir.infected.uids] = 1  # the starters pass it on in the first step
    return sim


def run(sim: ss.Sim) -> int:
    sir = sim.diseases.sir
    while sir.infected.any():
        sim.run_one_step()
    return int((~sir.susceptible).sum())
