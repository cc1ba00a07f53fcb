"""Where a part and a segment end (RFC 8216bis, 4.4.4.9 and 4.4.3.7), decided before a byte is written.

Theory of operation. Samples go in, cuts come out; time is an argument. A picture's duration is known when the next
one is here, so one picture is always pending. A part is closed as soon as no further picture fits under the part
target, that is one picture early rather than late, so that none is ever longer than promised. A segment ends where a
key picture begins, which is asked for in time to fall on the end of a part; when none comes it ends without one
before the target duration. Sound comes a little later than its picture; a segment waits with its end until its
sound has come that far, as players take the shorter track for the end of what they have. While the screen stands
still the clock closes parts: a pending key picture is shown again at the head of the next part, any other is
stretched to the end of its part and a key picture is asked for.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from media.hls.cuts import (
    SHORTEST_PART_PERCENT,
    Cut,
    CutPolicy,
    Frame,
    KeyFrameWanted,
    Part,
    SegmentEnd,
    choose_part_target,
)
from media.sample import AUDIO_TIMESCALE, VIDEO_TIMESCALE, Sample, Track

PROBED_PICTURES = 10
AAC_FRAME = 1_024


class Cutter:
    """Cuts one uninterrupted stretch of a stream, from its first key picture on."""

    def __init__(self, segment: int, policy: CutPolicy, part_target: int | None = None) -> None:
        """Begin with media sequence number `segment`; without a part target the first pictures choose it."""
        self.segment = segment
        self.part_target = part_target
        self._policy = policy
        self._probe: list[Sample] = []
        self._pending: Sample | None = None
        self._video: list[Frame] = []
        self._audio: list[Sample] = []
        self._index = 0
        self._segment_start = self._part_start = 0
        self._begun = False
        self._waiting: list[Sample] = []
        self._delay = 0
        self._interval = 0
        self._last_dts = self._last_audio = -1
        self._lead = policy.first_lead
        self._asked_at: int | None = None

    @property
    def end(self) -> int:
        """Where the last picture ends, if it lasts as long as the one before; in ticks of 90 kHz."""
        last = self._waiting[-1].dts if self._waiting else self._last_dts
        return max(last + max(self._interval, 1), self._part_start)

    def push(self, sample: Sample) -> list[Cut]:
        """What is cut now that this sample is here; pictures in decoding order, from a key picture on."""
        if self.part_target is not None:
            return self._take(sample, self.part_target)
        self._probe.append(sample)
        pictures = sum(probed.track is Track.VIDEO for probed in self._probe)
        return self._end_probe() if pictures > PROBED_PICTURES else []

    def tick(self, now: int) -> list[Cut]:
        """What is cut because the time line has come to `now` (90 kHz) although no picture has come."""
        cuts: list[Cut] = []
        if self._probe and now - _dts(self._probe[0]) > VIDEO_TIMESCALE:
            cuts = self._end_probe()
        if not self._begun or self.part_target is None:
            return cuts
        if self._waiting:
            late = now - self._waiting[0].dts > self._policy.patience + self._policy.sound_patience
            return cuts + (self._go_on(self.part_target) if late else [])
        seen = now - self._policy.patience
        cuts += self._overdue(seen, self.part_target, following=None)
        still = self._pending is None or not self._pending.key
        if still and seen - self._last_dts > self.part_target // 2:
            cuts += self._ask(now)
        return cuts

    def finish(self, at: int | None = None) -> list[Cut]:
        """The last part and segment; the last picture ends at `at` or lasts as long as the one before."""
        cuts = self._end_probe() if self.part_target is None else []
        if not self._begun or self.part_target is None:
            return cuts
        cuts += self._go_on(self.part_target)
        end = self.end if at is None else max(at, self._last_dts + 1, self._part_start)
        cuts += self._overdue(end, self.part_target, following=end)
        self._settle(end)
        return cuts + self._close_part(end) + self._close_segment(end)

    def _end_probe(self) -> list[Cut]:
        probed, self._probe = self._probe, []
        times = [sample.dts for sample in probed if sample.track is Track.VIDEO]
        steps = [after - before for before, after in pairwise(times)]
        self.part_target = choose_part_target(self._policy.part, steps)
        return [cut for sample in probed for cut in self._take(sample, self.part_target)]

    def _take(self, sample: Sample, target: int) -> list[Cut]:
        if sample.track is Track.VIDEO:
            return self._take_picture(sample, target)
        if sample.pts > self._last_audio:
            self._last_audio = sample.pts
            self._audio.append(sample)
        return self._go_on(target) if self._waiting and self._is_heard(self._waiting[0].dts) else []

    def _take_picture(self, sample: Sample, target: int) -> list[Cut]:
        picture = self._rising(sample) if self._begun else self._begin(sample)
        if self._waiting or (self._ends_segment(picture, target) and not self._is_heard(picture.dts)):
            self._waiting.append(picture)
            late = picture.dts - self._waiting[0].dts > self._policy.sound_patience
            return self._go_on(target) if late else []
        return self._cut_before(picture, target)

    def _go_on(self, target: int) -> list[Cut]:
        """The sound is here, or will not come: take the pictures that waited for it."""
        waiting, self._waiting = self._waiting, []
        return [cut for picture in waiting for cut in self._cut_before(picture, target)]

    def _cut_before(self, picture: Sample, target: int) -> list[Cut]:
        picture = self._rising(picture)
        cuts = self._overdue(picture.dts, target, following=picture.dts)
        self._settle(picture.dts)
        ends = self._ends_segment(picture, target)
        if ends or self._is_full(picture.dts, target):
            cuts += self._close_part(picture.dts)
        if ends:
            cuts += self._close_segment(picture.dts)
        self._pending, self._last_dts = picture, picture.dts
        return cuts + self._aim(picture, target)

    def _ends_segment(self, picture: Sample, target: int) -> bool:
        length = picture.dts - self._segment_start
        if picture.key and length >= self._policy.shortest_segment:
            return True
        return self._is_full(picture.dts, target) and length + target > self._policy.longest_segment

    def _is_heard(self, end: int) -> bool:
        """Whether the sound, if there is any, has come as far as the pictures up to `end`."""
        heard = (self._last_audio + AAC_FRAME) * VIDEO_TIMESCALE
        return self._last_audio < 0 or heard >= (end + self._delay) * AUDIO_TIMESCALE

    def _is_full(self, end: int, target: int) -> bool:
        length = end - self._part_start
        return length + self._interval > target and length * 100 >= SHORTEST_PART_PERCENT * target

    def _begin(self, picture: Sample) -> Sample:
        self._begun = True
        self._segment_start = self._part_start = picture.dts
        self._delay = picture.pts - picture.dts
        first_sound = (picture.pts * AUDIO_TIMESCALE) // VIDEO_TIMESCALE
        self._audio = [sound for sound in self._audio if sound.pts >= first_sound]
        return picture

    def _rising(self, picture: Sample) -> Sample:
        before = self._waiting[-1].dts if self._waiting else self._last_dts
        late = max(before + 1, self._part_start) - picture.dts
        return replace(picture, dts=picture.dts + late, pts=picture.pts + late) if late > 0 else picture

    def _overdue(self, time: int, target: int, following: int | None) -> list[Cut]:
        """Close the parts that cannot reach as far as `time`, where the `following` picture begins if it is known."""
        cuts: list[Cut] = []
        while time - self._part_start > target:
            if self._pending is not None and self._ends_early(self._pending.dts, target, following):
                end = self._pending.dts
            else:
                end = self._part_start + target
                self._stretch(end)
            cuts += self._close_part(end)
            key = self._pending is not None and self._pending.key and self._pending.dts == end
            length = end - self._segment_start
            if length + target > self._policy.longest_segment or (key and length >= self._policy.segment):
                cuts += self._close_segment(end)
        return cuts

    def _ends_early(self, pending: int, target: int, following: int | None) -> bool:
        before = pending - self._part_start
        long_enough = before * 100 >= SHORTEST_PART_PERCENT * target
        fits_the_next = following is not None and following - pending <= target
        return before > 0 and (long_enough or fits_the_next)

    def _stretch(self, end: int) -> None:
        """Show the pending picture until `end`, and again from there when it can stand alone."""
        picture = self._pending
        self._settle(end)
        if picture is not None and picture.key:
            shift = end - picture.dts
            self._pending = replace(picture, dts=end, pts=picture.pts + shift)
            self._last_dts = end

    def _settle(self, end: int) -> None:
        if self._pending is not None and end > self._pending.dts:
            self._interval = end - self._pending.dts
            self._video.append(Frame(self._pending, self._interval))
            self._pending = None

    def _close_part(self, end: int) -> list[Cut]:
        audio = self._audio_until(end)
        if end == self._part_start:
            return []
        self._audio = self._audio[len(audio) :]
        part = Part(
            self.segment, self._index, self._part_start, end - self._part_start, tuple(self._video), _timed(audio)
        )
        self._video = []
        self._part_start = end
        self._index += 1
        return [part]

    def _audio_until(self, end: int) -> list[Sample]:
        shown = (end + self._delay) * AUDIO_TIMESCALE
        return [sound for sound in self._audio if sound.pts * VIDEO_TIMESCALE < shown]

    def _close_segment(self, end: int) -> list[Cut]:
        if not self._index:
            return []
        closed = SegmentEnd(self.segment, self._segment_start, end - self._segment_start)
        self.segment += 1
        self._index = 0
        self._segment_start = end
        return [closed]

    def _aim(self, picture: Sample, target: int) -> list[Cut]:
        """Ask for a key picture so early that it comes where the last part of the segment ends."""
        if picture.key and self._asked_at is not None:
            self._lead = min(picture.dts - self._asked_at, self._policy.longest_lead)
            self._asked_at = None
        part_end = self._part_start + target
        last_part = part_end - self._segment_start >= self._policy.segment - target // 2
        if last_part and picture.dts >= part_end - self._interval - self._lead:
            return self._ask(picture.dts)
        return []

    def _ask(self, now: int) -> list[Cut]:
        if self._asked_at is not None and now - self._asked_at < self._policy.ask_again:
            return []
        self._asked_at = now
        return [KeyFrameWanted()]


def _dts(sample: Sample) -> int:
    return sample.dts * VIDEO_TIMESCALE // sample.track.timescale


def _timed(sounds: list[Sample]) -> tuple[Frame, ...]:
    ends = [sound.pts for sound in sounds[1:]] + [sounds[-1].pts + AAC_FRAME] if sounds else []
    return tuple(Frame(sound, end - sound.pts) for sound, end in zip(sounds, ends, strict=True))
