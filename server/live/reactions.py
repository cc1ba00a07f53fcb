"""What live classes do when something has happened, for `server.reactions`."""

from server.base.outbox import Reactions
from server.live.publish import session_ended, shut_out, take_key_away
from server.live.staff import STAFF_CHANGED, hang_up
from server.live.steer import AIR_DUE, REHEARSAL_DUE, steer, steer_rehearsal

REACTIONS: Reactions = {
    AIR_DUE: [steer],
    REHEARSAL_DUE: [steer_rehearsal],
    STAFF_CHANGED: [hang_up],
    "encoder_key.revoked": [take_key_away],
    "session.ended": [session_ended],
    "class.shut_out": [shut_out],
}
