"""When this has happened, do that: everything that follows from something else, on one page."""

from server.attendance import check, close
from server.base.outbox import Reactions
from server.forum import settle
from server.hours import credit
from server.live import reactions as live
from server.moderation import pictures
from server.notices import threads, told, told_topic_class
from server.people import news, reset
from server.topic_classes import completion

REACTIONS: Reactions = {
    # people
    "session.ended": [news.tell_session_ended, *live.REACTIONS["session.ended"]],
    "person.changed": [news.tell_person_changed],
    "reset.asked": [reset.send_code],
    "password.changed": [told.password_changed],
    "device.added": [told.device_added],
    # live classes
    "class.air_due": live.REACTIONS["class.air_due"],
    "class.rehearsal_due": live.REACTIONS["class.rehearsal_due"],
    "class.staff_changed": live.REACTIONS["class.staff_changed"],
    "class.shut_out": live.REACTIONS["class.shut_out"],
    "class.moved": [told.class_moved],
    "class.cancelled": [told.class_cancelled, completion.class_cancelled],
    "recording.ready": [told.recording_ready],
    "encoder_key.revoked": live.REACTIONS["encoder_key.revoked"],
    # from the end of a class to the hours of its learners
    "class.ended": [close.class_ended],
    "class.air_changed": [close.air_changed],
    "attendance.due": [close.assess_due],
    "attendance.closed": [credit.on_attendance_closed, completion.attendance_closed, told.attendance_closed],
    "hours.credited": [told.hours_credited],
    "question.answered": [told.question_answered],
    "exemption.given": [told.exemption_given],
    "exemption.withdrawn": [told.exemption_withdrawn],
    # who speaks is there
    "post.written": [check.spoke, threads.post_changed, completion.post_changed],
    # what is decided about a post or its author
    "post.decided": [settle.post_changed, told.post_decided, threads.post_changed, completion.post_changed],
    "post.changed": [settle.post_changed, threads.post_changed, completion.post_changed],
    "picture.forgotten": [pictures.delete_file],
    "review.settled": [told.review_settled],
    "sanction.begun": [told.sanction_begun],
    # topic classes
    "topic_class.enrolled": [told_topic_class.to_one, completion.joined],
    "topic_class.admitted": [told_topic_class.to_one, completion.joined],
    "topic_class.due": [completion.judge_due],
    "topic_class.completed": [told_topic_class.to_one],
    "topic_class.assessed": [credit.on_topic_class_assessed],
    "topic_class.settled": [credit.on_topic_class_settled],
    "topic_class.reminded": [told_topic_class.to_named],
    "topic_class.announced": [told_topic_class.to_members],
    "topic_class.ended": [told_topic_class.to_members],
}
