"""Measured work: each script prints the product beside a limit measured in the same run. Loopback only, bounded."""
