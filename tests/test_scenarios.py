"""Every scenario file of the examples can be run."""

import tomllib
from pathlib import Path

import pytest

from ecumene.cli import main

FILES = sorted((Path(__file__).parents[1] / "examples" / "scenarios").glob("*.toml"))


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_a_scenario_runs(file, tmp_path, capsys):
    typed = ["run", str(file), "--agents", "300", "--steps", "2", "--backend", "reference"]
    with pytest.raises(SystemExit) as ended:
        main([*typed, "--out", str(tmp_path)])
    assert ended.value.code in (0, None)
    model = tomllib.loads(file.read_text(encoding="utf-8"))["model"]
    assert f"{model}: 300 agents, 2 " in capsys.readouterr().out
