"""Calendars (RFC 5545): a file for each class, and an address for each person that calendar programs ask again."""
