"""What computes all results, and in which order: each module says in ``AFTER`` what must have run before it."""

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from race_sim.errors import InputError, unknown
from race_sim.figures.experiments import FOLDER, experiment_files

EXPERIMENTS = "experiments"  # in AFTER: all of them


@dataclass(frozen=True)
class Step:
    """A module of ``experiments/``: an experiment, or a step that works on the results of all of them.

    question: the first line of its docstring. answer: ``ANSWER``, one sentence for the README, None as long as there is
    none. after: ``AFTER``, the names of what must have run before it.
    """

    name: str
    question: str
    answer: str | None
    after: tuple[str, ...]

    @property
    def is_experiment(self) -> bool:
        """Whether it computes a result of its own."""
        return EXPERIMENTS not in self.after


def steps(folder: Path = FOLDER) -> dict[str, Step]:
    """Every step by name, read off the files in a folder; none is imported.

    Raises InputError for a module that says nothing of itself, and for an ``AFTER`` or ``ANSWER`` that is no literal.
    """
    return {name: _read(name, path) for name, path in experiment_files(folder).items()}


def experiments(folder: Path = FOLDER) -> list[Step]:
    """The experiments alone, in the order of their names."""
    return [step for step in steps(folder).values() if step.is_experiment]


def in_order(known: dict[str, Step], names: Iterable[str] = ()) -> list[Step]:
    """The steps with these names (by default all), each after those that it must come after; otherwise by name.

    Raises InputError for an unknown name, in ``names`` or in an ``AFTER``, and where steps wait for each other.
    """
    wanted = list(names) or list(known)
    for name in wanted:
        if name not in known:
            raise InputError(unknown("experiment", name, known))
    graph: TopologicalSorter[str] = TopologicalSorter({name: _before(step, known) for name, step in known.items()})
    try:
        graph.prepare()
    except CycleError as error:
        raise InputError(f"AFTER: {' and '.join(sorted(set(error.args[1])))} wait for each other") from None
    result = []
    while graph.is_active():
        ready = sorted(graph.get_ready())
        result += [known[name] for name in ready if name in wanted]
        graph.done(*ready)
    return result


def _before(step: Step, known: dict[str, Step]) -> list[str]:
    names = [name for name in step.after if name != EXPERIMENTS]
    for name in names:
        if name not in known:
            raise InputError(f"{step.name}: AFTER: {unknown('experiment', name, known)}")
    return names + ([] if step.is_experiment else [name for name, other in known.items() if other.is_experiment])


def _read(name: str, path: Path) -> Step:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    constants: dict[str, object] = {"AFTER": (), "ANSWER": None}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in constants:
            try:
                constants[node.targets[0].id] = ast.literal_eval(node.value)
            except ValueError:
                raise InputError(
                    f"{path}: {node.targets[0].id}: must be written out, it is read without importing"
                ) from None
    question = (ast.get_docstring(tree) or "").partition("\n")[0]
    if not question:
        raise InputError(f"{path}: must have a docstring whose first line is its question")
    after, answer = constants["AFTER"], constants["ANSWER"]
    if not isinstance(after, tuple) or not all(isinstance(item, str) for item in after):
        raise InputError(f"{path}: AFTER: must be a tuple of names, got {after!r}")
    return Step(name, question, None if answer is None else str(answer), after)
