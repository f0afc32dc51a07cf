"""Do cascades on real networks have the sizes they should? Ecumene against EoN, by KS tests.

    python benchmarks/real_networks.py [FOLDER] [REPLICATIONS]

FOLDER (`../shared/data` beside the repository unless given) holds `facebook_combined.txt` and
`email-Eu-core.txt` of SNAP. Each replication of `cascade` starts at one agent drawn by luck; EoN
does the same on the same file, in an environment of its own that is thrown away afterwards. Exit
status 1 if a distribution of sizes differs, or if the test could not tell a transmission that is
half as large again.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np
from scipy.stats import ks_2samp

import ecumene as ec
from ecumene.models import cascade

ROOT = Path(__file__).resolve().parents[1]
PEER = Path(__file__).with_name("real_networks_eon.py")
CASES = [
    ("facebook_combined.txt", False, 0.01),
    ("facebook_combined.txt", False, 0.05),
    ("email-Eu-core.txt", True, 0.03),
    ("email-Eu-core.txt", True, 0.1),
]
ALIKE, APART = 0.01, 1e-4  # p values above and below which sizes count as equal and as different


def main(folder: str = str(ROOT.parent / "shared" / "data"), replications: str = "2000") -> int:
    missing = [name for name, _, _ in CASES if not (Path(folder) / name).exists()]
    if missing:
        print(f"{folder} has no {missing[0]}; fetch it from SNAP and name its folder.")
        return 2
    with tempfile.TemporaryDirectory() as place:
        python = peer_environment(Path(place))
        good = [compare(python, Path(folder), *case, int(replications)) for case in CASES]
    return 0 if all(good) else 1


def peer_environment(place: Path) -> Path:
    """A Python with EoN in it, in `place`."""
    uv, python = str(ROOT / ".tools" / "bin" / "uv"), place / "peer" / "bin" / "python"
    environment = os.environ | package_index()
    make = [uv, "venv", "-q", "--no-project", "--python", sys.executable, str(place / "peer")]
    fill = [uv, "pip", "install", "-q", "--python", str(python), "EoN==2.0", "networkx==3.6.1"]
    subprocess.run(make, check=True, env=environment)
    subprocess.run(fill, check=True, env=environment)
    return python


def package_index() -> dict[str, str]:
    """The index that pip is set to, which uv does not look up by itself."""
    ask = ["python3", "-m", "pip", "config", "get", "global.index-url"]
    index = subprocess.run(ask, capture_output=True, text=True, check=False).stdout.strip()
    return {"UV_DEFAULT_INDEX": index} if index and "UV_DEFAULT_INDEX" not in os.environ else {}


def compare(
    python: Path, folder: Path, name: str, directed: bool, transmission: float, replications: int
) -> bool:
    """Print one line on one network and transmission; whether the sizes agree."""
    network = ec.read_network(folder / name, directed=directed)
    started = perf_counter()
    ours = sizes(network, transmission, range(replications))
    seconds, started = perf_counter() - started, perf_counter()
    theirs = peer_sizes(python, folder / name, directed, transmission, replications)
    peer_seconds = perf_counter() - started
    more = sizes(network, 1.5 * transmission, range(replications, 2 * replications))
    equal, control = ks_2samp(ours, theirs), ks_2samp(more, theirs)
    good = equal.pvalue > ALIKE and control.pvalue < APART
    print(
        f"{name} {'directed' if directed else 'undirected'} transmission={transmission:g} "
        f"replications={replications}: mean size {np.mean(ours):.1f} and {np.mean(theirs):.1f} "
        f"(EoN), KS D={equal.statistic:.4f} p={equal.pvalue:.3f}; at {1.5 * transmission:g} "
        f"D={control.statistic:.4f} p={control.pvalue:.1e}; {seconds:.1f} s and "
        f"{peer_seconds:.1f} s: {'agree' if good else 'DISAGREE'}",
        flush=True,
    )
    return good


def sizes(network: ec.Rows, transmission: float, seeds: range) -> list[int]:
    """How many agents each cascade reached."""
    model = cascade.model.build(agents=network.agents, transmission=transmission, seeds=1)
    model = model.with_network("contacts", network)
    return [size(model, seed) for seed in seeds]


def size(model: ec.Model, seed: int) -> int:
    simulation = ec.Simulation(model, seed=seed)
    while simulation.advance():
        pass
    return int(simulation.measure()["reached"])


def peer_sizes(
    python: Path, file: Path, directed: bool, transmission: float, replications: int
) -> list[int]:
    word = "directed" if directed else "undirected"
    ask = [str(python), str(PEER), str(file), word, str(transmission), str(replications)]
    said = subprocess.run(ask, check=True, capture_output=True, text=True).stdout
    return [int(line) for line in said.split()]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
