"""What an operator sees of the media process (Prometheus text format)."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from media.classes import Classes
from media.connections import Connections
from media.journal import Journal
from media.studio import Studio


class MediaCollector(Collector):
    """Reads the figures when they are asked for."""

    def __init__(self, studio: Studio, classes: Classes, journal: Journal, connections: Connections) -> None:
        self._studio, self._classes = studio, classes
        self._journal, self._connections = journal, connections

    def collect(self) -> Iterable[Metric]:
        present = self._studio.present
        on_air = sum(stream.on_air for stream in self._classes.all)
        yield GaugeMetricFamily("media_publishers", "Publishers that are connected", len(present))
        yield GaugeMetricFamily("media_streams_on_air", "Classes that are being cut", on_air)
        yield GaugeMetricFamily("media_events_waiting", "Events the server hasn't answered", self._journal.waiting)
        yield GaugeMetricFamily("media_connections", "HTTP connections", self._connections.count)
        kbps = GaugeMetricFamily("media_publisher_kbps", "What a publisher sends", labels=["stream"])
        loss = GaugeMetricFamily("media_publisher_loss", "Share of packets lost for good", labels=["stream"])
        for publisher in present:
            if publisher.reading is not None:
                kbps.add_metric([publisher.leave.stream], publisher.reading.kbps)
                loss.add_metric([publisher.leave.stream], publisher.reading.loss)
        yield kbps
        yield loss


class Metrics:
    """The text of `/metrics`."""

    def __init__(self, collector: MediaCollector) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(collector)

    def text(self) -> bytes:
        return generate_latest(self._registry)
