"""What a deployment gives its verbs: settings, policies in force, keys and the door to media."""

from dataclasses import dataclass

from media.orders import Orders
from server.base.config import Settings
from server.base.files import Files
from server.rules.policy import Policies


@dataclass(frozen=True, slots=True)
class Services:
    """One per process, made by `app.py`, reached through `Work` and `Ask`."""

    settings: Settings
    policies: Policies
    media_secret: bytes
    identity_key: bytes
    orders: Orders
    files: Files
