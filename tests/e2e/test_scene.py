"""The scene that tests of faults stand on: what is set up does happen."""

from onebus.sim import Failed, Lost

from harness.scene import FRIEND, GROUP, StartScene


async def test_a_scene_is_ready_to_be_played(scene: StartScene) -> None:
    s = await scene()
    assert (await s.say("hello"))["status"] == "ok"
    params = {"user_id": FRIEND, "message": "hi"}
    assert (await s.call("send_private_msg", params=params))["status"] == "ok"
    assert s.texts == ["hello", "hi"]


async def test_its_faults_are_met_as_often_as_said(scene: StartScene) -> None:
    s = await scene(("send_*", Failed("no"), 1), ("get_stat*", Failed("nor this")))
    first, second = await s.say("one"), await s.say("two")
    assert (first["status"], first["retcode"]) == ("failed", 1200)
    assert (second["status"], s.texts) == ("ok", ["two"])
    assert (await s.call("get_status"))["status"] == "failed"


async def test_a_lost_answer_leaves_its_message(scene: StartScene) -> None:
    s = await scene(("send_*", Lost()), bridge={"call": {"writeTimeout": 300}})
    assert (await s.say("said"))["status"] != "ok"
    assert s.texts == ["said"]


async def test_its_world_can_turn(scene: StartScene) -> None:
    s = await scene()
    s.world.mute(GROUP, 60)
    await s.happen()
    assert (await s.say("hello"))["status"] == "failed"
    assert s.sent == []


async def test_its_peer_takes_options(scene: StartScene) -> None:
    s = await scene(streams=False, self_id=10005)
    params = {"stream_id": "s", "total_chunks": 1}
    reply = await s.call("upload_file_stream", params=params)
    assert (reply["status"], s.peer.self_id) == ("failed", 10005)
