"""Faults: real processes killed at named points, their acknowledgements held against what is there afterwards."""
