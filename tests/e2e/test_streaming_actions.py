"""Actions that a peer answers several times have one reply."""

from harness.factories import StartBridge, StartBus, StartSim


async def test_a_file_arrives_whole(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge()
    peer = await sim(b)
    content = bytes(range(256)) * 1200
    peer.world.file_in_message("file", "a.txt", content)
    reply = await bus(b).call("download_file_stream", {"file": "a.txt"})
    assert reply["status"] == "ok"
    data = reply["data"]
    assert (data["file_name"], data["file_size"]) == ("a.txt", len(content))
    assert (data["type"], data["total_chunks"]) == ("response", 5)
    assert data["data"] == content
    status = (await bus(b).call("bridge.status"))["data"]
    assert status["accounts"]["default"]["dropped"] == 0


async def test_a_file_that_is_not_there_is_told_of(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge()
    await sim(b)
    reply = await bus(b).call("download_file_stream", {"file": "nothing"})
    assert (reply["status"], reply["error"]) == ("failed", "peer_error")
    assert reply["retcode"] == 1200
    assert "not found" in reply["message"]


async def test_other_streams_keep_their_frames(
    bridge: StartBridge, bus: StartBus, sim: StartSim
) -> None:
    b = await bridge()
    await sim(b)
    reply = await bus(b).call("test_download_stream", {"error": False})
    assert reply["status"] == "ok"
    assert reply["data"]["type"] == "response"
    assert {frame["type"] for frame in reply["data"]["frames"]} == {"stream"}
