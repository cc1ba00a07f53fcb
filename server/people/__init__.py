"""Accounts, sign-in, roster, units and roles: one account a person, by real name (Articles 8, 16)."""
