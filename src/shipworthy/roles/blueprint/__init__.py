"""The blueprint: which tasks a candidate for a role gets, within a time limit."""
