"""The shipped deployment, started on loopback and walked through."""
