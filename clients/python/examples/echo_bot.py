"""An echo bot: answers `/echo words` in any group, and whoever mentions it.

    pip install pynng msgpack
    python echo_bot.py
"""

import msgpack
import pynng

with pynng.Sub0(dial="tcp://127.0.0.1:7710") as events, pynng.Req0(
    dial="tcp://127.0.0.1:7711", resend_time=-1, recv_timeout=60_000
) as actions:
    events.subscribe(b"qq.group.")
    while True:
        topic, _, body = events.recv().partition(b"\0")
        event = msgpack.unpackb(body)
        if b".message." not in topic:
            continue
        text = event["text"].strip()
        if text.startswith("/echo "):
            answer = text.removeprefix("/echo ")
        elif event["policy"]["mentioned"]:
            answer = f"你好！ You said: {text}"
        else:
            continue
        actions.send(
            msgpack.packb(
                {
                    "action": "send_group_msg",
                    "account": event["account"],
                    "params": {
                        "group_id": event["event"]["group_id"],
                        "message": [{"type": "text", "data": {"text": answer}}],
                    },
                }
            )
        )
        reply = msgpack.unpackb(actions.recv())
        if reply["status"] != "ok":
            print(reply.get("error"), reply.get("message"), flush=True)
