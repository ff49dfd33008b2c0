"""What every published game must keep, generated from the catalogue: a new one is tested as soon as its file exists."""

import json
import math
import re
import typing

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from numpydoc.docscrape import NumpyDocString

from race_sim import InputError, games, reproduce, solve
from race_sim.games._base.catalogue import catalogue, published
from race_sim.games._base.published import PublishedGame
from race_sim.games._base.reproduction import COLUMNS
from race_sim.solvers.game import Game
from tests.test_imports import imported

CATALOGUE = catalogue()


def test_what_a_game_is_made_of_comes_from_one_place_when_it_is_asked_for():
    assert not imported("import race_sim.games") & {"numpy", "pydantic"}
    assert games.PublishedGame is PublishedGame
    assert all(getattr(games, name).__name__ == name for name in games.__all__)
    with pytest.raises(AttributeError, match="no attribute 'Games'"):
        games.Games  # noqa: B018


@pytest.mark.quick
@pytest.mark.parametrize("key", CATALOGUE)
def test_citation(key):
    citation = published(key).citation
    assert citation.key == key == published(key).__module__.rpartition(".")[2]
    assert all(citation.authors)
    assert citation.title
    assert citation.venue
    assert 1950 < citation.year < 2100
    # Without an identifier, the reader is told why.
    assert (
        re.fullmatch(r"10\.\d{4,}/\S+", citation.doi)
        or re.fullmatch(r"\d{4}\.\d{4,5}", citation.arxiv)
        or citation.note
    )
    kind, given_key, fields = re.fullmatch(r"@(\w+)\{(\w+),\n(.*)\n\}", citation.bibtex(), re.DOTALL).groups()
    assert (kind, given_key) == ("article", key)
    entries = dict(re.findall(r"^  (\w+) = \{(.*)\},$", fields, re.MULTILINE))
    assert len(entries) == len(fields.splitlines())
    assert {"author", "title", "year", "journal"} <= set(entries)
    assert all(value.count("{") == value.count("}") for value in entries.values())


@pytest.mark.parametrize("key", CATALOGUE)
def test_parameters_are_documented_and_results_plain(key):
    game = published(key)
    assert game.says().endswith(".")
    assert all(field.description for field in game.model_fields.values())
    result = game()
    first, second = result.results(), game().results()
    assert first == second
    assert json.loads(json.dumps(first, allow_nan=False)) == first
    assert plain(first)
    assert solve(key) == first
    form, shares = result.game(), first.get("stationary")
    assert isinstance(form, Game | None)
    if form is not None and isinstance(first.get("payoff"), list):
        assert form.payoff[0].tolist() == first["payoff"]
    if shares is not None:
        assert math.isclose(sum(shares.values() if isinstance(shares, dict) else shares), 1.0, abs_tol=1e-12)


@pytest.mark.parametrize("key", CATALOGUE)
def test_help_has_the_parameters_and_the_source(key):
    game = published(key)
    document = NumpyDocString(game.__doc__)
    assert document["Summary"] == [game.says()]
    assert [entry.name for entry in document["Parameters"]] == list(game.model_fields)
    for entry, field in zip(document["Parameters"], game.model_fields.values(), strict=True):
        assert field.description.casefold() in " ".join(entry.desc).casefold()
        assert entry.type.endswith(f"default {field.default!r}")
    assert str(game.citation) in " ".join(document["References"])


@pytest.mark.parametrize("key", CATALOGUE)
def test_a_game_that_is_read_off_scenarios_says_how_and_answers(key):
    game = published(key)
    reads = game.of_reading.__func__ is not PublishedGame.of_reading.__func__
    answers = game.answer is not PublishedGame.answer
    assert (bool(game.mapping), reads, answers) in ((True,) * 3, (False,) * 3)


def plain(value):
    if isinstance(value, dict):
        return all(type(name) is str and plain(item) for name, item in value.items())
    if isinstance(value, list):
        return all(map(plain, value))
    return value is None or type(value) in (bool, int, str) or (type(value) is float and math.isfinite(value))


