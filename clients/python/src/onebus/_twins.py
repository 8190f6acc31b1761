"""`BridgeActions` and `Guide` for code that is not asynchronous.

Made from bridge_actions.py and guide.py by `python -m generate`: edit those.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from ._actions import SyncActions
    from .bridge_actions import (
        BridgeStatus,
        Catalogue,
        Decision,
        EndedCall,
        History,
        LogContent,
        LogLevel,
        LogState,
        Media,
        NamedCursor,
        Paired,
        Pairings,
        Ping,
        Reloaded,
        Replayed,
        Troubles,
    )
    from .files import FileLike
    from .results import Friend, GroupMember, Uploaded
    from .segment import Segment


class SyncBridgeActions:
    """`bus.bridge`: the bridge itself."""

    def __init__(
        self,
        call: Callable[[str, dict[str, Any]], Any],
        account: str | None = None,
    ) -> None:
        """`account` is whose what is asked for is, where that has to be said."""
        self._call = call
        self._account = account

    def _ask(self, action: str, **params: Any) -> Any:
        given = {key: value for key, value in params.items() if value is not None}
        return self._call(action, given)

    def ping(self) -> Ping:
        """`bridge.ping`: whether the bridge is there, and how far it has come."""
        result: Ping = self._ask("bridge.ping")
        return result

    def status(self) -> BridgeStatus:
        """`bridge.status`: accounts, calls, journal, NATS and grants."""
        result: BridgeStatus = self._ask("bridge.status")
        return result

    def replay(
        self,
        after: int = 0,
        *,
        topics: Sequence[str] | None = None,
        max_age: float | None = None,
        epoch: str | None = None,
        limit: int | None = None,
        max_bytes: int | None = None,
    ) -> Replayed:
        """`bridge.replay`: events of the journal with a higher seq than `after`.

        Repeat it with `next` until `truncated` is False; `Bus.events` does that by
        itself.

        - `topics`: up to 64 patterns; all if they are left out.
        - `max_age`: in seconds; only events from so long ago on.
        - `epoch`: the one that `after` is of; `BadParams` if there is another now.
        - `limit`: how many events, up to 10000; 1000 by default.
        - `max_bytes`: of all together, up to 4 MiB; 256 KiB by default.
        """
        result: Replayed = self._ask(
            "bridge.replay",
            after=after,
            topics=None if topics is None else list(topics),
            max_age=None if max_age is None else round(max_age * 1000),
            epoch=epoch,
            limit=limit,
            max_bytes=max_bytes,
        )
        return result

    def history(
        self,
        *,
        group_id: int | None = None,
        user_id: int | None = None,
        limit: int | None = None,
        before: int | None = None,
        account: str | None = None,
    ) -> History:
        """`bridge.history`: the newest events of one chat.

        Needs `group_id` or `user_id`.

        - `limit`: how many, up to 10000; `historyLimit` of the settings by default.
        - `before`: only events with a lower seq.
        - `account`: only what this one has heard.
        """
        result: History = self._ask(
            "bridge.history",
            group_id=group_id,
            user_id=user_id,
            limit=limit,
            before=before,
            account=account,
        )
        return result

    def cursor_get(self, consumer: str) -> NamedCursor:
        """`bridge.cursor.get`: how far `consumer` has come."""
        result: NamedCursor = self._ask("bridge.cursor.get", consumer=consumer)
        return result

    def cursor_set(
        self, consumer: str, seq: int | None, *, epoch: str | None = None
    ) -> NamedCursor:
        """`bridge.cursor.set`: keep how far `consumer` has come; None forgets it.

        It is on disk when this returns. `BadParams` if `seq` is above the newest,
        or of another `epoch` than the bridge's.

        - `consumer`: 1 to 128 letters, digits and `._:@/-`.
        """
        params: dict[str, Any] = {"consumer": consumer, "seq": seq}
        if epoch is not None:
            params["epoch"] = epoch
        result: NamedCursor = self._call("bridge.cursor.set", params)
        return result

    def why(
        self,
        *,
        id: int | None = None,
        group_id: int | None = None,
        user_id: int | None = None,
        seq: int | None = None,
        account: str | None = None,
        limit: int | None = None,
    ) -> list[Decision]:
        """`bridge.why`: why things were heard or not, the newest first.

        - `id`: a group, a user or a seq.
        - `limit`: how many, up to 100; 10 by default.
        """
        result: dict[str, list[Decision]] = self._ask(
            "bridge.why",
            id=id,
            group_id=group_id,
            user_id=user_id,
            seq=seq,
            account=account,
            limit=limit,
        )
        return result["decisions"]

    def calls(
        self,
        *,
        group_id: int | None = None,
        user_id: int | None = None,
        account: str | None = None,
        limit: int | None = None,
    ) -> list[EndedCall]:
        """`bridge.calls`: the last calls and how they ended, the newest first.

        - `limit`: how many, up to 200; 50 by default.
        """
        result: dict[str, list[EndedCall]] = self._ask(
            "bridge.calls",
            group_id=group_id,
            user_id=user_id,
            account=account,
            limit=limit,
        )
        return result["calls"]

    def troubles(self) -> Troubles:
        """`bridge.troubles`: who was not let in, and what else has gone wrong."""
        result: Troubles = self._call("bridge.troubles", {})
        return result

    def pairing_list(self, *, account: str | None = None) -> Pairings:
        """`bridge.pairing.list`: who asks to be heard, and who is."""
        result: Pairings = self._ask("bridge.pairing.list", account=account)
        return result

    def pairing_approve(
        self,
        *,
        user_id: int | None = None,
        code: str | None = None,
        account: str | None = None,
    ) -> Paired:
        """`bridge.pairing.approve`: let somebody be heard, by number or by code.

        They need not have asked. It is on disk when this returns.
        """
        return self._decide("approve", user_id, code, account)

    def pairing_deny(
        self,
        *,
        user_id: int | None = None,
        code: str | None = None,
        account: str | None = None,
    ) -> Paired:
        """`bridge.pairing.deny`: refuse somebody, who can ask again in an hour."""
        return self._decide("deny", user_id, code, account)

    def pairing_revoke(
        self,
        *,
        user_id: int | None = None,
        code: str | None = None,
        account: str | None = None,
    ) -> Paired:
        """`bridge.pairing.revoke`: no longer hear somebody."""
        return self._decide("revoke", user_id, code, account)

    def _decide(
        self, verb: str, user_id: int | None, code: str | None, account: str | None
    ) -> Paired:
        # A code names its account by itself.
        whose = account or (None if code else self._account)
        result: Paired = self._ask(
            f"bridge.pairing.{verb}", user_id=user_id, code=code, account=whose
        )
        return result

    def actions(
        self,
        *,
        name: str | None = None,
        peer: Literal["onebot11", "napcat", "llbot", "lagrange", "gocqhttp"]
        | None = None,
    ) -> Catalogue:
        """`bridge.actions`: the catalogue of actions.

        - `name`: a name, an alias or a pattern with `*`.
        - `peer`: only what this one knows; `onebot11` is the standard.
        """
        result: Catalogue = self._ask("bridge.actions", name=name, peer=peer)
        return result

    def media_get(
        self,
        received: Segment | None = None,
        *,
        file: str | None = None,
        file_id: str | None = None,
        url: str | None = None,
        type: Literal["image", "record", "video", "file"] | None = None,
        group_id: int | None = None,
        out_format: str | None = None,
        account: str | None = None,
    ) -> Media:
        """`bridge.media.get`: the bytes of a file that was received.

        Give its segment; or what that says of it, `file`, `file_id` or `url`, and its
        `type`, which is `file` unless told. Whichever way the peer gives the file, it
        comes in one piece.

        - `group_id`: where a group's file is from.
        - `out_format`: of a voice message, `mp3` by default.
        """
        result: Media = self._ask(
            "bridge.media.get",
            **self._names(received, file=file, file_id=file_id, url=url, type=type),
            group_id=group_id,
            out_format=out_format,
            account=account or self._account,
        )
        return result

    @staticmethod
    def _names(received: Segment | None, **given: str | None) -> dict[str, str]:
        """What is known of a file: what is given, else what its segment says."""
        data: Mapping[str, Any] = {}
        if received is not None:
            data = {**(received.raw.get("data") or {}), "type": received.TYPE}
        known = {key: value or data.get(key) for key, value in given.items()}
        return {key: value for key, value in known.items() if isinstance(value, str)}

    def log(
        self,
        level: LogLevel | None = None,
        *,
        content: LogContent | None = None,
        component: str | None = None,
        for_ms: int | None = None,
    ) -> LogState:
        """`bridge.log`: how much the bridge logs, and have it log more or less.

        - `content`: how much of what people said is in the log.
        - `component`: the part whose level it is, e.g. `link`; all by default.
        - `for_ms`: then as the settings have it; until they are read again by
          default.
        """
        result: LogState = self._ask(
            "bridge.log",
            level=level,
            content=content,
            component=component,
            for_ms=for_ms,
        )
        return result

    def reload(self) -> Reloaded:
        """`bridge.reload`: read the settings again.

        With a fault in them it is `BadParams`, and nothing changes.
        """
        result: Reloaded = self._ask("bridge.reload")
        return result


class SyncGuide:
    """The eleven functions over a bus."""

    def __init__(self, actions: SyncActions) -> None:
        self._actions = actions

    def set_group_admin(
        self, account_id: str | None, group_id: int, user_id: int, enable: bool = True
    ) -> None:
        """`set_group_admin`: make a member administrator, or with False no longer."""
        self._actions.set_group_admin(
            group_id, user_id, enable, account=account_id
        )

    def set_group_mute(
        self, account_id: str | None, group_id: int, user_id: int, duration: int = 1800
    ) -> None:
        """`set_group_ban`: mute a member for `duration` seconds; 0 lifts the mute."""
        self._actions.set_group_ban(
            group_id, user_id, duration, account=account_id
        )

    def kick_group_member(
        self,
        account_id: str | None,
        group_id: int,
        user_id: int,
        reject_add_request: bool = False,
    ) -> None:
        """`set_group_kick`: remove a member; with `reject_add_request` for good."""
        self._actions.set_group_kick(
            group_id, user_id, reject_add_request=reject_add_request, account=account_id
        )

    def set_group_whole_mute(
        self, account_id: str | None, group_id: int, enable: bool = True
    ) -> None:
        """`set_group_whole_ban`: mute the whole group, or with False lift that."""
        self._actions.set_group_whole_ban(
            group_id, enable=enable, account=account_id
        )

    def set_group_name(
        self, account_id: str | None, group_id: int, group_name: str
    ) -> None:
        """`set_group_name`: rename the group."""
        self._actions.set_group_name(group_id, group_name, account=account_id)

    def get_group_member_info(
        self,
        account_id: str | None,
        group_id: int,
        user_id: int,
        no_cache: bool = False,
    ) -> GroupMember:
        """`get_group_member_info`: what is known of a member."""
        return self._actions.get_group_member_info(
            group_id, user_id, no_cache=no_cache, account=account_id
        )

    def get_friend_list(self, account_id: str | None) -> list[Friend]:
        """`get_friend_list`: the account's friends."""
        return self._actions.get_friend_list(account=account_id)

    def delete_friend(self, account_id: str | None, user_id: int) -> None:
        """`delete_friend`: end a friendship."""
        self._actions.delete_friend(user_id=user_id, account=account_id)

    def set_friend_remark(
        self, account_id: str | None, user_id: int, remark: str
    ) -> None:
        """`set_friend_remark`: give a friend a name of one's own."""
        self._actions.set_friend_remark(user_id, remark, account=account_id)

    def upload_group_file(
        self,
        account_id: str | None,
        group_id: int,
        file: FileLike,
        folder_id: str | None = None,
        name: str | None = None,
    ) -> Uploaded:
        """`upload_group_file`: put a file into the group's files.

        - `file`: bytes, a `Path` or a `file://` address (both are read here), a URL, or
          a path on the peer's machine.
        - `folder_id`: the folder it is to be in.
        - `name`: what to call it; the name of a local file by default.
        """
        return self._actions.upload_group_file(
            group_id, file, folder=folder_id, name=name, account=account_id
        )

    def upload_private_file(
        self,
        account_id: str | None,
        user_id: int,
        file: FileLike,
        name: str | None = None,
    ) -> Uploaded:
        """`upload_private_file`: send a file to a friend.

        - `file` and `name`: as for `upload_group_file`.
        """
        return self._actions.upload_private_file(
            user_id, file, name=name, account=account_id
        )

    setGroupAdmin = set_group_admin
    setGroupMute = set_group_mute
    kickGroupMember = kick_group_member
    setGroupWholeMute = set_group_whole_mute
    setGroupName = set_group_name
    getGroupMemberInfo = get_group_member_info
    getFriendList = get_friend_list
    deleteFriend = delete_friend
    setFriendRemark = set_friend_remark
    uploadGroupFile = upload_group_file
    uploadPrivateFile = upload_private_file
