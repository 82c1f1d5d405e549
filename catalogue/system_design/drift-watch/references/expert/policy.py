"""Watches a model in production: mends the pipeline by people, drift by training, and leaves seasons alone."""

from statistics import fmean

BASE_BAD, FALLBACK_BAD, LABEL_SHARE, LABEL_DELAY = 0.05, 0.11, 0.02, 24
LEARN = 168
PROBE = 0.1
NULLS_ABOVE, AGE_ABOVE = 0.012, 45.0
PROXY_FALL, POSITIVE_RISE, SIGNAL_HOURS = 0.022, 0.008, 7
PATIENCE = 34


class Watch:
    """What was seen so far, and what is going on."""

    def __init__(self):
        self.rows = []  # per hour: requests, labelled, bad, proxy, positive, broken, version
        self.nulls = {}
        self.version_since = {}
        self.suspected = None
        self.drift_since = None  # the hour from which labels (by their answers) tell a new world
        self.gradual = False
        self.next_training = None
        self.trained = 0
        self.paged = {}
        self.cooled_until = 0

    def look(self, view):
        broken, stale = self.pipeline(view)
        self.remember(view, broken=bool(broken or stale))
        return broken, stale

    def decide(self, view):
        broken, stale = self.look(view)
        actions = []
        if view["candidate"] is not None:
            actions.append({"action": "promote"})
            self.suspected = None
        actions += self.pages(view, broken, stale)
        self.look_for_drift(view)
        actions += self.train(view)
        actions += self.protect(view, broken, stale)
        return actions

    # what is seen

    def pipeline(self, view):
        broken, stale = "", ""
        for name, reading in view["inputs"].items():
            usual = self.nulls.setdefault(name, [])
            if len(usual) >= 24 and reading["null_rate"] > fmean(usual) + NULLS_ABOVE:
                broken = f"{name}: {reading['null_rate']:.1%} nulls, usually {fmean(usual):.1%}"
            elif len(usual) < LEARN:
                usual.append(reading["null_rate"])
            if reading["age_minutes"] > AGE_ABOVE:
                stale = f"features are {reading['age_minutes']:.0f} minutes old, usually 5"
        return broken, stale

    def remember(self, view, *, broken):
        stable, candidate = view["stable"], view["candidate"] or {"labelled": 0}
        self.version_since.setdefault(stable["name"], view["hour"])
        self.rows.append(
            {
                "requests": stable["requests"],
                "labelled": stable["labelled"],
                "bad": stable["labelled_bad"],
                "all": stable["labelled"] + candidate["labelled"],
                "proxy": stable["proxy"],
                "positive": stable["positive"],
                "broken": broken,
                "name": stable["name"],
            }
        )

    def labels(self, first, last):
        """Labels of stable that arrived from hour `first` to before `last`, but for answers of broken hours."""
        rows = [
            self.rows[at]
            for at in range(max(0, first), min(last, len(self.rows)))
            if not any(self.rows[back]["broken"] for back in range(max(0, at - 26), max(0, at - 22)))
        ]
        return sum(row["bad"] for row in rows), sum(row["labelled"] for row in rows)

    def usual_bad(self):
        bad, all_ = self.labels(LABEL_DELAY, LEARN)
        return bad / all_ if all_ else BASE_BAD

    def young(self, hour):
        """The stable version is too young for labels."""
        return hour - self.version_since[self.rows[-1]["name"]] <= LABEL_DELAY + 1 and self.trained > 0

    # who is called

    def pages(self, view, broken, stale):
        hour, found = view["hour"], []
        if view["page_open"]:
            self.paged["until"] = hour + 2
        if hour < self.paged.get("until", 0):
            return []  # the last hour still shows what was being mended
        if broken:
            found.append({"action": "page", "cause": "broken_features", "reason": broken})
        elif stale:
            found.append({"action": "page", "cause": "stale_features", "reason": stale})
        elif not self.young(hour) and self.unlabelled() and hour >= self.paged.get("labels", 0):
            self.paged["labels"] = hour + 8
            found.append({"action": "page", "cause": "missing_labels", "reason": "under a quarter of the labels for 2 hours"})
        return found

    def unlabelled(self):
        def few(at):
            due = self.rows[at - LABEL_DELAY]
            return due["name"] == self.rows[at]["name"] and self.rows[at]["labelled"] < 0.25 * LABEL_SHARE * due["requests"]

        at = len(self.rows) - 1
        return all(few(each) for each in (at, at - 1)) and self.rows[at - LABEL_DELAY]["requests"] > 15_000

    # drift

    def signals(self):
        """How far the signals of the last hours are from what is usual: proxy below, positives above."""
        last = [row for row in self.rows[-SIGNAL_HOURS:] if row["proxy"] is not None and not row["broken"]]
        if len(last) < SIGNAL_HOURS:
            return 0.0, 0.0
        proxy = fmean(row["proxy"] for row in self.rows[:LEARN] if row["proxy"] is not None)
        week = [(row, self.rows[at - LEARN]) for at, row in enumerate(self.rows) if at >= len(self.rows) - SIGNAL_HOURS and at >= LEARN]
        rises = [row["positive"] - before["positive"] for row, before in week if row["positive"] and before["positive"]]
        return proxy - fmean(row["proxy"] for row in last), fmean(rises) if rises else 0.0

    def look_for_drift(self, view):
        hour = view["hour"]
        fall, rise = self.signals()
        if self.drift_since is None and self.suspected is None and hour > self.cooled_until and fall > PROXY_FALL and rise > POSITIVE_RISE:
            self.suspected = hour
            self.suspicion = f"users' signal fell by {fall:.3f}, positives rose by {rise:.3f}"
        if self.suspected and self.drift_since is None and hour > self.suspected + PATIENCE and not self.blind():
            self.suspected, self.cooled_until = None, hour + 48
        if self.drift_since is None and not self.young(hour):
            self.confirm(hour)

    def blind(self):
        _, labelled = self.labels(len(self.rows) - 6, len(self.rows))
        return labelled < 200

    def confirm(self, hour):
        usual = self.usual_bad()
        for width in (4, 12, 24):
            bad, labelled = self.labels(hour - width, hour)
            if labelled < 300:
                continue
            limit = 5.5 * (usual * (1 - usual) / labelled) ** 0.5 + 0.004
            if bad / labelled > usual + limit:
                self.drift_since = self.began(hour, usual)
                self.reason = f"{bad / labelled:.1%} of {labelled} labels are bad, usually {usual:.1%}"
                after, more = self.labels(hour - 4, hour)
                known_long = self.suspected is not None and hour - self.suspected >= 14
                self.gradual = not known_long and not (more > 300 and after / more > usual + 0.06)
                self.next_training = max(hour, self.drift_since + 5)
                return

    def began(self, hour, usual):
        """The first hour of labels that are of the new kind."""
        since = hour - 1
        for at in range(hour - 1, max(LEARN, hour - 48), -1):
            bad, labelled = self.labels(at - 1, at + 2)
            if labelled and bad / labelled > usual + 0.05:
                since = at
        return since

    def train(self, view):
        hour = view["hour"]
        if self.drift_since is None or self.next_training is None or hour < self.next_training:
            return []
        if view["training_ready_in"] is not None or not view["trainings_left"]:
            return []
        days = (hour - self.drift_since) / 24
        days = min(max(days, 0.12), 0.3 if self.gradual else 2.5)
        self.trained += 1
        waits = (24, 24, 24, 24, 24, 24, 24) if self.gradual else (24, 72)
        self.next_training = hour + waits[self.trained - 1] if self.trained <= len(waits) else None
        return [{"action": "retrain", "days": days, "cause": "drift", "reason": self.reason}]

    # while it lasts

    def protect(self, view, broken, stale):
        drifted = self.drift_since is not None and self.trained <= 1 and not self.ready(view)
        worse = False
        if drifted and not self.gradual:
            worse = True
        wanted, cause, reason = 0.0, "", ""
        if broken:
            wanted, cause, reason = 1.0, "broken_features", broken
        elif worse:
            wanted, cause, reason = 1.0 - PROBE, "drift", self.reason
        elif self.suspected and self.drift_since is None:
            wanted, cause, reason = 1.0 - PROBE, "drift", self.suspicion
        told = {"cause": cause, "reason": reason} if wanted else {}
        actions = []
        if abs(view["fallback_share"] - wanted) > 0.01:
            actions.append({"action": "set_fallback", "share": wanted, **told})
        review = 1.0 if broken or worse or (self.suspected and self.drift_since is None) else 0.0
        if self.drift_since is not None and self.gradual and self.trained <= 1:
            review, told = 1.0, {"cause": "drift", "reason": self.reason}
        if (view["review_share"] > 0) != (review > 0) and view["review_hours_left"]:
            actions.append({"action": "set_review", "share": review, **(told if review else {})})
        return actions

    def ready(self, view):
        return view["stable"]["name"].startswith("retrained") or view["candidate"] is not None


def start(setting, history):
    watch = Watch()
    for view in history:
        watch.look(view)
    return watch


def decide(watch, view):
    return watch.decide(view)
