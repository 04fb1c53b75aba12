"""What rules on the links between rows share."""


def astray(intervention, objectives):
    """Tell of each objective that the intervention names whether it belongs to a goal that the intervention does not.

    Nothing is told of an intervention that names all, and an objective that is not there is no link.
    """
    goals, named = intervention.goals, intervention.objectives
    if "all" in goals or "all" in named:
        return []
    owners = {objective.id: objective.get("goal") for objective in objectives}
    return [owners.get(name) is not None and owners[name] not in goals for name in named]
