"""The field's words: identifiers have none that a newcomer could not look up; and no room imports in a circle."""

import ast
import builtins
import graphlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted(path for folder in ("race_sim", "experiments") for path in (ROOT / folder).rglob("*.py"))
WORDS = {"found", "told", "heft", "concerned", "concerns", "bears", "mended"}


def identifiers(tree: ast.AST) -> set[str]:
    """Every name that a source gives to something or uses."""
    names = set()
    for node in ast.walk(tree):
        for field in ("id", "attr", "arg", "name", "asname", "module"):
            value = getattr(node, field, None)
            if isinstance(value, str):
                names.update(value.split("."))
    return names - set(dir(builtins))


def words(name: str) -> set[str]:
    """The words of ``snake_case`` and of ``CamelCase``."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def imports(path: Path, tree: ast.Module) -> set[str]:
    """Modules of ours that a module needs as soon as it is imported; those for types alone are not among them."""
    here = path.relative_to(ROOT).with_suffix("").parts
    needed = set()
    for node in toplevel(tree):
        if isinstance(node, ast.Import):
            needed.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = (
                ".".join([*here[: len(here) - node.level], *filter(None, [node.module])]) if node.level else node.module
            )
            needed.update({base, *(f"{base}.{alias.name}" for alias in node.names)})
    return needed


def toplevel(node: ast.AST):
    """Statements that run at the import: not those in functions, nor under ``if TYPE_CHECKING``."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        yield child
        yield from toplevel(child)


def module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@pytest.mark.quick
def test_identifiers_have_the_words_of_the_field():
    used = {(module(path), name) for path in SOURCES for name in identifiers(ast.parse(path.read_text()))}
    assert len(used) > 5000
    assert sorted((where, name) for where, name in used if words(name) & WORDS) == []


def test_words_are_those_of_the_name():
    assert words("what_the_TOLDFound_is2heft") == {"what", "the", "told", "found", "is", "heft"}
    assert words("NOT_FOUND") == {"not", "found"}


@pytest.mark.quick
def test_no_module_imports_itself_by_way_of_others():
    names = {module(path) for path in SOURCES}
    graph = {module(path): imports(path, ast.parse(path.read_text())) & names - {module(path)} for path in SOURCES}
    assert sum(map(len, graph.values())) > 500
    list(graphlib.TopologicalSorter(graph).static_order())  # raises CycleError


def test_a_circle_is_seen():
    with pytest.raises(graphlib.CycleError):
        list(graphlib.TopologicalSorter({"a": {"b"}, "b": {"a"}}).static_order())
