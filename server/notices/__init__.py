"""Notices 提醒: what the platform tells one person (rules §1 `alert`)."""
