"""Attacks: what is sent by those who mean no good, and by machines that try everything."""
