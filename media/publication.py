"""One publisher's run: watches for a key picture to go on air with, and for what breaks a stretch."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from media.air import Air
from media.h264 import MalformedParameterSet, video_info
from media.hls.segment import Stretch
from media.sample import AudioCodec, AudioInfo, Sample, Track, TrackInfo, VideoInfo

if TYPE_CHECKING:
    from media.stream import Stream

SILENT_S = 10.0
ASK_AGAIN_S = 1.0


class Publication:
    """What a publisher pushes into; a stretch of it is on air whenever the stream wants that."""

    def __init__(self, stream: Stream, run: str, audio: AudioCodec | None, ask_key_frame: Callable[[], None]) -> None:
        """Made by `Stream.publish`."""
        self.run = run
        self.ask_key_frame = ask_key_frame
        self._stream = stream
        self._audio = audio
        self._video: VideoInfo | None = None
        self._air: Air | None = None
        self._stretches = 0
        self._heard_at = stream.monotonic()
        self._asked_at = 0.0
        self.closed = False

    @property
    def on_air(self) -> bool:
        """Whether a stretch is being cut."""
        return self._air is not None

    def push(self, sample: Sample) -> None:
        """The next access unit of either track."""
        self._heard_at = self._stream.monotonic()
        if self.closed or not self._stream.wanted:
            return
        if sample.track is Track.VIDEO:
            self._see(sample)
        elif self._air is not None:
            self._air.sound(sample)

    def close(self, reason: str = "lost") -> None:
        """The publisher is gone."""
        self.closed = True
        self.leave_air(reason)

    def tick(self, now: float) -> None:
        """Time has passed; a publisher that has sent nothing at all for long is lost."""
        if self._air is None:
            return
        if now - self._heard_at > SILENT_S:
            self.leave_air("lost")
        else:
            self._air.tick(now)

    def leave_air(self, reason: str) -> None:
        """Close what is open and say so."""
        if self._air is not None:
            self._finish()
            self._stream.went_off_air(self.run, reason)

    def _see(self, picture: Sample) -> None:
        now = self._stream.monotonic()
        changed = picture.key and self._has_changed(picture)
        continues = self._air is not None
        if self._air is not None and (changed or self._air.jumps(picture, now)):
            self._finish()
        if self._air is not None:
            self._air.picture(picture, self._stream.now_ms(), now)
        elif picture.key and self._video is not None:
            self._begin(picture, self._video, tell=not continues)
        else:
            if continues:
                self._stream.went_off_air(self.run, "lost")
            self._ask(now)

    def _has_changed(self, picture: Sample) -> bool:
        """Whether another decoder is needed from this picture on; a parameter set that is none changes nothing."""
        try:
            video = video_info(picture.data)
        except MalformedParameterSet:
            return False
        changed = video is not None and video != self._video
        self._video = video or self._video
        return changed

    def _begin(self, picture: Sample, video: VideoInfo, *, tell: bool) -> None:
        stream = self._stream
        tracks = TrackInfo(video, None if self._audio is None else AudioInfo())
        init = f"init-{self._stretches}.mp4"
        self._stretches += 1
        at_ms = max(stream.now_ms(), stream.end_ms + 1)
        self._air = Air(
            stream.window,
            stream.recorder,
            stretch=Stretch(self.run, init, tracks.codecs, video.width, video.height),
            tracks=tracks,
            codec=self._audio,
            policy=stream.policy.cut,
            ask_key_frame=self.ask_key_frame,
            first=picture,
            at_ms=at_ms,
            now=stream.monotonic(),
        )
        if tell:
            stream.went_on_air(self.run, at_ms)

    def _ask(self, now: float) -> None:
        if now - self._asked_at >= ASK_AGAIN_S:
            self._asked_at = now
            self.ask_key_frame()

    def _finish(self) -> None:
        if self._air is not None:
            self._air.finish()
            self._air = None
