"""Generated modules: never stale, written whole, compiled once, in a folder that stays small."""

import builtins
import dis
import importlib
import os
import re
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest

import ecumene as ec
from ecumene.backends.cpu import module as cpu_module
from ecumene.engine import run_name
from ecumene.engine.lower import lowered
from ecumene.models import MODELS

from ...societies import explicit, society

TOWN = """
    import ecumene as ec

    RAISE = {raised}

    def better(coins):
        return coins + {more}

    @ec.agent_rule(writes="coins")
    def earn(me, env, model, key):
        return better(me.coins) + RAISE

    def model():
        return ec.Model(
            populations={{"people": ec.Population(4, coins=ec.whole())}},
            phases=[[earn]],
            measures={{"coins": ec.mean("coins")}},
        )
"""


@pytest.fixture
def empty_cache(monkeypatch, tmp_path):
    """A cache folder of the test's own, and a process that has compiled nothing."""
    monkeypatch.setenv("ECUMENE_CACHE", str(tmp_path / "kernels"))
    _forget()
    yield tmp_path / "kernels"
    _forget()


def _forget():
    for kept in (cpu_module.imported, cpu_module._piece, cpu_module.in_pieces):
        kept.cache_clear()


@pytest.fixture
def town(tmp_path, monkeypatch):
    """`town(more=1, raised=0)`: the model of a file that was just edited so."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    def edited(more=1, raised=0):
        text = textwrap.dedent(TOWN.format(more=more, raised=raised))
        (tmp_path / "edited_town.py").write_text(text)
        importlib.invalidate_caches()
        sys.modules.pop("edited_town", None)
        return importlib.import_module("edited_town").model()

    yield edited
    sys.modules.pop("edited_town", None)


def after_a_step(model, backend):
    simulation = ec.Simulation(model, backend=backend)
    simulation.advance()
    return simulation.measure()["coins"]


def test_an_edited_helper_or_constant_gives_new_numbers_and_a_new_name(town, backend):
    names = []
    for edit, wanted in [({}, 1), ({"more": 2}, 2), ({"raised": 5}, 6), ({}, 1)]:
        model = town(**edit)
        assert after_a_step(model, backend) == wanted
        names.append(run_name(model, 0))
    assert len(set(names)) == 3 and names[0] == names[-1]


# -- the cache folder ------------------------------------------------------------------------------

PROGRAM = """
import numba.core.event as event
compiled = []
listener = event.register("numba:compile", type("L", (event.Listener,), {
    "on_start": lambda self, e: compiled.append(str(e.data["dispatcher"].py_func.__name__)),
    "on_end": lambda self, e: None,
})())
import ecumene as ec
from ecumene.models import MODELS
s = ec.Simulation(MODELS["cascade"].build(agents=50, degree=3))
while s.advance(): pass
print(s.digest(), len(compiled))
"""


def test_two_processes_compile_once(tmp_path):
    """The second finds the first one's machine code, and writes nothing."""
    environment = {**os.environ, "ECUMENE_CACHE": str(tmp_path)}
    program = [sys.executable, "-c", PROGRAM]
    seen, files = [], []
    for _ in range(2):
        done = subprocess.run(program, env=environment, capture_output=True, text=True, check=True)
        seen.append(done.stdout.split())
        files.append({p: p.stat().st_mtime_ns for p in tmp_path.rglob("*.nb?")})
    assert seen[0][0] == seen[1][0]
    assert int(seen[0][1]) > 0 and int(seen[1][1]) == 0
    assert files[0] == files[1] and len(files[0]) > 0


def test_a_kernel_s_file_is_named_by_what_is_in_it_and_written_whole(empty_cache):
    program = lowered(MODELS["cascade"].build(agents=10), 0)
    module, kernels = cpu_module.generated(program)
    paths = {Path(getattr(module, name).py_func.__code__.co_filename) for name in kernels}
    assert len(paths) == len(kernels)
    for path in paths:
        assert path.parent == empty_cache
        assert path.stem == cpu_module.name_of(path.read_text())
        assert re.fullmatch(r"ecumene_[0-9a-f]{32}", path.stem)
    assert not list(empty_cache.glob("*.part"))


def test_what_programs_have_in_common_compiles_once_for_all():
    """A second program's loops over sets are those of the first."""
    one, two = (
        cpu_module.generated(lowered(model, 0))[0]
        for model in (society(ec.matchings(2), 10, pay=0.5), MODELS["cascade"].build(agents=10))
    )
    assert one is not two
    assert one.gather is two.gather and one.put_all is two.put_all


@ec.agent_rule(writes="changes")
def idle(me, env, model, key):
    return 3


