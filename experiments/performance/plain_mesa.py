"""The status quo race as a plain Mesa model: agents with attributes, Python floats, no arrays, no compiled code.

The yardstick that the kernels are measured against, as a careful Mesa user would write it, and a third transcription
of the laws of race_sim/MODEL.md, sections 3 to 5. Every nation races, labs keep a fixed share or play best responses,
and the estimator is ``integrated``. Draws are looked up in a table made beforehand, so they cost it next to nothing.
"""

import math
from collections.abc import Callable
from typing import Any

import mesa
import numpy as np
from scipy.optimize import brentq

from race_sim import Scenario
from race_sim.kernels.random import ADVANCE, REGULATE, uniforms

LN10 = math.log(10.0)
TOP_SHARE = 0.95
SCAN = 20  # intervals of the scan for maxima of J


def ten_to(x: float) -> float:
    """10^x, held within 100 orders of magnitude."""
    return math.exp(max(-100.0 * LN10, min(LN10 * x, 100.0 * LN10)))


def table_of_draws(seed: int, run: int, periods: int, labs: int) -> list[list[tuple[float, float]]]:
    """The uniforms of a run: [period][lab] -> (breakthrough, mishap)."""
    key = np.uint64(seed)
    return [[uniforms(key, run, t, i, ADVANCE) for i in range(labs)] for t in range(periods)]


class PlainNation(mesa.Agent):  # type: ignore[misc]
    """A nation that races."""

    def __init__(self, model: "PlainRace", number: int, growth_multiplier: float, catastrophe_cost: float) -> None:
        super().__init__(model)
        self.number = number
        self.growth_multiplier = growth_multiplier
        self.catastrophe_cost = catastrophe_cost
        self.regulation = 0.0
        self.payoff = 0.0
        self.wins = 0.0
        self.labs: list[PlainLab] = []
        self.safety_work = 0.0
        self.outlook_risk = 0.0

    def regulate(self) -> None:
        """3.7: a jump for each mishap that moves it, then decay."""
        model, p = self.model, self.model.p
        level = self.regulation
        for lab in model.labs:
            if lab.mishap:
                home = lab.nation is self
                probability = p["regulation.home_probability" if home else "regulation.abroad_probability"]
                actor = lab.number * len(model.nations) + self.number
                if uniforms(model.key, model.run, model.period, actor, REGULATE)[0] < probability:
                    level += p["regulation.step"] * (1.0 - level)
        self.regulation = level - min(1.0, p["regulation.decay"] * model.dt) * level

    def collect_payoff(self) -> None:
        """5: rivalry over the lead, and the risk of catastrophe that was run."""
        model, p = self.model, self.model.p
        best = max(lab.capability for lab in self.labs)
        rivals = [lab.capability for lab in model.labs if lab.nation is not self]
        lead = max(0.0, best - max(rivals)) if rivals else 0.0
        gained = model.survival * p["nation.rivalry"] * lead * model.dt
        lost = (model.survival_before - model.survival) * self.catastrophe_cost
        self.payoff += (gained - lost) * model.discount


