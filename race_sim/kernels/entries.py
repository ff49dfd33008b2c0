"""Which kernels Python calls, and with which types: what ``make kernels`` compiles (race_sim/runs/build_kernels.py).

A type is ``f``, ``i``, ``u``, ``b`` for a float, an int, an unsigned int and a bool; ``L``, ``N``, ``W``, ``P`` for a
record of a lab, a nation, the world and the parameters, ``l``, ``n``, ``w`` for those of traces; with the number of its
dimensions for an array, of records or (``F``, ``I``, ``B``) of numbers, and ``r`` where it is only read. What follows
the arrow is returned.
"""

ENTRIES = {
    "races": {
        "run.run_block": "L2 N2 W1 P1",
        "run.run_traced": "L2 N2 W1 P1 l3 n3 w2",
    },
    "starts": {  # what races of either engine begin with: short, so that neither waits for more
        "random.parameter_uniforms": "u I1 i F1",
        "draws.quantiles": "i f f f f f F1r F1",
        "survey.form_groups": "N1 W P",
    },
    "means": {
        "means.gather": "I1r F2r F2r F2r I1 F2 F3 F3",
        "means.merge": "I1 F2 F3 F3 I1r F2r F3r F3r",
        "means.controlled_means": "I1r F2r F3r F3r I1r I1r I1r F1 F1",
        "means.control_runs": "I1r F2r F2r I1r I1r F2",
    },
    "agents": {
        "period.open_period": "W P",
        "survey.open_treaty": "N1 W P",
        "survey.open_lab": "i L1 N1 P",
        "survey.survey_safety": "L1 N1 W",
        "survey.survey_capability": "L1 N1 W",
        "period.is_decision": "W -> b",
        "period.prepare_decisions": "L1 N1 W P",
        "rules.choose_0": "i L1 N1 W P -> f",
        "period.count_decision": "i L1 W",
        "survey.use_share": "i L1 N1 P",
        "period.advance": "i L1 N1 W P",
        "control_sums.count_breakthroughs": "L1 N1 W P",
        "period.spread_breakthroughs": "L1 N1 W P",
        "period.settle": "i L1 N1 W P",
        "period.offer": "i L1 N1 P",
        "period.clear_market": "L1 W P",
        "period.risk_mishap": "i L1 W P",
        "control_sums.count_mishaps": "L1 N1 W",
        "period.survive": "L1 W",
        "period.keep_time": "L1 N1 W",
        "aftermath.pay_lab": "i L1 N1 W P",
        "aftermath.lose_trust": "i L1 W P",
        "aftermath.alarm_researchers": "i L1 W P",
        "control_sums.count_damages": "L1 N1 W P",
        "aftermath.regulate": "i L1 N1 W P",
        "aftermath.finish": "L1 N1 W P",
        "aftermath.monitor": "i N1 W P",
        "aftermath.suspend": "N1 W P",
        "aftermath.pay_nation": "i N1 W P",
        "stage_game.freeze": "L1 N1 W P",
        "stage_game.look": "F1 L1 N1 W P",
        "stage_game.own_objective": "i f L1 N1 W P -> f",
        "stage_game.own_best": "i L1 N1 W P -> ff",
        "stage_game.replies": "F1 L1 N1 W P F1 F1",
        "stage_game.adjust": "F1 B1 F1 f L1 N1 W P F2 -> i",
        "stage_game.climb": "F1 F2 F1 f F1 L1 N1 W P -> f",
        "stage_game.total": "F1 F1 f L1 N1 W P -> f",
    },
    "games": {
        "evolution.pair_log_fixation": "F3r i F1r b F3",
        "evolution.steps_log_fixation": "F2 F1",
        "evolution.log_stationary": "F3 f F2 I2 I2",
        "groups.advantages": "F2r F2r i F2",
        "imitation.run_well_mixed": "u i I1 F2 f f b i i i F2 F1 -> i",
        "imitation.run_on_graph": "u i I1r I1r I1 F2 f f b i F2 -> i",
        "imitation.scatter": "u i I1 I1",
        "tables.resample": "u F2r F2",
        "tables.mark_pure": "F3r I1 B2",
        "tables.list_vertices": "F2r F2 B2 B2 -> i",
        "tables.pair_vertices": "B2r B2r B2r B2r I2 -> i",
        "tables.mark_supports": "F3r I1 I1 B1",
        "population_chain.all_states": "i i I2",
        "population_chain.transitions": "I2 F2 f f b I1 I1 F1 -> i",
        "population_chain.reduce_states": "F2 F1",
        "population_chain.settle": "I1 I1 F1 F1 I1 i F1 i i f -> fi",
    },
}


def signature(text: str) -> tuple[list[str], list[str]]:
    """Read a signature.

    Parameters
    ----------
    text : str
        As in ``ENTRIES``.

    Returns
    -------
    tuple of list of str
        Types of the arguments, and of what is returned.
    """
    takes, _, gives = text.partition("->")
    return takes.split(), list(gives.strip())
