"""Tests of people: who somebody is, how they come in, what they may do."""
