"""WebRTC: takes a publisher's offer, its datagrams and its packets, hands on encoded pictures and packets of sound."""
