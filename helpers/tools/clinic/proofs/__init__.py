"""The proofs of the clinic: each lets an error or a silent failure happen, cures it, and asserts both.

Entry P24 is proved by `p24` in one of the modules here. Such a function gets an empty folder, which is also
the current one, and returns what it saw. Nothing is staged: an error that does not come fails the proof.
"""

import ast
import collections.abc
import contextlib
import importlib
import inspect
import pathlib

from helpers.tools.clinic.proofs import caught

MODULES = (
    "files",
    "names",
    "damage",
    "keras_2",
    "older",
    "classes",
    "custom",
    "weights",
    "training",
    "callbacks",
    "exports",
    "folders",
    "lite",
    "onnx_files",
    "running",
    "words",
    "sizes",
    "devices",
    "guarded",
    "operating",
)
Proof = collections.abc.Callable[[pathlib.Path], caught.Case]


def find(identifier: str) -> Proof:
    """The function that proves an entry.

    Raises:
        LookupError: there is none.
    """
    for name in MODULES:
        module = importlib.import_module(f"{__name__}.{name}")
        if hasattr(module, identifier.lower()):
            return getattr(module, identifier.lower())
    raise LookupError(f"no module of {MODULES} has a proof of {identifier!r}")


def run(identifier: str, folder: pathlib.Path) -> caught.Case:
    """Run a proof in a folder.

    Raises:
        AssertionError: the error does not happen here, or its cure does not cure it.
    """
    with contextlib.chdir(folder), caught.quiet():
        return find(identifier)(folder)


def report(identifier: str) -> dict[str, object]:
    """Run a proof in the current folder; what it saw as data, for the process that asked."""
    case = run(identifier, pathlib.Path.cwd())
    return {
        "raised": bool(case.errors),
        "failed": [error.headline for error in case.errors] or [case.measured],
        "cured": case.cured,
        "code": code(identifier),
    }


def code(identifier: str) -> str:
    """The text of a proof, after what it uses of its own module: classes, functions and constants."""
    proof = find(identifier)
    source = inspect.getsource(inspect.getmodule(proof))
    defined = {name: node for node in ast.parse(source).body for name in _defines(node)}
    used, new = set(), {proof.__name__}
    while new:
        used |= new
        walked = (one for name in new for one in ast.walk(defined[name]) if isinstance(one, ast.Name))
        new = {one.id for one in walked} & defined.keys() - used
    # A dictionary, because one statement may define several names.
    nodes = dict.fromkeys(node for name, node in defined.items() if name in used)
    lines = source.splitlines()
    return "\n\n".join("\n".join(lines[_start(node) - 1 : node.end_lineno]) for node in nodes)


def _defines(node: ast.stmt) -> list[str]:
    """The names that a statement of a module defines; an import defines none here."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else []
    return [one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)]


def _start(node: ast.stmt) -> int:
    """The line of a definition, its decorators included."""
    return min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))])