@pytest.mark.quick
@pytest.mark.parametrize("key", CATALOGUE)
def test_bad_input_is_one_line(key):
    with pytest.raises(InputError, match="no parameter 'nonsense'"):
        solve(key, nonsense=1)
    for name, field in published(key).model_fields.items():
        for bad in (math.nan, math.inf, "?", [], -1e400):
            with pytest.raises(InputError) as caught:
                solve(key, **{name: bad})
            assert str(caught.value).startswith(f"{key}: {name}"), (field, bad)
            assert "\n" not in str(caught.value)


def values_of(field):
    """In-bounds values of a parameter, plain ones mostly and extreme ones at times."""
    limits = {
        name: getattr(item, name) for item in field.metadata for name in ("ge", "gt", "le") if hasattr(item, name)
    }
    low, high = limits.get("ge", limits.get("gt")), limits.get("le")
    kind, options = field.annotation, typing.get_args(field.annotation)
    if typing.get_origin(kind) is typing.Literal:
        return st.sampled_from(options)
    if kind is bool:
        return st.booleans()
    if typing.get_origin(kind) is tuple:
        return st.lists(st.floats(1e-3, 1e3), min_size=1, max_size=6)
    if kind is int:
        start = int(low or 0)  # populations stay small: full chains grow fast with them
        return st.integers(start, int(min(high or 8, start + 8)))
    plainly = st.floats(-100 if low is None else low, min(100, high or 100), exclude_min="gt" in limits)
    extreme = st.floats(low, high, exclude_min="gt" in limits, allow_nan=False, allow_infinity=False)
    numbers = st.one_of(plainly, plainly, plainly, extreme)
    return st.one_of(st.none(), numbers) if type(None) in options else numbers


@pytest.mark.parametrize("key", CATALOGUE)
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),  # a slow game would take minutes to shrink
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
def test_any_parameters_give_finite_results_or_one_line(key, data):
    fields = published(key).model_fields
    # Whole numbers always: a population's default size makes full chains long.
    parameters = {
        name: data.draw(values_of(field), label=name)
        for name, field in fields.items()
        if field.annotation is int or data.draw(st.booleans())
    }
    try:
        result = solve(key, **parameters)
    except InputError as refused:
        result = {"refused": str(refused)}
    assert plain(result), result
    assert "\n" not in result.get("refused", "")


@pytest.mark.parametrize("key", CATALOGUE)
def test_checks(key):
    table = reproduce(key)
    assert tuple(table.columns) == COLUMNS
    assert len(table)
    assert not table.duplicated(["result", "place"]).any()
    assert set(table["source"]) <= {"paper", "reading"}
    assert set(table["status"]) <= {"reproduced", "differs", "published value unknown"}
    assert (table["reason"] != "")[table["status"] != "reproduced"].all(), "a difference needs a reason"
    assert table["tolerance"].between(0, math.inf, inclusive="left").all()


@pytest.mark.quick
def test_unknown_names_and_the_nearest_valid_ones(capsys):
    from race_sim.cli import main

    for arguments, hint in (
        (["solve", "tan206"], "did you mean 'tan2026'"),
        (["solve", "tan2026", "--set", "PI=0.5"], "did you mean 'pi'"),
        (["reproduce", "spd"], "did you mean 'spt'"),
    ):
        assert main(arguments) == 2
        message = capsys.readouterr().err
        assert hint in message
        assert message.count("\n") == 1


def test_reproduce_prints_one_object(capsys):
    from race_sim.cli import main

    assert main(["reproduce", "jensen2023", "--json"]) == 0
    checks = json.loads(capsys.readouterr().out)["checks"]
    assert list(checks[0]) == list(COLUMNS)
    assert main(["reproduce", "jensen2023"]) == 0
    printed = capsys.readouterr().out
    assert printed.count("because") == sum(check["status"] == "differs" for check in checks)
