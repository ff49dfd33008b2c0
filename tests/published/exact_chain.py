"""Finite populations in sixty digits: fixation, stationary distributions, the chain over all population states.

Written from the equations of the papers, without sight of the package's implementation, and in the plainest way:
every probability is a number of sixty digits whose exponent may be as large as it likes, so nothing is worked in logs
and nothing underflows. Stationary distributions come from state reduction (Grassmann, Taksar, Heyman), which never
subtracts and so keeps every small probability to full relative precision.

Conventions. Payoff tables list the row player's payoff. Fermi imitation: A copies B with probability
1 / (1 + exp(-beta (f_B - f_A))). A fixation table has the resident in the row and the invader in the column.
"""

from collections.abc import Callable, Iterator, Sequence

from mpmath import MPContext

digits = MPContext()
digits.dps = 60
number = digits.mpf

Difference = Callable[[int], object]


def floats(value):
    """The value with every long number in it turned into a float."""
    if isinstance(value, dict):
        return {key: floats(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [floats(part) for part in value]
    if value is None or isinstance(value, bool | str | int):
        return value
    return float(value)


def pair_difference(payoff, invader: int, resident: int, population: int, self_interaction: bool) -> Difference:
    """P_A(k) - P_B(k) when k players are invaders A and the rest residents B, in pairwise games."""
    aa, ab = payoff[invader][invader], payoff[invader][resident]
    ba, bb = payoff[resident][invader], payoff[resident][resident]

    def difference(k: int):
        others = population - k
        if self_interaction:
            return (k * aa + others * ab) / population - (k * ba + others * bb) / population
        average_a = ((k - 1) * aa + others * ab) / (population - 1)
        average_b = (k * ba + (others - 1) * bb) / (population - 1)
        return average_a - average_b

    return difference


def fixation(difference: Difference, population: int, beta):
    """The probability that one invader takes over: 1 / (1 + sum over i of prod over j <= i of exp(-beta diff(j)))."""
    total, exponent = number(1), number(0)
    for j in range(1, population):
        exponent -= beta * difference(j)
        total += digits.exp(exponent)
    return 1 / total


def stationary(rates: Sequence[Sequence[object]]) -> list:
    """The stationary distribution of an irreducible chain; only the off-diagonal entries are read."""
    a = [list(row) for row in rates]
    size = len(a)
    for last in range(size - 1, 0, -1):
        leaving = digits.fsum(a[last][:last])
        for i in range(last):
            a[i][last] /= leaving
            if a[i][last] == 0:
                continue
            for j in range(last):
                if i != j:
                    a[i][j] += a[i][last] * a[last][j]
    weight = [number(1)]
    for state in range(1, size):
        weight.append(digits.fsum(weight[i] * a[i][state] for i in range(state)))
    total = digits.fsum(weight)
    return [part / total for part in weight]


def small_mutation(size: int, population: int, beta, difference_of: Callable[[int, int], Difference]):
    """Log-fixation table (resident row, invader column, diagonal None) and stationary distribution of one population.

    `difference_of(invader, resident)` gives P_A(k) - P_B(k). Each of the other strategies is the mutant with
    probability 1 / (size - 1).
    """
    rho = [
        [
            None if invader == resident else fixation(difference_of(invader, resident), population, beta)
            for invader in range(size)
        ]
        for resident in range(size)
    ]
    rates = [[number(0) if entry is None else entry / (size - 1) for entry in row] for row in rho]
    logs = [[None if entry is None else digits.log(entry) for entry in row] for row in rho]
    return logs, stationary(rates)


def small_mutation_of_pairs(payoff, population: int, beta, self_interaction: bool):
    """`small_mutation` for a pairwise game."""
    return small_mutation(
        len(payoff),
        population,
        beta,
        lambda invader, resident: pair_difference(payoff, invader, resident, population, self_interaction),
    )


def compositions(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    """All ways to write `total` as an ordered sum of `parts` whole numbers from 0 on."""
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in compositions(total - first, parts - 1):
            yield (first, *rest)


def average_payoff(payoff, counts: tuple[int, ...], strategy: int, self_interaction: bool):
    """What a player of a strategy that is present earns on average in a mixed population."""
    total = digits.fsum(count * payoff[strategy][other] for other, count in enumerate(counts))
    if self_interaction:
        return total / sum(counts)
    return (total - payoff[strategy][strategy]) / (sum(counts) - 1)


def frequency(payoff, population: int, beta, mutation, self_interaction: bool) -> list:
    """The average composition in the stationary distribution of the chain over all population states.

    A focal player, drawn uniformly, takes one of the other strategies uniformly with probability `mutation`; else it
    draws a role model among the other players and copies it with the Fermi probability of their average payoffs.
    """
    size = len(payoff)
    states = list(compositions(population, size))
    place = {state: index for index, state in enumerate(states)}
    rates = [[number(0)] * len(states) for _ in states]
    for state in states:
        earns = [average_payoff(payoff, state, i, self_interaction) if state[i] else None for i in range(size)]
        for old in range(size):
            for new in range(size):
                if old == new or state[old] == 0:
                    continue
                rate = mutation / (size - 1)
                if state[new]:
                    copies = 1 / (1 + digits.exp(-beta * (earns[new] - earns[old])))
                    rate += (1 - mutation) * state[new] / (population - 1) * copies
                after = list(state)
                after[old] -= 1
                after[new] += 1
                rates[place[state]][place[tuple(after)]] = number(state[old]) / population * rate
    share = stationary(rates)
    return [
        digits.fsum(weight * state[i] for weight, state in zip(share, states, strict=True)) / population
        for i in range(size)
    ]


def neighbour_chain(states: Sequence[tuple[str, ...]], fix: Callable[[int, int, int], object], neighbours: int) -> dict:
    """Stationary distribution over homogeneous states of several populations, one population changing at a time.

    `fix(start, end, part)` is the fixation probability of the mutant that leads from one state to a state that differs
    from it in one part only; each of the `neighbours` is tried equally often.
    """
    rates = [[number(0)] * len(states) for _ in states]
    for start, here in enumerate(states):
        for end, there in enumerate(states):
            changed = [part for part in range(len(here)) if here[part] != there[part]]
            if len(changed) == 1:
                rates[start][end] = fix(start, end, changed[0]) / neighbours
    return dict(zip(states, stationary(rates), strict=True))
