"""Docstrings of everything public, kernels included: numpydoc's own validation, and what it does not look at.

``python -m tests.docstrings [PATH ...]`` prints every problem and ends with exit code 1 where there is one. Beyond
numpydoc: a function whose body raises says so under Raises, and the names in ``race_sim.__all__`` with their methods
have Examples.
"""

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import numpydoc.validate as numpydoc
from numpydoc.hooks.validate_docstrings import AstValidator

ROOT = Path(__file__).parent.parent
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["numpydoc_validation"]
Node = ast.Module | ast.ClassDef | ast.FunctionDef
NEEDS_NO_EXAMPLE = {"InputError", "Nation"}
STAGES_OF = {"Lab", "Nation"}  # whose methods are the stages of RaceModel.step, called in its order and by nobody else
PROPERTIES = {"property", "cached_property"}


def public(node: Node, above: tuple[Node, ...] = ()) -> Iterator[tuple[Node, tuple[Node, ...]]]:
    """The node, and all public classes, functions and methods in it, each with what it stands in."""
    yield node, above
    if isinstance(node, ast.FunctionDef):
        return
    for child in ast.walk(node) if isinstance(node, ast.Module) else node.body:
        named = isinstance(child, ast.ClassDef | ast.FunctionDef) and not child.name.startswith("_")
        if named and (isinstance(node, ast.ClassDef) or child.col_offset == 0):
            yield from public(child, (*above, node))


def own(node: ast.AST) -> Iterator[ast.AST]:
    """What stands in a function's body, functions inside it left out."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            yield child
            yield from own(child)


def problems(path: Path, exemplary: set[str]) -> Iterator[str]:
    """Every problem of a file's docstrings, a line each. exemplary: names that must have an example."""
    tree = ast.parse(path.read_text())
    tree.name = path.stem  # type: ignore[attr-defined]
    for node, above in public(tree):
        names = [item.name for item in (*above, node)]  # type: ignore[union-attr]
        where = f"{path}:{getattr(node, 'lineno', 1)} {'.'.join(names)}"
        overloaded = isinstance(node, ast.FunctionDef) and any(
            isinstance(item, ast.Name) and item.id == "overload" for item in node.decorator_list
        )
        if overloaded:
            continue
        report = numpydoc.validate(
            ".".join(names), AstValidator, ast_node=node, filename=str(path), ancestry=list(above)
        )
        excluded = set(SETTINGS["checks"]) - {"all"}
        attribute = isinstance(node, ast.FunctionDef) and any(
            isinstance(item, ast.Name) and item.id in PROPERTIES for item in node.decorator_list
        )
        if attribute:  # documented as what it is, not as a function
            excluded |= {"RT01", "SS05"}
        yield from (f"{where}: {code} {text}" for code, text in report["errors"] if code not in excluded)
        text = ast.get_docstring(node) or ""
        if isinstance(node, ast.FunctionDef):
            raising = any(isinstance(item, ast.Raise) and item.exc is not None for item in own(node))
            abstract = "NotImplementedError" in ast.unparse(node)
            if raising and not abstract and "\nRaises\n------" not in text:
                yield f"{where}: raises, and has no section Raises"
        exported = not isinstance(node, ast.Module) and not attribute and bool(set(names[1:]) & exemplary)
        stage = len(names) > 2 and names[1] in STAGES_OF and names[2] != "choose_share"
        if exported and not stage and names[-1] not in NEEDS_NO_EXAMPLE and "\nExamples\n--------" not in text:
            yield f"{where}: is public, and has no Examples"


def main(arguments: list[str]) -> int:
    """Check files and folders, by default the whole package."""
    import race_sim

    given = [Path(argument) for argument in arguments] or [ROOT / "race_sim"]
    files = [file for path in given for file in (sorted(path.rglob("*.py")) if path.is_dir() else [path])]
    public_names: dict[Path, set[str]] = {}
    for name in race_sim.__all__:
        module = getattr(getattr(race_sim, name), "__module__", None)
        source = sys.modules[module].__file__ if module else None
        if source:
            public_names.setdefault(Path(source), set()).add(name)
    lines = [line for file in files for line in problems(file, public_names.get(file.resolve(), set()))]
    print(*lines, sep="\n", end="\n" if lines else "")
    print(f"{len(lines)} problems in the docstrings of {len(files)} files")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
