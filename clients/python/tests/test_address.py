"""Addresses of files: what they mean, and whose they are."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onebus.address import PeerAddress, as_received, is_local, path_of


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("file:///a/b.png", "/a/b.png"),
        ("FILE:///a", "/a"),
        ("file://localhost/a", "/a"),
        ("file://LocalHost/a", "/a"),
        ("file:////a", "//a"),
        ("file:///a%20b%23.png", "/a b#.png"),
        ("file:///%E5%9B%BE.png", "/图.png"),
        ("file:///图.png", "/图.png"),
        ("file:///c#1?2.png", "/c#1?2.png"),
        ("file:///100%.png", "/100%.png"),
    ],
)
def test_an_address_means_a_path(address: str, path: str) -> None:
    assert str(path_of(address)) == path


@pytest.mark.skipif(os.name == "nt", reason="elsewhere a path has no drive")
def test_a_drive_is_a_folder_where_there_are_none() -> None:
    assert str(path_of("file:///C:/a")) == "/C:/a"


@pytest.mark.parametrize("address", ["file://elsewhere/a", "file://a.png", "file://~/a"])
def test_another_machine_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="on another machine"):
        path_of(address)


@given(st.binary(min_size=1).filter(lambda name: b"\0" not in name and b"/" not in name))
def test_each_path_is_what_its_address_means(name: bytes) -> None:
    path = Path("/tmp") / os.fsdecode(name)
    assert path_of(path.as_uri()) == path


@pytest.mark.parametrize("text", ["", "a", "/a", "http://a", "file:a", "files:///a"])
def test_what_is_no_address_is_not_local(text: str) -> None:
    assert not is_local(text)
    assert not is_local(text.encode())


def test_what_was_received_is_the_same_and_the_peers() -> None:
    wire = {"data": [{"file": "file:///a"}, ("FILE:///b", 1, None)], "text": "file"}
    received = as_received(wire)
    assert received == {"data": [{"file": "file:///a"}, ["FILE:///b", 1, None]], **{
        "text": "file"
    }}
    assert not is_local(received["data"][0]["file"])
    assert not is_local(received["data"][1][0])
    assert type(received["text"]) is str


def test_it_stays_the_peers_when_it_is_copied() -> None:
    address = pickle.loads(pickle.dumps(PeerAddress("file:///a")))
    assert address == "file:///a"
    assert not is_local(address)