def test_programs_share_the_kernels_of_the_rules_that_they_share():
    """Another network and another rule are compiled; what uses neither is not compiled again."""
    model = society(ec.matchings(2), 10)
    changed = replace(model, phases=[*model.phases[:2], [idle]])
    (one, kernels), (two, others), (three, _) = (
        cpu_module.generated(lowered(m, 0))
        for m in (model, changed, society(explicit(10, [(0, 1)]), 10))
    )
    assert {"act_hear", "act_live", "act_notice", "act_wander", "emit_pay"} <= kernels.keys()
    assert others.keys() - kernels.keys() == {"act_idle", "find_idle"}
    assert two.emit_pay is one.emit_pay and two.act_hear is one.act_hear
    assert three.emit_pay is not one.emit_pay and three.act_wander is one.act_wander


@pytest.mark.parametrize("name", MODELS)
def test_all_that_a_kernel_names_is_there(name):
    """In kernels that few runs ask for, too: each in a module that holds what it uses."""
    simulation = ec.Simulation(MODELS[name].build(), backend="reference")
    for inhabitants in simulation.inhabitants.values():
        module, kernels = cpu_module.generated(inhabitants.program)
        functions = [f.py_func for f in vars(module).values() if hasattr(f, "py_func")]
        assert kernels.keys() <= {function.__name__ for function in functions}
        for function in functions:
            steps = dis.get_instructions(function)
            names = {step.argval for step in steps if step.opname == "LOAD_GLOBAL"}
            assert names <= vars(builtins).keys() | function.__globals__.keys(), function


def test_a_write_that_fails_leaves_nothing_that_looks_whole(tmp_path, monkeypatch):
    def interrupted(self, target):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        cpu_module._write(tmp_path, "ecumene_x", "print()")
    assert not list(tmp_path.glob("*.py"))


def test_the_folder_is_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(cpu_module, "KEPT", 3)
    machine_code = tmp_path / "__pycache__"
    machine_code.mkdir()
    for n in range(6):
        path = cpu_module._write(tmp_path, f"ecumene_{n}", f"x = {n}")
        (machine_code / f"ecumene_{n}.f-1.nbi").write_text("")
        os.utime(path, (n, n))
    cpu_module._write(tmp_path, "ecumene_9", "")
    cpu_module._prune(tmp_path)
    assert sorted(p.stem for p in tmp_path.glob("*.py")) == ["ecumene_4", "ecumene_5", "ecumene_9"]
    assert len(list(machine_code.iterdir())) == 2


def test_a_module_in_use_stays_young(tmp_path):
    path = cpu_module._write(tmp_path, "ecumene_a", "")
    os.utime(path, (1, 1))
    cpu_module._write(tmp_path, "ecumene_a", "")
    assert path.stat().st_mtime > 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_no_error(tmp_path, monkeypatch):
    tmp_path.chmod(0o500)
    monkeypatch.setenv("ECUMENE_CACHE", str(tmp_path / "kernels"))
    assert cpu_module._written("ecumene_b", "").exists()


def test_a_path_that_is_a_file_is_no_error(tmp_path, monkeypatch):
    (tmp_path / "kernels").write_text("")
    monkeypatch.setenv("ECUMENE_CACHE", str(tmp_path / "kernels"))
    assert cpu_module._written("ecumene_b", "x = 1").read_text() == "x = 1"


def test_what_only_the_run_chooses_is_not_in_the_text():
    """Seeds, numbers of agents and strengths share kernels: they compile once."""
    texts = {
        cpu_module.text_of(lowered(society(ec.matchings(degree), agents, pay=pay), seed))[0]
        for degree, agents, pay, seed in [(2, 10, 0.5, 1), (3, 99, 0.1, 2)]
    }
    assert len(texts) == 1


# -- what the compiler is told, and is not ---------------------------------------------------------


def compiled_anew():
    """A kernel whose machine code is not taken from the cache folder."""
    simulation = ec.Simulation(society(ec.matchings(2), 10))
    module, kernels = cpu_module.generated(simulation.program)
    kernel = getattr(module, kernels["act_live"].name)
    fresh = type(kernel)(kernel.py_func, targetoptions=dict(kernel.targetoptions))
    for signature in kernel.signatures:
        fresh.compile(signature)
    return fresh


def test_vectors_may_be_as_wide_as_the_processor_has_them():
    kernel = compiled_anew()
    for signature in kernel.signatures:
        assert '"prefer-vector-width"="512"' in kernel.inspect_llvm(signature)


def test_the_processor_is_not_told_to_fuse():
    """a * b + c rounds twice, everywhere: one fused instruction and bits differ by machine."""
    kernel = compiled_anew()
    for signature in kernel.signatures:
        code = kernel.inspect_asm(signature)
        assert "mulsd" in code and not re.findall(r"\bvf?n?m(?:add|sub)\w*", code)
