"""Programs that attack the sandbox and the judge; none may gain anything."""