class PlainLab(mesa.Agent):  # type: ignore[misc]
    """A lab."""

    def __init__(self, model: "PlainRace", number: int, nation: PlainNation, best_responds: bool, **start: float):
        super().__init__(model)
        self.number = number
        self.nation = nation
        self.best_responds = best_responds
        self.funding = start["resources"]
        self.risk_perception = start["risk_perception"]
        self.capability = start["capability"]
        self.assurance = start["capability"] - model.p["assurance.initial_gap"]
        self.chosen = self.share = start["share"]
        self.waited = model.p["release.initial"]
        self.deployed = self.capability - model.p["capability.growth_rate"] * nation.growth_multiplier * self.waited
        self.tested, self.alarm = 0.0, model.p["alarm.start"]
        self.boost = self.trust = 1.0
        self.payoff = self.mishaps = 0.0
        self.mishap = self.breakthrough = False
        self.resources = self.effort_at_zero = self.safety_work = 0.0
        self.projected: tuple[float, float, float, float, float] = (0.0,) * 5
        self.wanted = 0.0

    def open_period(self) -> None:
        """3.1 and the share in use."""
        p = self.model.p
        self.resources = self.funding * self.boost * self.trust ** p["trust.investment_elasticity"]
        self.effort_at_zero = self.resources * (1.0 - p["regulation.burden"] * self.nation.regulation)
        self.use_share()

    def floor(self) -> float:
        """The share that regulation, or the lab's own researchers, force."""
        p = self.model.p
        return float(max(p["regulation.floor"] * self.nation.regulation, p["alarm.voice"] * self.alarm))

    def use_share(self) -> None:
        """The share chosen, or its floor; and the delay, or that which regulation forces."""
        p = self.model.p
        self.share = min(TOP_SHARE, max(self.chosen, self.floor()))
        self.safety_work = self.share * self.resources
        self.delay = max(self.waited, p["release.shortest"], p["release.regulated"] * self.nation.regulation)

    def exposure(self) -> float:
        """3.10: the part of the time that whistle-blowers have the lab exposed."""
        p = self.model.p
        tips = p["alarm.whistle"] * self.alarm * p["alarm.exposure"]
        return float(tips / (1.0 + tips))

    def findings(self) -> float:
        """3.9: what testing for the lab's delay assures in the long run, OOM."""
        p = self.model.p
        return float(p["release.test_yield"] * (1.0 - math.exp(-self.delay / p["release.test_time"])))

    def unassured(self) -> float:
        """3.9: the gap of what is deployed."""
        return max(0.0, self.deployed - self.assurance - self.tested)

    def released(self) -> tuple[float, float, float]:
        """4: what is deployed of a projected capability k is (first k + second); testing has assured the third."""
        horizon = self.model.p["lab.planning_horizon"]
        if self.delay <= 0.0:
            return 1.0, 0.0, 0.0
        left = math.exp(-horizon / self.delay)
        counted = self.model.reach + self.model.p["lab.foresight"] * (horizon - self.model.reach)
        kept = min(1.0, self.delay * (1.0 - left) / counted)
        held = self.capability * kept - (self.capability - self.deployed) * left
        return 1.0 - kept, held, self.findings() * (1.0 - left) + self.tested * left

    def growth(self, drive: float) -> float:
        """3.2: own growth, OOM per year."""
        p = self.model.p
        rate = p["capability.growth_rate"] * self.nation.growth_multiplier
        return rate * drive * ten_to(-p["capability.idea_difficulty"] * self.capability)

    def absorbed(self, part: float) -> float:
        """3.2: how much of what flows in is taken in, at a drive of the idle share."""
        absorption = self.model.p["capability.absorption"]
        return 1.0 - absorption * (1.0 - part)

    def speed(self) -> float:
        """3.2: growth of capability at the share in use, OOM per year."""
        elasticity = self.model.p["capability.effort_elasticity"]
        own = self.growth(((1.0 - self.share) * self.effort_at_zero) ** elasticity)
        return own + self.drift() * self.absorbed((1.0 - self.share) ** elasticity)

    def drift(self) -> float:
        """3.2: what flows in from the frontier, OOM per year."""
        return self.model.p["capability.diffusion_rate"] * (self.model.frontier - self.capability)

    def spill(self) -> float:
        """3.3: safety work of others that also counts."""
        p, home = self.model.p, self.nation.safety_work
        near = p["assurance.domestic_spillover"] * (home - self.safety_work)
        return max(0.0, near + p["assurance.foreign_spillover"] * (self.model.safety_work - home))

    def lift(self, work: float) -> float:
        """3.3: growth of assurance, OOM per year."""
        p = self.model.p
        hardness = ten_to(-p["assurance.difficulty"] * self.capability)
        return p["assurance.growth_rate"] * work ** p["assurance.elasticity"] * hardness

    def reliability(self, capability: float) -> float:
        """3.6: how much of the gap buyers see."""
        p = self.model.p
        unexposed = max(0.0, p["market.measurement_reliability"] - p["market.wear"] * max(0.0, capability))
        return self.exposure() + (1.0 - self.exposure()) * unexposed

    def doubted(self, gap: float) -> float:
        """4: the gap that a lab expects, which it does not know to the digit."""
        doubt = self.model.p["lab.doubt"]
        return float(doubt * np.logaddexp(0.0, gap / doubt)) if doubt > 0.0 else max(0.0, gap)

    def hardening(self) -> float:
        """4: mean of 10^(-difficulty k) while capability rises as foreseen, over its value now."""
        harder = LN10 * self.model.p["assurance.difficulty"] * self.foreseen
        return (1.0 - math.exp(-harder)) / harder if harder > 1e-9 else 1.0

    def damped(self, risk: float) -> float:
        """3.5: the risk of a gap under the ceiling of the hazard."""
        p = self.model.p
        return risk / (1.0 + risk * p["incidents.mishap_hazard"] / p["incidents.hazard_ceiling"])

    def severity(self, capability: float) -> float:
        """3.5: probability that a mishap is a catastrophe."""
        p = self.model.p
        return min(1.0, p["incidents.catastrophe_probability"] * ten_to(p["incidents.severity_growth"] * capability))

    def project(self) -> None:
        """4: the lab over its planning horizon at the share that it has."""
        p, model = self.model.p, self.model
        capability = self.capability + self.speed() * model.reach + model.foreseen
        self.foreseen = p["lab.foresight"] * (capability - self.capability)
        lift = p["lab.planning_horizon"] * self.lift(self.safety_work + self.spill()) * self.hardening()
        part, held, tested = self.released()
        capability = part * capability + held
        gap = self.doubted(capability - (self.assurance + lift) - tested)
        quality = capability - p["market.safety_premium"] * self.reliability(capability) * gap
        risk = self.damped(ten_to(p["incidents.gap_sensitivity"] * gap) - 1.0)
        self.projected = (capability, quality, risk, self.severity(capability), 0.0)

    def decide(self) -> None:
        """Choose a share; it takes effect when all have chosen."""
        self.wanted = self.best_response() if self.best_responds else self.chosen

    def adopt(self) -> None:
        """Use the share that was chosen."""
        self.chosen = self.wanted
        self.use_share()

    def best_response(self) -> float:
        """4: the share with the largest J."""
        objective, kinks = self.objective()
        return maximise(objective, kinks, self.floor())

    def objective(self) -> tuple[Callable[[float], tuple[float, float]], list[float]]:
        """4: J and J' as a function of the share, and where J has a kink that a scan can miss."""
        p, model = self.model.p, self.model
        k0, a0, trust, resources, spill = self.capability, self.assurance, self.trust, self.resources, self.spill()
        horizon, reach, reference = p["lab.planning_horizon"], model.reach, model.outlook_reference
        elasticity, elasticity_a = p["capability.effort_elasticity"], p["assurance.elasticity"]
        growth, drift = self.growth(self.effort_at_zero**elasticity), self.drift()
        lift_rate = horizon * self.lift(1.0) * self.hardening()
        released, held, tested = self.released()
        exposed = self.exposure()
        ahead, doubt, taken = model.foreseen, p["lab.doubt"], p["capability.absorption"] * drift
        ceiling, perception = p["incidents.hazard_ceiling"], p["lab.planning_horizon"] * self.risk_perception
        seen_at_start = max(0.0, p["market.measurement_reliability"])
        decay, premium, selectivity = (
            p["market.wear"],
            p["market.safety_premium"],
            p["market.selectivity"],
        )
        _, _, own_risk, own_severity, own_pull = self.projected
        rivals_pull = max(0.0, model.outlook_pull - own_pull)
        rivals_trust = max(0.0, model.outlook_trust - own_pull * trust)
        rate = p["incidents.mishap_hazard"]
        home = rate * max(0.0, self.nation.outlook_risk - own_pull * own_risk)
        abroad = rate * max(0.0, model.outlook_risk - self.nation.outlook_risk)
        doom = rate * max(0.0, model.outlook_doom - own_pull * own_risk * own_severity)
        rivals_best = max((lab.projected[0] for lab in model.labs if lab is not self), default=-1e300)
        sensitivity, severity_growth = p["incidents.gap_sensitivity"], p["incidents.severity_growth"]
        worst = p["incidents.catastrophe_probability"]
        loss, jump = p["trust.mishap_loss"], p["regulation.burden"] * p["regulation.step"]
        home_jump, abroad_jump = jump * p["regulation.home_probability"], jump * p["regulation.abroad_probability"]
        shared = loss * p["trust.commons_share"]
        own_weight, others = loss + home_jump, (shared + home_jump) * home + (shared + abroad_jump) * abroad
        fear, liability, stake = p["lab.anticipation"] * horizon, p["lab.liability"], p["lab.catastrophe_stake"]
        market_size, market_growth = p["market.size"], p["market.growth"]
        exp = math.exp

        def evaluate(x: float) -> tuple[float, float]:
            idle = 1.0 - x
            part = idle**elasticity
            grown = growth * part
            k = k0 + (grown + drift * self.absorbed(part)) * reach + ahead
            k = released * k + held
            k_x = -elasticity * (grown + taken * part) * reach / idle * released
            work = x * resources + spill
            lift = lift_rate * work**elasticity_a
            lift_x = elasticity_a * lift * resources / work if work > 0.0 else 1e9
            open_gap = k - (a0 + lift) - tested
            gap, gap_x = self.doubted(open_gap), k_x - lift_x if open_gap > 0.0 else 0.0
            if doubt > 0.0:
                gap_x = (k_x - lift_x) / (1.0 + exp(min(700.0, -open_gap / doubt)))
            seen, seen_x = seen_at_start, 0.0
            if k > 0.0:
                seen, seen_x = seen - decay * k, -decay * k_x
                if seen <= 0.0:
                    seen, seen_x = 0.0, 0.0
            seen, seen_x = exposed + (1.0 - exposed) * seen, (1.0 - exposed) * seen_x
            quality = k - premium * seen * gap
            quality_x = k_x - premium * (seen * gap_x + seen_x * gap)
            pull = max(trust, 1e-12) * ten_to(selectivity * (quality - reference))
            pull_x = pull * LN10 * selectivity * quality_x
            scale = 1.0 / (pull + rivals_pull)
            scale_x = -scale * scale * pull_x
            share, share_x = pull * scale, rivals_pull * scale * scale * pull_x
            risk = ten_to(sensitivity * gap) - 1.0
            damp = 1.0 / (1.0 + risk * rate / ceiling)
            risk_x = LN10 * sensitivity * (risk + 1.0) * gap_x * damp * damp
            risk *= damp
            hazard, hazard_x = rate * share * risk, rate * (share_x * risk + share * risk_x)
            grave = min(1.0, worst * ten_to(severity_growth * k))
            grave_x = LN10 * severity_growth * grave * k_x if grave < 1.0 else 0.0
            survival = exp(-perception * (hazard * grave + doom * scale))
            survival_x = -survival * perception * (hazard_x * grave + hazard * grave_x + doom * scale_x)
            future = 1.0 - fear * (own_weight * hazard + others * scale)
            future_x = -fear * (own_weight * hazard_x + others * scale_x)
            if future <= 0.0:
                future = future_x = 0.0
            trusted = pull * trust + rivals_trust
            per_trust = market_size * ten_to(market_growth * max(k, rivals_best))
            value = per_trust * (trusted * scale)
            value_x = per_trust * (pull_x * trust * scale + trusted * scale_x)
            if k > rivals_best:
                value_x += value * LN10 * market_growth * k_x
            revenue, revenue_x = value * share, value_x * share + value * share_x
            margin = survival * future - liability * hazard * (1.0 - grave)
            damages_x = liability * (hazard_x * (1.0 - grave) - hazard * grave_x)
            margin_x = survival_x * future + survival * future_x - damages_x
            return (
                horizon * revenue * margin - (1.0 - survival) * stake,
                horizon * (revenue_x * margin + revenue * margin_x) + survival_x * stake,
            )

        # the share at which the lab falls level with its best rival
        part = (((rivals_best - held) / released - k0 - ahead) / reach - drift + taken) / (growth + taken)
        return evaluate, [1.0 - part ** (1.0 / elasticity)] if 0.0 < part < 1.0 else []

    def advance(self) -> None:
        """3.2 to 3.4: the next capability and assurance, from the state at the start of the period."""
        p, model = self.model.p, self.model
        effort = (1.0 - self.share) * self.resources * (1.0 - p["regulation.burden"] * self.nation.regulation)
        drive = effort ** p["capability.effort_elasticity"]
        self.next_capability = self.capability + self.speed() * model.dt
        self.next_assurance = self.assurance + model.dt * self.lift(self.safety_work + self.spill())
        draw, self.luck = model.draws[model.period][self.number]
        self.breakthrough = draw < -math.expm1(-p["breakthrough.rate"] * drive * model.dt)
        if self.breakthrough:
            self.next_capability += p["breakthrough.size"]
        self.next_assurance = min(self.next_assurance, self.next_capability)

    def settle(self) -> None:
        """Take the step; boosts decay, then everybody's breakthroughs multiply them."""
        p, model = self.model.p, self.model
        self.capability, self.assurance = self.next_capability, self.next_assurance
        self.deployed = self.capability - (self.capability - self.deployed) * self.delay / (self.delay + model.dt)
        self.tested += (self.findings() - self.tested) * model.dt / (self.delay + model.dt)
        boost = self.boost + min(1.0, p["breakthrough.boost_decay"] * model.dt) * (1.0 - self.boost)
        for lab in model.broke_through:
            if lab is self:
                boost *= 1.0 + p["breakthrough.investment_boost"]
            else:
                if lab.nation is not self.nation:
                    boost *= 1.0 + p["breakthrough.rival_response"]
                drawn = p["breakthrough.talent_drain"] * p["breakthrough.investment_boost"] * lab.resources
                boost *= max(0.0, 1.0 - drawn / (model.resources - lab.resources))
        self.boost = min(boost, p["breakthrough.boost_cap"])

    def offer(self) -> None:
        """3.6: perceived quality."""
        premium = self.model.p["market.safety_premium"]
        self.quality = self.deployed - premium * self.reliability(self.deployed) * self.unassured()

    def risk_mishap(self) -> None:
        """3.5: the hazard, and whether an ordinary mishap happens."""
        p, model = self.model.p, self.model
        risk = self.damped(ten_to(p["incidents.gap_sensitivity"] * self.unassured()) - 1.0)
        self.hazard = p["incidents.mishap_hazard"] * self.market_share * risk
        severity = self.severity(self.deployed)
        probability = -math.expm1(-self.hazard * model.dt)
        self.catastrophe = probability * severity
        self.mishap = self.luck < probability * (1.0 - severity) / (1.0 - self.catastrophe)

    def collect_payoff(self) -> None:
        """5: revenue less damages."""
        p, model = self.model.p, self.model
        revenue = model.market_value * self.market_share
        earned = revenue * model.dt - p["lab.liability"] * revenue * self.mishap
        self.payoff += earned * model.survival * model.discount
        self.nation.payoff += earned * model.survival * model.discount
        self.mishaps += model.survival * self.mishap

    def lose_trust(self) -> None:
        """3.7: losses, then recovery."""
        p, model = self.model.p, self.model
        for _ in range(model.mishaps_now - self.mishap):
            self.trust *= 1.0 - p["trust.commons_share"] * p["trust.mishap_loss"]
        if self.mishap:
            self.trust *= 1.0 - p["trust.mishap_loss"]
        rest = min(1.0, 1.0 - p["alarm.unease"] * (model.mean_alarm - p["alarm.start"]))
        self.trust += min(1.0, p["trust.recovery"] * model.dt) * (rest - self.trust)

    def alarm_researchers(self) -> None:
        """3.10: jolts by mishaps anywhere, then towards what the gap warrants."""
        p, model = self.model.p, self.model
        for _ in range(model.mishaps_now):
            self.alarm += p["alarm.jolt"] * (1.0 - self.alarm)
        warranted = 1.0 - ten_to(-p["alarm.sensitivity"] * (self.capability - self.assurance))
        self.alarm += min(1.0, p["alarm.rate"] * model.dt) * (warranted - self.alarm)


