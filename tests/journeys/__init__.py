"""Journeys: a real browser, real media, nothing mocked."""
