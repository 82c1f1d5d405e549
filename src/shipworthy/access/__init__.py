"""Who may do what: organisations, their people, how they sign in, and what programs may do for them."""
