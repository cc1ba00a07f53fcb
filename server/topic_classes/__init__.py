"""Topic classes: planned and held by a class teacher, with a roster, modules and a completion rule (rules §3.8)."""
