"""A slow run in a process of its own, to be killed: `python killing.py STORE SEED`."""

import sys
from pathlib import Path

import ecumene as ec
from ecumene.models import MODELS

HOW = {"backend": "reference", "checkpoint_every": 1}


def creeping(agents=900):
    """Something creeps over a lattice for some sixty rounds."""
    model = MODELS["cascade"].build(agents=agents, transmission=0.35, seeds=2)
    return model.with_network("contacts", ec.lattice(2))


def started(step, measures):
    """Say that it runs, to whoever waits for that."""
    del measures
    sys.stdout.write(f"{step}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    run = ec.run(creeping(), seed=int(sys.argv[2]), out=Path(sys.argv[1]), progress=started, **HOW)
    sys.stdout.write(f"{run.record['digest']} {run.record['run']}\n")
