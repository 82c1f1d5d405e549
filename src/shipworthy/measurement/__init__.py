"""The statistics, pure: weighted scores, posteriors and intervals, agreement, decision consistency."""
