"""Low-latency HLS by RFC 8216bis: where to cut, the bytes of a cut, the lists that name them, the readers that wait."""
