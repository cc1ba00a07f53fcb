"""NAL units and parameter sets, judged by what libx264 was told to write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.h264 import MalformedParameterSet, has_idr, length_prefixed, nal_type, nal_units, picture_size, video_info
from tests.media.material import h264


def test_an_access_unit_falls_into_its_nal_units() -> None:
    unit = b"\0\0\0\1\x67aaa\0\0\1\x68bb\0\0\0\1\x65cccc\0"
    assert [(nal_type(nal), nal[1:]) for nal in nal_units(unit)] == [(7, b"aaa"), (8, b"bb"), (5, b"cccc")]


def test_parameter_sets_and_delimiters_stay_out_of_the_sample() -> None:
    unit = b"\0\0\0\1\x09\xf0\0\0\1\x67aaa\0\0\1\x68bb\0\0\1\x65cccc\0\0\1\x0c\xff"
    assert length_prefixed(unit) == b"\0\0\0\5\x65cccc"


@pytest.mark.parametrize(("width", "height"), [(320, 180), (1280, 720), (642, 362), (32, 32), (1918, 1080)])
def test_the_size_of_the_picture_is_read_after_cropping(width: int, height: int) -> None:
    first = h264(0.1, width=width, height=height)[0]
    info = video_info(first.data)
    assert info is not None
    assert (info.width, info.height) == (width, height)


def test_the_codec_name_has_profile_constraints_and_level() -> None:
    info = video_info(b"\0\0\1" + video_sps() + b"\0\0\1\x68\xce")
    assert info is not None
    assert info.codec == f"avc1.{video_sps()[1:4].hex()}"


def test_only_a_picture_that_stands_alone_has_an_idr() -> None:
    pictures = h264(1.0, key_every=10)
    assert [has_idr(sample.data) for sample in pictures] == [n % 10 == 0 for n in range(25)]
    assert video_info(pictures[1].data) is None


@given(st.binary(max_size=60))
def test_arbitrary_bytes_give_a_size_or_are_refused(nal: bytes) -> None:
    try:
        width, height = picture_size(b"\x67" + nal)
    except MalformedParameterSet:
        return
    assert 0 < width <= 8_192
    assert 0 < height <= 8_192


def video_sps() -> bytes:
    """The sequence parameter set of the sample material."""
    return next(nal for nal in nal_units(h264(0.1)[0].data) if nal_type(nal) == 7)
