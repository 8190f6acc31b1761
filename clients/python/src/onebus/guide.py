"""The functions of the settings guide, in its order of arguments.

    await bus.guide.set_group_mute("default", 20002, 30003, 600)

Each has the guide's own name, too (`setGroupMute`). What it does is an action of
the catalogue, which the bus has as a method; `account_id` is the account's key in
the bridge's settings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._actions import Actions
    from .files import FileLike
    from .results import Friend, GroupMember, Uploaded


class Guide:
    """The eleven functions over a bus."""

    def __init__(self, actions: Actions) -> None:
        self._actions = actions

    async def set_group_admin(
        self, account_id: str | None, group_id: int, user_id: int, enable: bool = True
    ) -> None:
        """`set_group_admin`: make a member administrator, or with False no longer."""
        await self._actions.set_group_admin(
            group_id, user_id, enable, account=account_id
        )

    async def set_group_mute(
        self, account_id: str | None, group_id: int, user_id: int, duration: int = 1800
    ) -> None:
        """`set_group_ban`: mute a member for `duration` seconds; 0 lifts the mute."""
        await self._actions.set_group_ban(
            group_id, user_id, duration, account=account_id
        )

    async def kick_group_member(
        self,
        account_id: str | None,
        group_id: int,
        user_id: int,
        reject_add_request: bool = False,
    ) -> None:
        """`set_group_kick`: remove a member; with `reject_add_request` for good."""
        await self._actions.set_group_kick(
            group_id, user_id, reject_add_request=reject_add_request, account=account_id
        )

    async def set_group_whole_mute(
        self, account_id: str | None, group_id: int, enable: bool = True
    ) -> None:
        """`set_group_whole_ban`: mute the whole group, or with False lift that."""
        await self._actions.set_group_whole_ban(
            group_id, enable=enable, account=account_id
        )

    async def set_group_name(
        self, account_id: str | None, group_id: int, group_name: str
    ) -> None:
        """`set_group_name`: rename the group."""
        await self._actions.set_group_name(group_id, group_name, account=account_id)

    async def get_group_member_info(
        self,
        account_id: str | None,
        group_id: int,
        user_id: int,
        no_cache: bool = False,
    ) -> GroupMember:
        """`get_group_member_info`: what is known of a member."""
        return await self._actions.get_group_member_info(
            group_id, user_id, no_cache=no_cache, account=account_id
        )

    async def get_friend_list(self, account_id: str | None) -> list[Friend]:
        """`get_friend_list`: the account's friends."""
        return await self._actions.get_friend_list(account=account_id)

    async def delete_friend(self, account_id: str | None, user_id: int) -> None:
        """`delete_friend`: end a friendship."""
        await self._actions.delete_friend(user_id=user_id, account=account_id)

    async def set_friend_remark(
        self, account_id: str | None, user_id: int, remark: str
    ) -> None:
        """`set_friend_remark`: give a friend a name of one's own."""
        await self._actions.set_friend_remark(user_id, remark, account=account_id)

    async def upload_group_file(
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
        return await self._actions.upload_group_file(
            group_id, file, folder=folder_id, name=name, account=account_id
        )

    async def upload_private_file(
        self,
        account_id: str | None,
        user_id: int,
        file: FileLike,
        name: str | None = None,
    ) -> Uploaded:
        """`upload_private_file`: send a file to a friend.

        - `file` and `name`: as for `upload_group_file`.
        """
        return await self._actions.upload_private_file(
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
