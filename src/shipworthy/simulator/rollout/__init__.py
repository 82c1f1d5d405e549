"""A language in which rollouts are declared, and the policy that carries a declared rollout out."""
