from conftest import StartBridge, StartBus, StartSim


async def test_smoke(bridge: StartBridge, bus: StartBus, sim: StartSim) -> None:
    b = await bridge()
    p = bus(b)
    sub = await p.subscribe("qq.*")
    s = await sim(b)
    await s.group_message(20002, 30001, "hi")
    ev = await sub.next_event("qq.group.*")
    print(ev)
    print(await p.call("get_login_info"))
    print(await p.call_json("bridge.status"))
