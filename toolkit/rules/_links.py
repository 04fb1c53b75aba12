"""What rules on the links between rows share."""


def astray(intervention, objectives):
    """Tell of each objective that the intervention names whether it belongs to a goal that the intervention does not.

    Nothing is told of an intervention that names all, and an objective that is not there is no link. Of an id that two
    objectives bear either may be meant.
    """
    goals, named = intervention.goals, intervention.objectives
    if "all" in goals or "all" in named:
        return []
    owners = {}
    for objective in objectives:
        owners.setdefault(objective.id, []).append(objective.get("goal"))
    return [all(goal is not None and goal not in goals for goal in owners.get(name) or (None,)) for name in named]
