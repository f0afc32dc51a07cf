"""A disk that fills up while a run keeps checkpoints: the run goes on once there is room."""

from pathlib import Path

import ecumene as ec

from ..store.test_disk import mounted
from .killing import HOW, creeping

SCRIPT = """
import json, sys
from pathlib import Path
sys.path.insert(0, {folder!r})
import ecumene as ec
from ecumene.errors import StoreError
from killing import HOW, creeping
out, told = Path(sys.argv[1]), ""
(out / "filler").write_bytes(bytes(4_104_000))
try:
    ec.run(creeping(), seed=3, out=out, **HOW)
except StoreError as error:
    told = str(error)
(out / "filler").unlink()
run = ec.run(creeping(), seed=3, out=out, **HOW)
print(json.dumps([told, run.record.get("went_on_from"), run.record["digest"]]))
"""


def test_a_full_disk_is_told_and_the_run_goes_on_once_there_is_room(tmp_path):
    script = SCRIPT.format(folder=str(Path(__file__).parent))
    told, went_on_from, digest = mounted("size=4m", script, tmp_path / "small")
    assert "the disk is full" in told
    assert went_on_from > 0
    whole = ec.run(creeping(), seed=3, out=tmp_path / "runs", backend=HOW["backend"])
    assert digest == whole.record["digest"]