class PlainRace(mesa.Model):  # type: ignore[misc]
    """A race without draws of parameters, in which every nation races."""

    def __init__(self, scenario: Scenario, seed: int = 0, run: int = 0) -> None:
        super().__init__(rng=seed)
        self.p: dict[str, Any] = {parameter.path: parameter.value for parameter in scenario.parameters()}
        self.key, self.run = np.uint64(seed), run
        self.draws = table_of_draws(seed, run, scenario.periods, len(scenario.labs))
        self.dt, self.periods, self.interval = scenario.period_length, scenario.periods, scenario.periods_per_decision
        self.period = 0
        self.survival = self.survival_before = 1.0
        self.finished = False
        horizon, rate = self.p["lab.planning_horizon"], self.p["capability.diffusion_rate"]
        self.reach = -math.expm1(-rate * horizon) / rate if rate > 0.0 else horizon
        self.nations = [
            PlainNation(
                self,
                n,
                self.p[f"nations.{name}.growth_multiplier"],
                self.p.get(f"nations.{name}.catastrophe_cost", self.p["nation.catastrophe_cost"]),
            )
            for n, name in enumerate(scenario.nations)
        ]
        homes = dict(zip(scenario.nations, self.nations, strict=True))
        for number, (name, lab) in enumerate(scenario.labs.items()):
            lag = self.p[f"nations.{lab.nation}.lag"] / 12.0 * self.p["capability.growth_rate"]
            start = {
                "capability": self.p[f"labs.{name}.capability"] - lag,
                "resources": self.p[f"labs.{name}.resources"],
                "risk_perception": self.p[f"labs.{name}.risk_perception"],
                "share": self.p.get(f"labs.{name}.initial_share", self.p["lab.initial_share"]),
            }
            best_responds = (lab.rule or scenario.lab.rule) == "best_response"
            homes[lab.nation].labs.append(PlainLab(self, number, homes[lab.nation], best_responds, **start))
        self.labs = self.agents_by_type[PlainLab]

    def total_safety(self) -> None:
        """Safety work per nation and in the world."""
        for nation in self.nations:
            nation.safety_work = sum(lab.safety_work for lab in nation.labs)
        self.safety_work = sum(nation.safety_work for nation in self.nations)

    def form_outlook(self) -> None:
        """4: everybody projected at the last shares."""
        p = self.p
        first = max(self.labs, key=lambda lab: lab.capability)
        self.foreseen = p["lab.foresight"] * first.speed() * (p["lab.planning_horizon"] - self.reach)
        self.labs.do("project")
        self.outlook_reference = max(lab.projected[1] for lab in self.labs)
        self.outlook_pull = self.outlook_trust = self.outlook_doom = 0.0
        for nation in self.nations:
            nation.outlook_risk = 0.0
        for lab in self.labs:
            capability, quality, risk, severity, _ = lab.projected
            pull = max(lab.trust, 1e-12) * ten_to(p["market.selectivity"] * (quality - self.outlook_reference))
            lab.projected = (capability, quality, risk, severity, pull)
            self.outlook_pull += pull
            self.outlook_trust += pull * lab.trust
            self.outlook_doom += pull * risk * severity
            lab.nation.outlook_risk += pull * risk
        self.outlook_risk = sum(nation.outlook_risk for nation in self.nations)

    def clear_market(self) -> None:
        """3.6: market shares and the value of the market."""
        p = self.p
        reference = max(lab.quality for lab in self.labs)
        pulls = [
            max(lab.trust, 1e-12) * ten_to(p["market.selectivity"] * (lab.quality - reference)) for lab in self.labs
        ]
        total = sum(pulls)
        mean_trust = 0.0
        for lab, pull in zip(self.labs, pulls, strict=True):
            lab.market_share = pull / total
            mean_trust += lab.market_share * lab.trust
        self.frontier = max(lab.capability for lab in self.labs)
        self.mean_alarm = sum(lab.market_share * lab.alarm for lab in self.labs)
        best = max(lab.deployed for lab in self.labs)
        self.market_value = p["market.size"] * ten_to(p["market.growth"] * best) * mean_trust

    def finish(self) -> None:
        """3.8: the prize goes to the first over the threshold."""
        p = self.p
        if self.finished or self.frontier < p["prize.threshold"]:
            return
        self.finished = True
        prize = self.survival * self.discount * p["prize.prize"]
        first = [lab for lab in self.labs if lab.capability == self.frontier]
        for lab in first:
            lab.nation.wins += self.survival / len(first)
            lab.nation.payoff += prize * p["prize.enmity"] / len(first)
        for nation in self.nations:
            nation.payoff += prize * (1.0 - p["prize.enmity"])

    def step(self) -> None:
        """One period."""
        self.discount = math.exp(-self.p["nation.discount_rate"] * (self.period + 1) * self.dt)
        self.frontier = max(lab.capability for lab in self.labs)
        self.labs.do("open_period")
        self.resources = sum(lab.resources for lab in self.labs)
        self.total_safety()
        if self.period % self.interval == 0:
            if any(lab.best_responds for lab in self.labs):
                self.form_outlook()
            self.labs.do("decide")
            self.labs.do("adopt")
            self.total_safety()
        self.labs.do("advance")
        self.broke_through = [lab for lab in self.labs if lab.breakthrough]
        self.labs.do("settle")
        self.labs.do("offer")
        self.clear_market()
        self.labs.do("risk_mishap")
        self.survival_before = self.survival
        for lab in self.labs:
            self.survival *= 1.0 - lab.catastrophe
        self.mishaps_now = sum(lab.mishap for lab in self.labs)
        self.labs.do("collect_payoff")
        self.labs.do("lose_trust")
        self.labs.do("alarm_researchers")
        for nation in self.nations:
            nation.regulate()
        self.finish()
        for nation in self.nations:
            nation.collect_payoff()
        self.period += 1

    def run_model(self) -> None:
        """Step to the horizon."""
        while self.period < self.periods:
            self.step()


