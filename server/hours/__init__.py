"""Learning hours: credit, correct, explain, audit (Articles 9, 10, 13)."""
