"""A model endpoint for candidates' programs: the OpenAI protocol in front of deterministic behaviours."""