def maximise(evaluate: Callable[[float], tuple[float, float]], kinks: list[float], floor: float) -> float:
    """The share in [floor, 0.95] with the largest J: a scan of J', and the root of each fall through 0."""
    low = min(floor, TOP_SHARE)
    shares = [low + (TOP_SHARE - low) * n / SCAN for n in range(SCAN + 1)]
    shares += [side for kink in kinks for side in (kink - 1e-10, kink + 1e-10) if low < side < TOP_SHARE]
    shares.sort()
    result = [evaluate(share) for share in shares]
    candidates = [(value, share) for share, (value, _) in zip(shares, result, strict=True)]
    for n in range(len(shares) - 1):
        if result[n][1] > 0.0 > result[n + 1][1]:
            share = brentq(lambda x: evaluate(x)[1], shares[n], shares[n + 1], xtol=1e-13)
            candidates.append((evaluate(share)[0], share))
    return max(candidates, key=lambda candidate: (candidate[0], -candidate[1]))[1]


def difference(race: PlainRace, labs: Any, nations: Any, world: Any) -> float:
    """Largest relative difference from the same run's records at its end (absolute below 0.001)."""
    pairs = [(race.survival, world["survival"])]
    for name in ("capability", "assurance", "share", "trust", "boost", "market_share", "payoff", "mishaps"):
        pairs += [(getattr(lab, name), labs[name][i]) for i, lab in enumerate(race.labs)]
    for name in ("payoff", "regulation", "wins"):
        pairs += [(getattr(nation, name), nations[name][n]) for n, nation in enumerate(race.nations)]
    return float(max(abs(a - b) / max(abs(b), 1e-3) for a, b in pairs))
