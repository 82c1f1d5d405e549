"""The pages of candidates: the link, the code, consent, the tasks, and their own report."""
