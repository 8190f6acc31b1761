"""Two bridges, a cluster of NATS and a consumer, as the compose file starts them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from chatter import Chatter
from containers import Containers
from engine import Engine, wait_until
from images import COMPOSE
from qq import QQ

SERVERS = ("nats1", "nats2", "nats3")
#: By the account that each bridge has.
BRIDGES = {"first": "bridge1", "second": "bridge2"}
#: Seconds of talk between two kills.
TALK = 1.0


class Cluster(Containers):
    """`with Cluster(engine)`: all are up, and the consumer gets what is said."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine, nats=True, project="onebustestsnats")
        self.qqs = {
            account: QQ(engine.folder / "share" / str(number))
            for number, account in enumerate(BRIDGES, 1)
        }

    def __enter__(self) -> Cluster:
        self.up()
        for qq in self.qqs.values():
            qq.wait_for_link()
        return self

    def __exit__(self, *_: object) -> None:
        self.down()

    def kept(self, account: str) -> list[str]:
        """What the consumer has written down of what the bridge of the account
        told, in the order in which it did."""
        written = self.execute("consumer", "sh", "-c", "cat /data/messages.jsonl || true")
        lines = written.splitlines(keepends=True)
        if lines and not lines[-1].endswith("\n"):
            lines.pop()
        events = [json.loads(line) for line in lines]
        return [event["text"] for event in events if event["account"] == account]

    def told(self, account: str) -> list[str]:
        """What that bridge has in its journal."""
        return [str(event["text"]) for event in self.journal(BRIDGES[account])]

    def nats(self, account: str) -> dict[str, Any]:
        """How the bridge's way to NATS is."""
        said = self.execute(BRIDGES[account], "onebus", "call", "bridge.status")
        found: dict[str, Any] = json.loads(said)["data"]["nats"]
        return found

    def wait_until_kept(self, text: str) -> None:
        """That message, or a later one of the same people."""
        people, number = text.rsplit(" ", 1)

        def is_kept() -> bool:
            kept = self.kept(people)
            return bool(kept) and int(kept[-1].rsplit(" ", 1)[1]) >= int(number)

        wait_until(is_kept, f"copy of {text}", 60)

    def wait_until_all_is_kept(self) -> None:
        def is_kept() -> bool:
            return all(len(self.kept(one)) >= len(self.told(one)) for one in BRIDGES)

        wait_until(is_kept, "copy of each message", 60)


@pytest.fixture(scope="module")
def cluster(engine: Engine) -> Iterator[Cluster]:
    with Cluster(engine) as cluster:
        yield cluster


@pytest.mark.parametrize("server", SERVERS)
def test_a_server_is_healthy(cluster: Cluster, server: str) -> None:
    cluster.wait_for_health("healthy", server)


@pytest.mark.parametrize("account", BRIDGES)
def test_each_bridge_has_its_account(cluster: Cluster, account: str) -> None:
    wait_until(lambda: cluster.nats(account)["state"] == "ok", "way to NATS", 60)


def test_a_kill_of_a_server_and_of_the_consumer_loses_nothing(cluster: Cluster) -> None:
    with ExitStack() as talking:
        for account, qq in cluster.qqs.items():
            chatter = talking.enter_context(Chatter(qq, account))
        for killed in ("nats2", "consumer"):
            chatter.wait_for(TALK)
            cluster.crash(killed)
        chatter.wait_for(TALK)
    cluster.wait_until_all_is_kept()
    for account in BRIDGES:
        told = cluster.told(account)
        assert len(told) > 50
        assert cluster.kept(account) == told, cluster.logs("consumer")
        assert cluster.nats(account)["lost"] == 0


@pytest.mark.parametrize("account", BRIDGES)
def test_the_consumer_acts_by_either_bridge(cluster: Cluster, account: str) -> None:
    script = """import sys; sys.path.append("/app")
import anyio, consumer
async def main():
    async with consumer.bus() as bus:
        await bus.send_group_msg(group_id=700, message="it is kept", account=sys.argv[1])
anyio.run(main)"""
    cluster.execute("consumer", "python", "-c", script, account)
    assert "it is kept" in cluster.qqs[account].answers()


def test_nobody_did_what_he_may_not(cluster: Cluster) -> None:
    logs = "".join(map(cluster.logs, SERVERS))
    assert [line for line in logs.splitlines() if "ermission" in line] == []


@pytest.mark.parametrize(
    ("user", "subject"),
    [
        ("bot", "qq.group.700.message.normal"),
        ("bot", "$JS.API.STREAM.DELETE.QQ"),
        ("bot", "$KV.QQ_accounts.first"),
        ("bridge", "qq.action.first"),
        ("bridge", "$JS.API.STREAM.DELETE.QQ"),
        ("bridge", "$JS.API.STREAM.PURGE.QQ"),
    ],
)
def test_who_may_not_is_refused(cluster: Cluster, user: str, subject: str) -> None:
    password = (COMPOSE / "secrets" / f"nats_{user}_password").read_text()
    script = """import sys, asyncio, nats
async def main(user, password, subject):
    refused = asyncio.Event()
    async def on_error(error):
        if "permissions violation" in str(error).lower():
            refused.set()
    there = await nats.connect("nats1:4222", user=user, password=password,
                               error_cb=on_error)
    await there.publish(subject, b"{}")
    await asyncio.wait_for(refused.wait(), 10)
    await there.close()
asyncio.run(main(*sys.argv[1:]))"""
    cluster.execute("consumer", "python", "-c", script, user, password, subject)


@pytest.mark.parametrize("service", [*SERVERS, *BRIDGES.values(), "consumer"])
def test_no_password_is_logged(cluster: Cluster, service: str) -> None:
    logs = cluster.logs(service)
    files = (COMPOSE / "secrets").glob("nats_*_password")
    assert [file.name for file in files if file.read_text() in logs] == []
