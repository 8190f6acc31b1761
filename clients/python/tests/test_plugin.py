"""The pytest plugin, as those who use it see it."""

from __future__ import annotations

import textwrap

import pytest

pytest_plugins = ["pytester"]

BOT = """
    import onebus
    import pytest
    from onebus import Bot

    bot = Bot()

    @bot.command("ping")
    async def ping(event, words):
        await event.reply("pong")
"""


def run(
    pytester: pytest.Pytester, test: str, mode: str = "auto"
) -> pytest.RunResult:
    """Run a test file of its own, in a process of its own."""
    pytester.makeini(
        f"[pytest]\nasyncio_mode = {mode}\n"
        "asyncio_default_fixture_loop_scope = function\n"
    )
    pytester.makepyfile(textwrap.dedent(BOT) + textwrap.dedent(test))
    return pytester.runpytest_subprocess("-q", "-p", "no:cacheprovider", timeout=60)


PING = """
    async def test_bot(qqsim, bus, run_bot):
        await run_bot(bot)
        await qqsim.group(700).say("/ping", by=42)
        assert (await qqsim.next_sent()).text == "pong"
        await qqsim.nothing_sent(within=0.05)
"""


@pytest.mark.parametrize("mode", ["auto", "strict"])
def test_a_bot_is_tested_in_both_modes(pytester: pytest.Pytester, mode: str) -> None:
    test = PING if mode == "auto" else "    @pytest.mark.asyncio" + PING
    run(pytester, test, mode).assert_outcomes(passed=1)


def test_each_test_has_a_bridge_of_its_own(pytester: pytest.Pytester) -> None:
    run(
        pytester,
        """
        epochs = set()

        @pytest.mark.parametrize("n", range(3))
        async def test_bridge(bus, n):
            epochs.add((await bus.bridge.ping())["epoch"])
            assert len(epochs) == n + 1
        """,
    ).assert_outcomes(passed=3)


def test_what_a_bot_does_not_do_is_told_with_all_that_happened(
    pytester: pytest.Pytester,
) -> None:
    done = run(
        pytester,
        """
        async def test_bot(qqsim, bus, run_bot):
            await run_bot(bot)
            await bus.get_group_list()
            await qqsim.next_sent(timeout=0.2)
        """,
    )
    done.assert_outcomes(failed=1)
    done.stdout.no_fnmatch_line("*testing/qq.py*raise*")
    done.stdout.fnmatch_lines(
        [
            "*the bot sent nothing within 0.2 s*",
            "*events on the bus:*",
            "*qq.bridge.default.link.up*",
            "*QQ 10001 (connected):*",
            "*get_group_list*",
            "*bridge: ready*",
        ]
    )


def test_what_a_bot_should_not_do_is_told(pytester: pytest.Pytester) -> None:
    done = run(
        pytester,
        """
        async def test_bot(qqsim, run_bot):
            await run_bot(bot)
            await qqsim.group(700).say("/ping", by=42)
            await qqsim.nothing_sent()
        """,
    )
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["*the bot sent Message('pong')*"])


def test_settings_come_from_a_fixture_and_from_marks(pytester: pytest.Pytester) -> None:
    run(
        pytester,
        """
        @pytest.fixture
        def onebus_settings():
            return {"channels": {"napcatqq": {"groups": {"700": {"enabled": False}}}}}

        async def test_unheard(qqsim, bus):
            await qqsim.group(700).say("x", by=42)
            await qqsim.group(701).say("y", by=42)
            async with bus.events("qq.group.*", since=0) as events:
                assert (await events.__anext__()).group_id == 701

        @pytest.mark.onebus(
            settings={"channels": {"napcatqq": {"groupPolicy": "closed"}}}, self_id=777
        )
        async def test_marked(qqsim, bus):
            status = (await bus.bridge.status())["accounts"]["default"]
            assert status["self_id"] == 777
            await qqsim.group(701).say("y", by=42)
            (decision,) = await bus.bridge.why(group_id=701, limit=1)
            assert decision["reason"] == "group_policy_closed"
        """,
    ).assert_outcomes(passed=2)


def test_several_accounts_are_simulated(pytester: pytest.Pytester) -> None:
    run(
        pytester,
        """
        ACCOUNTS = {
            "first": {"wsPath": "/first"}, "second": {"wsPath": "/second"}
        }

        @pytest.mark.onebus(settings={"channels": {"napcatqq": {"accounts": ACCOUNTS}}})
        async def test_accounts(qqsims, bus, run_bot):
            await run_bot(bot)
            first = await qqsims("first", self_id=1)
            second = await qqsims("second", self_id=2)
            await second.group(700).say("/ping", by=42)
            assert (await second.next_sent()).text == "pong"
            assert first.sent == []
            with pytest.raises(onebus.AccountRequired):
                await bus.get_group_list()
        """,
    ).assert_outcomes(passed=1)


def test_loops_of_a_whole_session_will_do(pytester: pytest.Pytester) -> None:
    pytester.makeini(
        "[pytest]\nasyncio_mode = auto\n"
        "asyncio_default_fixture_loop_scope = session\n"
        "asyncio_default_test_loop_scope = session\n"
    )
    pytester.makepyfile(textwrap.dedent(BOT) + textwrap.dedent(PING))
    done = pytester.runpytest_subprocess("-q", "-p", "no:cacheprovider", timeout=60)
    done.assert_outcomes(passed=1)


def test_marks_of_a_class_and_of_a_test_add_up(pytester: pytest.Pytester) -> None:
    run(
        pytester,
        """
        def settings(key, value):
            return {"channels": {"napcatqq": {key: value}}}

        @pytest.mark.onebus(settings=settings("groupPolicy", "closed"), self_id=5)
        class TestIt:
            @pytest.mark.onebus(settings=settings("dmPolicy", "closed"))
            async def test_it(self, qqsim, onebus_bridge):
                channel = onebus_bridge.settings["channels"]["napcatqq"]
                assert channel["groupPolicy"] == channel["dmPolicy"] == "closed"
                assert qqsim.self_id == 5
        """,
    ).assert_outcomes(passed=1)


def test_a_missing_bridge_is_told_with_what_to_do(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONEBUS_BINARY", "/nowhere/onebus")
    done = run(pytester, PING)
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["*ONEBUS_BINARY=/nowhere/onebus: no program*"])


def test_nothing_of_the_package_is_taken_in_before_it_is_asked_for(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(
        """
        import sys

        def test_it():
            assert "pytest_onebus" in sys.modules
            assert "onebus" not in sys.modules
        """
    )
    done = pytester.runpytest_subprocess("-q", "-p", "no:cacheprovider", timeout=60)
    done.assert_outcomes(passed=1)
