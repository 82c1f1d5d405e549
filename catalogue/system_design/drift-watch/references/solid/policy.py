"""Labels decide: a cumulative sum of bad answers against the first week. People are called for the pipeline."""

from math import sqrt


class Watch:
    def __init__(self):
        self.bad = self.labelled = 0
        self.height = 0.0
        self.silent = 0
        self.again = None

    def decide(self, view):
        hour, stable, actions = view["hour"], view["stable"], []
        if view["candidate"] is not None:
            actions.append({"action": "promote"})
            self.height = 0.0
        actions += self.pages(view)
        usual = self.bad / self.labelled
        if stable["labelled"]:
            deviate = (stable["labelled_bad"] - stable["labelled"] * usual) / sqrt(stable["labelled"] * usual * (1 - usual))
            self.height = max(0.0, self.height + deviate - 1.0)
        if view["training_ready_in"] is not None or not view["trainings_left"]:
            return actions
        reason = f"labels are worse than the usual {usual:.1%}: cumulative sum {self.height:.0f}"
        if self.height > 12.0:
            self.height, self.again = 0.0, hour + 72
            actions.append({"action": "retrain", "days": 1.0, "cause": "drift", "reason": reason})
        elif self.again is not None and hour >= self.again:
            self.again = None
            actions.append({"action": "retrain", "days": 3.0, "cause": "drift", "reason": "3 days of new labels"})
        return actions

    def pages(self, view):
        stable = view["stable"]
        self.silent = self.silent + 1 if stable["labelled"] < 75 and stable["age_hours"] > 30 else 0
        if view["page_open"]:
            return []
        nulls = max((reading["null_rate"] for reading in view["inputs"].values()), default=0.0)
        age = max((reading["age_minutes"] for reading in view["inputs"].values()), default=0.0)
        if nulls > 0.05:
            return [{"action": "page", "cause": "broken_features", "reason": f"{nulls:.0%} nulls"}]
        if age > 120:
            return [{"action": "page", "cause": "stale_features", "reason": f"features are {age:.0f} minutes old"}]
        if self.silent == 12:
            return [{"action": "page", "cause": "missing_labels", "reason": "no labels for 12 hours"}]
        return []


def start(setting, history):
    watch = Watch()
    watch.bad = sum(view["stable"]["labelled_bad"] for view in history)
    watch.labelled = sum(view["stable"]["labelled"] for view in history)
    return watch


def decide(watch, view):
    return watch.decide(view)
