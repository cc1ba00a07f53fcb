"""One stretch on air: a publisher's samples are cut, packaged and put into the window until it breaks off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from media.hls.boxes import fragment, init_section
from media.hls.cuts import Cut, CutPolicy, Part, SegmentEnd
from media.hls.cutter import Cutter
from media.hls.segment import Piece, Stretch
from media.hls.window import Window
from media.programme import MediaClock, Programme
from media.record import Beginning, Recorder
from media.sample import AUDIO_TIMESCALE, VIDEO_TIMESCALE, AudioCodec, Sample, Track, TrackInfo
from media.transcode import FRAME, OpusToAac

SOUND_PATIENCE = AUDIO_TIMESCALE * 3 // 10
ENCODER_LAG = 2 * FRAME
LONGEST_JUMP = 10 * VIDEO_TIMESCALE


class Air:
    """From a key picture to a break; its time line begins with 0 at that picture."""

    def __init__(
        self,
        window: Window,
        recorder: Recorder,
        *,
        stretch: Stretch,
        tracks: TrackInfo,
        codec: AudioCodec | None,
        policy: CutPolicy,
        ask_key_frame: Callable[[], None],
        first: Sample,
        at_ms: int,
        now: float,
    ) -> None:
        """The `first` picture, a key picture that has come just `now`, is shown at `at_ms`."""
        self.tracks = tracks
        self._window = window
        self._recorder = recorder
        self._cutter = Cutter(window.next_msn, policy, window.part_target)
        self._ask_key_frame = ask_key_frame
        self._transcoder = OpusToAac() if codec is AudioCodec.OPUS else None
        self._origin = first.dts
        self._programme = Programme(0, at_ms)
        self._clock = MediaClock(0, now)
        self._fragments = 0
        init = init_section(tracks)
        window.begin(stretch, init)
        recorder.put(Beginning(stretch, init, at_ms))
        self._apply(self._cutter.push(self._moved(first)))

    def jumps(self, picture: Sample, now: float) -> bool:
        """Whether the publisher's clock has made a leap that no stretch can span."""
        return abs(picture.dts - self._origin - self._clock.media(now)) > LONGEST_JUMP

    def picture(self, picture: Sample, wall_ms: int, now: float) -> None:
        """The next picture in decoding order."""
        moved = self._moved(picture)
        self._programme.arrived(moved.dts, wall_ms)
        self._clock.arrived(moved.dts, now)
        self._apply(self._cutter.push(moved))

    def sound(self, packet: Sample) -> None:
        """The next packet of sound."""
        moved = self._moved(packet)
        for frame in [moved] if self._transcoder is None else self._transcoder.push(moved):
            self._hear(frame)

    def tick(self, now: float) -> None:
        """Time has passed, perhaps without a picture or a sound."""
        media = self._clock.media(now)
        if self._transcoder is not None:
            self._fill(self._transcoder, media * AUDIO_TIMESCALE // VIDEO_TIMESCALE)
        self._apply(self._cutter.tick(media))

    def finish(self) -> None:
        """Close what is open; what the sound lacks of the last picture is silence, lest players see a hole there."""
        if self._transcoder is not None and self._transcoder.end is not None:
            end = self._cutter.end * AUDIO_TIMESCALE // VIDEO_TIMESCALE
            for frame in self._transcoder.fill(end + ENCODER_LAG):
                self._hear(frame)
        self._apply(self._cutter.finish())
        self._window.stop()

    def _fill(self, transcoder: OpusToAac, media: int) -> None:
        """Sound that does not come is silence, lest players wait for it."""
        heard = transcoder.end or 0
        if media - heard > 2 * SOUND_PATIENCE:
            for frame in [*transcoder.fill(heard), *transcoder.fill(media - SOUND_PATIENCE)]:
                self._hear(frame)

    def _hear(self, frame: Sample) -> None:
        if self.tracks.audio is not None and frame.pts >= 0:
            self._apply(self._cutter.push(frame))

    def _moved(self, sample: Sample) -> Sample:
        back = self._origin if sample.track is Track.VIDEO else self._origin * AUDIO_TIMESCALE // VIDEO_TIMESCALE
        return replace(sample, pts=sample.pts - back, dts=sample.dts - back)

    def _apply(self, cuts: list[Cut]) -> None:
        for cut in cuts:
            match cut:
                case Part():
                    self._add(cut)
                case SegmentEnd():
                    self._close(cut)
                case _:
                    self._ask_key_frame()

    def _add(self, part: Part) -> None:
        piece = Piece(fragment(self._fragments, part), part.duration / VIDEO_TIMESCALE, part.independent)
        self._fragments += 1
        self._window.promise(self._cutter.part_target or part.duration)
        self._window.add(part.segment, self._at_ms(part), piece, len(part.video))

    def _at_ms(self, part: Part) -> int:
        """Programme date-time never goes back and never stands, whatever the clocks do."""
        if part.index == 0:
            self._programme.correct()
        return max(self._programme.at(part.start), self._window.end_ms or 0)

    def _close(self, end: SegmentEnd) -> None:
        self._recorder.put(self._window.close(end.segment, end.duration / VIDEO_TIMESCALE))
