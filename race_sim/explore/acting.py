"""What cannot act under the policies and rules that are chosen, and why: no control pretends otherwise."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from race_sim.kernels import rules
from race_sim.kernels.survey import NOBODY
from race_sim.nations.policy_games import Profile, acting_flags
from race_sim.scenario.parameters import About
from race_sim.scenario.policies import POLICIES
from race_sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Facts:
    """What happens in races of some profiles of policies.

    Attributes
    ----------
    bound : bool
        Some nation's labs are bound to the standard.
    shared : bool
        Some nations share.
    signed : bool
        Some nation has signed a treaty, in force or not.
    honest : bool
        A treaty is in force, and a signatory that honours it can be accused.
    cheated : bool
        A treaty is in force, and a signatory that does not honour it can be detected.
    """

    bound: bool
    shared: bool
    signed: bool
    honest: bool
    cheated: bool


Need = tuple[Callable[[Facts], bool], str]
_SHARED: Need = (
    lambda facts: facts.shared,
    "nobody shares: it takes two nations with fundamentals, or a treaty between two",
)
_CHEATED: Need = (
    lambda facts: facts.cheated,
    "nobody can be detected: it takes covert_defection under a treaty in force",
)
_HONEST: Need = (lambda facts: facts.honest, "nobody can be accused: it takes a treaty in force")
_TREATY: Need = (lambda facts: facts.honest or facts.cheated, "no treaty is in force")
_BOUND: Need = (
    lambda facts: facts.bound,
    "nobody keeps the standard: it takes unilateral_slowdown or a treaty in force",
)
_SIGNED: Need = (lambda facts: facts.signed, "nobody signs a treaty")
NEEDS: dict[str, Need] = {  # of every parameter that does not act under all policies
    "cooperation.benchmarks": _SHARED,
    "cooperation.sharing": _SHARED,
    "cooperation.leak": _SHARED,
    "cooperation.benchmark_wear": _SHARED,
    "cooperation.standard": _BOUND,
    "cooperation.testing": _BOUND,
    "cooperation.verification": _CHEATED,
    "cooperation.detection_min": _CHEATED,
    "cooperation.detection_max": _CHEATED,
    "cooperation.penalty": _CHEATED,
    "cooperation.false_alarm": _HONEST,
    "cooperation.suspension_years": _TREATY,
    "cooperation.suspend_sharing": _TREATY,
    "cooperation.treaty_min_signatories": _SIGNED,
}
STANDARD_IN_RULES = ("responsible_scaling", "human")  # these know the standard, whoever keeps it
OF_PLANS = ("lab.planning_horizon", "lab.anticipation", "lab.catastrophe_stake", "lab.foresight", "lab.doubt")


def facts_of(scenario: Scenario, profiles: Iterable[Profile]) -> Facts:
    """Say what happens in some race of these profiles; the kernels say which treaty is in force and who shares.

    Parameters
    ----------
    scenario : Scenario
        Has the nations, and the number of signatories that a treaty takes.
    profiles : iterable of tuple of str
        One policy per nation each.

    Returns
    -------
    Facts
        What happens in at least one of the profiles.

    Examples
    --------
    >>> facts_of(Scenario.load("duopoly"), [("treaty", "covert_defection")]).cheated
    True
    """
    profiles = list(profiles)
    bound = shared = honest = cheated = False
    for profile in profiles:
        for keeps, group, *treaty in acting_flags(scenario, profile):
            signs, honours = treaty or (0, 0)
            bound = bound or bool(keeps or (signs and honours))
            shared = shared or group != NOBODY
            honest = honest or bool(signs and honours)
            cheated = cheated or bool(signs and not honours)
    signed = any(POLICIES[policy].signs for profile in profiles for policy in profile)
    return Facts(bound, shared, signed, honest, cheated)


def why_not(scenario: Scenario, path: str, known: About, facts: Facts) -> str:
    """Say why a parameter cannot act, whatever its value.

    Parameters
    ----------
    scenario : Scenario
        Has the labs' rules, and the other parameters.
    path : str
        Path of the parameter.
    known : About
        What is known of it.
    facts : Facts
        What happens under the policies that are chosen.

    Returns
    -------
    str
        One line; empty where it can act.

    Examples
    --------
    >>> scenario = Scenario.load("duopoly")
    >>> known = {parameter.path: parameter.about for parameter in scenario.parameters()}
    >>> facts = facts_of(scenario, [("treaty", "treaty")])
    >>> why_not(scenario, "cooperation.verification", known["cooperation.verification"], facts)
    'nobody can be detected: it takes covert_defection under a treaty in force'
    >>> why_not(scenario, "cooperation.sharing", known["cooperation.sharing"], facts)
    ''
    """
    used = {lab.rule or scenario.lab.rule for lab in scenario.labs.values()}
    if known.rule and known.rule not in used:
        return f"no lab has the rule {known.rule}"
    if path in OF_PLANS and not any(rules.PLANS[rules.NAMES.index(rule)] for rule in used):
        return f"no lab looks ahead: it takes another rule than {' and '.join(sorted(used))}"
    if path == "prize.enmity":
        if scenario.prize.prize == 0:
            return "there is no prize: prize.prize is 0"
        return "" if len(scenario.nations) > 1 else "there is one nation"
    if path == "cooperation.standard" and used.intersection(STANDARD_IN_RULES):
        return ""
    holds, otherwise = NEEDS.get(path, (lambda facts: True, ""))
    return "" if holds(facts) else otherwise


def why_as_race(scenario: Scenario, profile: Sequence[str], place: int) -> str:
    """Say why a nation's policy does no more than ``race`` would.

    Parameters
    ----------
    scenario : Scenario
        Has the nations, and the number of signatories that a treaty takes.
    profile : sequence of str
        One policy per nation.
    place : int
        Place of the nation among them.

    Returns
    -------
    str
        One line; empty where the policy acts, and for ``race`` itself.

    Examples
    --------
    >>> why_as_race(Scenario.load("duopoly"), ("treaty", "race"), 0)
    'the same as race here: a treaty takes 2 signatories'
    """
    policy = POLICIES[profile[place]]
    racing = (*profile[:place], "race", *profile[place + 1 :])
    if policy == POLICIES["race"] or acting_flags(scenario, tuple(profile)) != acting_flags(scenario, racing):
        return ""
    if policy.signs:
        return f"the same as race here: a treaty takes {scenario.cooperation.treaty_min_signatories:g} signatories"
    return "the same as race here: nobody else shares" if policy.shares_openly else "the same as race here"
