"""Backup and restore of a whole academy: database, files, recordings, keys, policies."""


class BackupError(Exception):
    """What keeps a backup or a restore from being done, in words for the operator."""
