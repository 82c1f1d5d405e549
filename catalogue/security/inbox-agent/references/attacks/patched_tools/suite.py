def outcome(case, answer):
    return None
