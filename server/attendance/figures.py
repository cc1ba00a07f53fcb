"""Figures of attendance for `/metrics`; no personal data."""

from prometheus_client import Counter, Gauge, Histogram

from server.base.observe import registry

BEATS = Counter("jiangtang_beats", "Beats by verdict", ["verdict"], registry=registry)
ACK_SECONDS = Histogram(
    "jiangtang_beat_ack_seconds",
    "Time from a message of beats to its acknowledgement",
    buckets=(0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.25, 0.5, 1, 2.5, 5),
    registry=registry,
)
SEATS = Gauge("jiangtang_seats", "Stays held in memory", registry=registry)
CHECKS = Counter("jiangtang_presence_checks", "Presence checks by outcome", ["outcome"], registry=registry)
STALLS = Counter("jiangtang_player_stalls", "Stalls that players reported", registry=registry)
LATENCY = Histogram(
    "jiangtang_player_latency_seconds",
    "Latency behind the live edge that players reported",
    buckets=(1, 1.5, 2, 3, 5, 10, 30, 120),
    registry=registry,
)
