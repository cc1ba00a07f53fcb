"""Tests of the demo academy."""
