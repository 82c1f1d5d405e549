"""The pages of those who hire: roles, assessments, candidates, scorecards, comparisons."""
