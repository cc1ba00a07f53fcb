"""Where readers wait."""

import asyncio

import pytest

from media.hls.news import News, TooManyReaders


def soon(seconds: float) -> float:
    return asyncio.get_running_loop().time() + seconds


async def test_one_call_wakes_all_who_wait() -> None:
    news = News(1_000)
    readers = [asyncio.create_task(news.wait(soon(5))) for _ in range(1_000)]
    await asyncio.sleep(0)
    assert len(news) == 1_000
    news.wake()
    assert await asyncio.gather(*readers) == [True] * 1_000
    assert len(news) == 0


async def test_without_news_the_wait_ends_when_its_time_is_over() -> None:
    news = News(1)
    assert await news.wait(soon(0.01)) is False
    assert len(news) == 0


async def test_everyone_waits_as_long_as_he_may_and_no_longer() -> None:
    news = News(10)
    patient = asyncio.create_task(news.wait(soon(5)))
    await asyncio.sleep(0)
    assert await news.wait(soon(0.01)) is False
    assert await news.wait(soon(0.03)) is False
    assert not patient.done()
    news.wake()
    assert await patient is True


async def test_a_reader_that_goes_away_takes_nobody_with_it() -> None:
    news = News(10)
    gone, stays = asyncio.create_task(news.wait(soon(5))), asyncio.create_task(news.wait(soon(5)))
    await asyncio.sleep(0)
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    news.wake()
    assert await stays is True


async def test_one_reader_too_many_is_refused() -> None:
    news = News(1)
    first = asyncio.create_task(news.wait(soon(5)))
    await asyncio.sleep(0)
    with pytest.raises(TooManyReaders):
        await news.wait(soon(5))
    news.wake()
    assert await first
