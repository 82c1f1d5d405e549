"""The pages of sign-in, of people and what they may do, of tokens and of letters."""
