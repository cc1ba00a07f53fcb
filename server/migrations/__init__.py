"""The history of the database's shape; each step is written out and never edited after a release."""
