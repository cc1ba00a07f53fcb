"""Set-up of this folder on a fresh computer; standard library only."""
