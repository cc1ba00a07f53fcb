"""The regulation as pure functions and data: time, chance and policy are arguments."""
