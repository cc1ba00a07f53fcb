"""Logs as JSON lines with the request id, and the figures of `/metrics`. No personal data in either."""

import logging
import sys
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

registry = CollectorRegistry()

REQUESTS = Counter("jiangtang_requests", "Answered requests", ["method", "route", "status"], registry=registry)
REQUEST_SECONDS = Histogram("jiangtang_request_seconds", "Time to answer", ["route"], registry=registry)
FAULTS = Counter("jiangtang_faults", "Our own faults", ["where"], registry=registry)
SOCKETS = Gauge("jiangtang_sockets", "Open sockets", registry=registry)
SLOW_READERS = Counter("jiangtang_slow_readers", "Sockets closed because they did not read", registry=registry)
OUTBOX_LAG = Gauge("jiangtang_outbox_lag_seconds", "Age of the oldest event not yet reacted to", registry=registry)
LOOP_LAG = Gauge("jiangtang_loop_lag_seconds", "How late the event loop woke last", registry=registry)


def configure_logs(level: str = "INFO", stream: Any = None) -> None:
    """One JSON line an event on standard error."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, stream=stream or sys.stderr)


def log(name: str) -> Any:
    """The logger of a part."""
    return structlog.get_logger(part=name)
