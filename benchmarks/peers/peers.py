"""Which tools are compared, what each needs installed, and what of it is used."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Peer:
    title: str
    adapter: str
    packages: tuple[str, ...]  # the first is the tool, whose version is told
    uses: str
    graph: str = "the edge list"
    first: tuple[str, ...] = ()  # packages that building the others needs
    building: tuple[tuple[str, str], ...] = ()  # environment variables for that


EON = ("EoN", "networkx")

PEERS = {
    "starsim": Peer(
        "Starsim",
        "with_starsim",
        ("starsim",),
        "`Network` over arrays, `SIR`, `crn=False`, `run_one_step` until nobody is infected",
    ),
    "eon": Peer("EoN", "with_eon", EON, "`basic_discrete_SIR`"),
    "eon-fast": Peer(
        "EoN, continuous time",
        "with_eon_fast",
        EON,
        "`fast_SIR`; not the same cascade: how long an agent passes it on is drawn, so that its "
        "ties depend on one another; the final size is the same",
    ),
    "mesa": Peer(
        "Mesa",
        "with_mesa",
        ("mesa", "networkx"),
        "`discrete_space.Network`, `FixedAgent`; only those newly reached are asked",
    ),
    "ndlib": Peer(
        "NDlib",
        "with_ndlib",
        ("ndlib", "networkx", "six"),  # six: imported, not asked for, by NDlib 6.0.1
        "`SIRModel`, recovery after one step, `iteration(node_status=False)`",
    ),
    "agentpy": Peer(
        "AgentPy",
        "with_agentpy",
        ("agentpy", "networkx"),
        "`Network`, `AgentList`; only those newly reached are asked",
    ),
    "repast4py": Peer(
        "Repast4Py",
        "with_repast4py",
        ("repast4py",),
        "`UndirectedSharedNetwork`, a scheduled step as in its rumor tutorial, one rank",
        first=("mpich",),
        building=(("CC", "mpicxx"), ("CXX", "mpicxx")),  # as its documentation asks
    ),
}

ECUMENE = Peer(
    "Ecumene",
    "with_ecumene",
    ("ecumene",),
    "`read_network`, which reads 262,144 ties and more on two cores, the ready model "
    "`cascade`, and `Simulation.advance_all` on one thread; no run folder",
)
