"""The closed list of what every noun stands on."""
