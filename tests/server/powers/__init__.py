"""Every route and message against every role and every place in the organisation (rules §8)."""
