"""What takes long is begun before it is needed, and its errors come where it is needed."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from backprop.site import ahead


@pytest.fixture(autouse=True)
def one_worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Work that comes one after the other, apart from that of other tests."""
    with ThreadPoolExecutor(1) as pool:
        monkeypatch.setattr(ahead, "pool", pool)
        monkeypatch.setattr(ahead, "begun", {})
        yield


def test_the_result_comes_once() -> None:
    ahead.begin("a sum", sum, [1, 2])
    assert ahead.finish("a sum") == 3
    assert ahead.finish("a sum") is None


def test_an_error_comes_where_the_result_is_needed() -> None:
    ahead.begin("a quotient", divmod, 1, 0)
    with pytest.raises(ZeroDivisionError):
        ahead.finish("a quotient")


def test_a_build_that_fails_begins_nothing_more() -> None:
    go, done = Event(), list[int]()
    ahead.begin("first", go.wait, 10)
    ahead.begin("second", done.append, 1)
    ahead.on_build_error()
    go.set()
    assert ahead.finish("second") is None
    ahead.pool.shutdown()
    assert done == []
