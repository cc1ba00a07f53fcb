"""Streams: takes a lecturer's packets in, hands learners parts of a class; knows no people."""
