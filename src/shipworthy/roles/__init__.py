"""From a job description to a role profile, its warnings and its blueprint."""
