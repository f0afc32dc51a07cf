"""A GPU's compiler fuses a * b + c unless told not to: read in the PTX that it did not.

No GPU is needed for that: the text that the CPU compiles is compiled to PTX, every kernel with
the types that the CPU met.
"""

import re
import sys
from types import SimpleNamespace

import numba
import pytest

import ecumene as ec
from ecumene.backends.cpu import module as cpu_module
from ecumene.backends.cpu.module import text_of
from ecumene.models import MODELS

from ...on_gpu import loaded, space_of
from ...societies import explicit, society

pytestmark = pytest.mark.skipif(sys.platform == "darwin", reason="no compiler to PTX there")
MACHINE = (8, 0)


@pytest.fixture(scope="module")
def cuda():
    whole = loaded()
    from numba.cuda import dispatcher

    with pytest.MonkeyPatch.context() as patch:
        device = SimpleNamespace(compute_capability=MACHINE)
        patch.setattr(dispatcher, "get_current_device", lambda: device)
        yield whole


def met(model):
    """The types of every kernel's arguments, and the text of the module."""
    types = {}

    def noting(module, kernel, names, own):
        values = [own[a] if a in own else names[a] for a in kernel.arguments]
        types[kernel.name] = tuple(numba.typeof(value) for value in values)
        return getattr(module, kernel.name)(*values)

    with pytest.MonkeyPatch.context() as patch:
        for room in [m for n, m in sys.modules.items() if n.startswith("ecumene.backends.cpu.")]:
            if getattr(room, "call", None) is cpu_module.call and room is not cpu_module:
                patch.setattr(room, "call", noting)
        for direction in ("push", "pull"):  # what pulls is compiled when it is asked for
            simulation = ec.Simulation(model, direction=direction)
            simulation.measure()
            simulation.advance()
            for column in model.population.names:
                simulation.column(column)
    return types, text_of(simulation.program)[0]


def ptx(space, name, types, fma):
    """One kernel as the text of a GPU's instructions."""
    from numba.core.types import void
    from numba.cuda.compiler import compile_cuda, kernel_fixup

    names = ", ".join(f"a{i}" for i in range(len(types)))
    exec(f"def entry({names}):\n    {name}({names})\n", space)
    options = {"fastmath": False, "opt": 3, "fma": fma}
    made = compile_cuda(space["entry"], void, types, nvvm_options=options, cc=MACHINE)
    library = made.library
    library._entry_name = made.fndesc.llvm_func_name
    kernel_fixup(library.get_function(library._entry_name), None)
    return library.get_asm_str(cc=MACHINE)


def fused(text):
    """What is fused, and what the next compiler may fuse: sums and products rounded no way."""
    return re.findall(r"\b(?:fma|mad|(?:add|sub|mul)(?!\.r[nzmp]))\.(?:r[nzmp]\.)?f\d+", text)


def test_no_kernel_of_cascade_holds_a_fused_multiply_add(cuda):
    types, text = met(MODELS["cascade"].build(agents=50))
    space = space_of(cuda, text)
    assert {"emit_pass_on", "apply_pass_on", "pull_pass_on", "act_hear"} <= types.keys()
    for name, met_types in types.items():
        assert fused(ptx(space, name, met_types, fma=0)) == [], name


@pytest.fixture(scope="module")
def town():
    return met(society(ec.matchings(2), 20))


def test_with_fusing_allowed_it_would_be_seen(cuda, town):
    """The counter-test: the same text does contain fused instructions once they are allowed."""
    types, text = town
    space = space_of(cuda, text)
    assert fused(ptx(space, "act_live", types["act_live"], fma=1)) != []
    assert fused(ptx(space, "act_live", types["act_live"], fma=0)) == []


@pytest.mark.slow
@pytest.mark.parametrize("network", [ec.matchings(2), explicit(20, [(0, 1)])], ids=["m", "rows"])
def test_no_kernel_of_a_society_holds_a_fused_multiply_add(cuda, network):
    types, text = met(society(network, 20))
    space = space_of(cuda, text)
    assert len(types) > 20
    for name, met_types in types.items():
        assert fused(ptx(space, name, met_types, fma=0)) == [], name
