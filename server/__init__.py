"""People, rules and records of the academy."""
