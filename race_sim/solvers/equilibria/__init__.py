"""How any finite game is solved: equilibria with their errors, their stability, leaders, treaties, classes.

Everything takes a ``race_sim.Game``, published or simulated. Where payoffs are estimated, results say how sure
they are, by resampling the runs behind the payoffs.
"""

from race_sim.solvers.equilibria.bootstrap import bootstrap_payoffs
from race_sim.solvers.equilibria.classification import CLASSES, Classification, classify, subgame_classes
from race_sim.solvers.equilibria.coalitions import Treaty, treaty_stability
from race_sim.solvers.equilibria.cycles import BestReplyPath, best_reply_cycle
from race_sim.solvers.equilibria.dominance import Dominated, Elimination, iterated_elimination, strictly_dominated
from race_sim.solvers.equilibria.equilibrium import Equilibrium
from race_sim.solvers.equilibria.five_factors import CooperationFactors, cooperation_factors
from race_sim.solvers.equilibria.leadership import Stackelberg, stackelberg
from race_sim.solvers.equilibria.nash import EquilibriumSet, nash_equilibria
from race_sim.solvers.equilibria.quantal_response import QuantalResponse, quantal_response_path
from race_sim.solvers.equilibria.regret import expected_payoffs, exploitability
from race_sim.solvers.equilibria.repeated import CriticalDiscountFactor, critical_discount_factor
from race_sim.solvers.equilibria.stability import evolutionarily_stable, payoff_dominant, risk_dominant
from race_sim.solvers.equilibria.welfare import PriceOfAnarchy, SocialOptimum, price_of_anarchy, social_optimum

__all__ = [
    "CLASSES",
    "BestReplyPath",
    "Classification",
    "CooperationFactors",
    "CriticalDiscountFactor",
    "Dominated",
    "Elimination",
    "Equilibrium",
    "EquilibriumSet",
    "PriceOfAnarchy",
    "QuantalResponse",
    "SocialOptimum",
    "Stackelberg",
    "Treaty",
    "best_reply_cycle",
    "bootstrap_payoffs",
    "classify",
    "cooperation_factors",
    "critical_discount_factor",
    "evolutionarily_stable",
    "expected_payoffs",
    "exploitability",
    "iterated_elimination",
    "nash_equilibria",
    "payoff_dominant",
    "price_of_anarchy",
    "quantal_response_path",
    "risk_dominant",
    "social_optimum",
    "stackelberg",
    "strictly_dominated",
    "subgame_classes",
    "treaty_stability",
]
