"""What may be imported where, beyond the layers that import-linter checks."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "ecumene"
LISTS = ("__init__.py", "registry.py")  # They list the ready models and are none themselves.
MODELS = sorted(path for path in SOURCE.glob("models/**/*.py") if path.name not in LISTS)
HEAVY = (
    *("httpx", "igraph", "IPython", "jsonschema", "matplotlib", "networkx", "pandas", "polars"),
    *("pyarrow", "sklearn"),
)


def imported(text: str) -> set[str]:
    """The full names of what a module's text imports; its own neighbours begin with a dot."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add("." * node.level + (node.module or ""))
    return names


@pytest.mark.parametrize("path", MODELS, ids=[f"{p.parent.name}-{p.stem}" for p in MODELS])
def test_a_ready_model_imports_only_ecumene_and_numpy(path: Path):
    siblings = {f".{other.stem}" for other in path.parent.glob("*.py")}
    own = {".", *siblings} if path.parent.name != "models" else set[str]()
    assert imported(path.read_text(encoding="utf-8")) <= {"__future__", "ecumene", "numpy", *own}


def test_an_import_from_inside_the_package_is_seen():
    assert imported(
        "from ecumene.engine import plan\nfrom ..rules import x\nimport scipy.stats"
    ) == {
        "ecumene.engine",
        "..rules",
        "scipy.stats",
    }


def test_importing_ecumene_loads_no_optional_library():
    program = f"import sys, ecumene; print([n for n in {HEAVY} if n in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_what_a_list_of_models_does_not_need_is_not_loaded():
    program = """
import sys
from ecumene.cli import main
try:
    main(["models"])
except SystemExit:
    print([name for name in ("duckdb", "jinja2", "numba", "rich", "email") if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
