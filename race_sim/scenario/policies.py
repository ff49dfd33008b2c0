"""What a nation can do about the race: one entry per policy (race_sim/MODEL.md, section 6)."""

from collections.abc import Iterable
from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Policy:
    """What a nation does about the race, as flags that the kernels read.

    ``keeps_standard``: its labs' floor is the standard, whatever others do. ``signs``: it has signed the treaty.
    ``honours``: as a signatory it applies the floor while the treaty is in force. ``shares_openly``: it shares with
    every nation that also shares.

    Examples
    --------
    >>> Policy("slows down and shares", keeps_standard=True, shares_openly=True).signs
    False
    """

    meaning: str
    keeps_standard: bool = False
    signs: bool = False
    honours: bool = False
    shares_openly: bool = False


POLICIES: dict[str, Policy] = {
    "race": Policy("no floor, no sharing"),
    "unilateral_slowdown": Policy("keeps the standard, whatever others do", keeps_standard=True),
    "fundamentals": Policy("shares safety work and benchmarks, competes on everything else", shares_openly=True),
    "treaty": Policy("keeps the standard and shares, while the treaty is in force", signs=True, honours=True),
    "covert_defection": Policy("signs and shares, and does not keep the standard", signs=True),
}
BUILT_IN = tuple(POLICIES)
FLAGS = tuple(field.name for field in fields(Policy) if field.name != "meaning")  # of a nation's record, too


def by_cooperation(policies: Iterable[str]) -> list[str]:
    """Sort policies from the most to the least cooperative.

    What binds a nation's own labs comes first, then what shares.

    Parameters
    ----------
    policies : iterable of str
        Names of policies.

    Returns
    -------
    list of str
        The names, sorted.

    Examples
    --------
    >>> by_cooperation(["race", "fundamentals", "unilateral_slowdown", "covert_defection", "treaty"])
    ['treaty', 'unilateral_slowdown', 'fundamentals', 'covert_defection', 'race']
    """

    def rank(name: str) -> tuple[bool, ...]:
        policy = POLICIES[name]
        binds = policy.keeps_standard or policy.honours
        return binds, policy.honours, policy.shares_openly, policy.signs

    return sorted(policies, key=rank, reverse=True)
