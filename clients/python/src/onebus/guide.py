"""The functions of the settings guide, in its order of arguments.

    await bus.guide.set_group_mute("default", 20002, 30003, 600)

Each has the guide's own name, too (`setGroupMute`). What it does is an action of
the catalogue, which the bus has as a method; `account_id` is the account's key in
the bridge's settings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._actions import Actions, SyncActions
    from .files import FileLike
    from .results import Friend, GroupMember, Uploaded


class Guide:
    """The eleven functions over a bus."""

    def __init__(self, actions: Actions) -> None:
        self._actions = actions

    async def set_group_admin(
        self, account_id: str | None, group_id: int, user_id: int, enable: bool = True
    ) -> None:
        """Make a member an administrator of the group, or no longer one."""
        await self._actions.set_group_admin(
            group_id, user_id, enable, account=account_id
        )

    async def set_group_mute(
        self, account_id: str | None, group_id: int, user_id: int, duration: int = 1800
    ) -> None:
        """Mute a member for `duration` seconds; 0 lifts the mute."""
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
        """Remove a member from the group; with `reject_add_request` for good."""
        await self._actions.set_group_kick(
            group_id, user_id, reject_add_request=reject_add_request, account=account_id
        )

    async def set_group_whole_mute(
        self, account_id: str | None, group_id: int, enable: bool = True
    ) -> None:
        """Mute the whole group, or lift that."""
        await self._actions.set_group_whole_ban(
            group_id, enable=enable, account=account_id
        )

    async def set_group_name(
        self, account_id: str | None, group_id: int, group_name: str
    ) -> None:
        """Rename the group."""
        await self._actions.set_group_name(group_id, group_name, account=account_id)

    async def get_group_member_info(
        self,
        account_id: str | None,
        group_id: int,
        user_id: int,
        no_cache: bool = False,
    ) -> GroupMember:
        """What is known of a member."""
        return await self._actions.get_group_member_info(
            group_id, user_id, no_cache=no_cache, account=account_id
        )

    async def get_friend_list(self, account_id: str | None) -> list[Friend]:
        """The account's friends."""
        return await self._actions.get_friend_list(account=account_id)

    async def delete_friend(self, account_id: str | None, user_id: int) -> None:
        """End a friendship."""
        await self._actions.delete_friend(user_id=user_id, account=account_id)

    async def set_friend_remark(
        self, account_id: str | None, user_id: int, remark: str
    ) -> None:
        """Give a friend a name of one's own."""
        await self._actions.set_friend_remark(user_id, remark, account=account_id)

    async def upload_group_file(
        self,
        account_id: str | None,
        group_id: int,
        file: FileLike,
        folder_id: str | None = None,
        name: str | None = None,
    ) -> Uploaded:
        """Put a file into the group's files, in a folder of them if one is named."""
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
        """Send a file to a friend."""
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


class SyncGuide:
    """The eleven functions over a synchronous bus."""

    def __init__(self, actions: SyncActions) -> None:
        self._actions = actions

    def set_group_admin(
        self, account_id: str | None, group_id: int, user_id: int, enable: bool = True
    ) -> None:
        """Make a member an administrator of the group, or no longer one."""
        self._actions.set_group_admin(group_id, user_id, enable, account=account_id)

    def set_group_mute(
        self, account_id: str | None, group_id: int, user_id: int, duration: int = 1800
    ) -> None:
        """Mute a member for `duration` seconds; 0 lifts the mute."""
        self._actions.set_group_ban(group_id, user_id, duration, account=account_id)

    def kick_group_member(
        self,
        account_id: str | None,
        group_id: int,
        user_id: int,
        reject_add_request: bool = False,
    ) -> None:
        """Remove a member from the group; with `reject_add_request` for good."""
        self._actions.set_group_kick(
            group_id, user_id, reject_add_request=reject_add_request, account=account_id
        )

    def set_group_whole_mute(
        self, account_id: str | None, group_id: int, enable: bool = True
    ) -> None:
        """Mute the whole group, or lift that."""
        self._actions.set_group_whole_ban(group_id, enable=enable, account=account_id)

    def set_group_name(
        self, account_id: str | None, group_id: int, group_name: str
    ) -> None:
        """Rename the group."""
        self._actions.set_group_name(group_id, group_name, account=account_id)

    def get_group_member_info(
        self,
        account_id: str | None,
        group_id: int,
        user_id: int,
        no_cache: bool = False,
    ) -> GroupMember:
        """What is known of a member."""
        return self._actions.get_group_member_info(
            group_id, user_id, no_cache=no_cache, account=account_id
        )

    def get_friend_list(self, account_id: str | None) -> list[Friend]:
        """The account's friends."""
        return self._actions.get_friend_list(account=account_id)

    def delete_friend(self, account_id: str | None, user_id: int) -> None:
        """End a friendship."""
        self._actions.delete_friend(user_id=user_id, account=account_id)

    def set_friend_remark(
        self, account_id: str | None, user_id: int, remark: str
    ) -> None:
        """Give a friend a name of one's own."""
        self._actions.set_friend_remark(user_id, remark, account=account_id)

    def upload_group_file(
        self,
        account_id: str | None,
        group_id: int,
        file: FileLike,
        folder_id: str | None = None,
        name: str | None = None,
    ) -> Uploaded:
        """Put a file into the group's files, in a folder of them if one is named."""
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
        """Send a file to a friend."""
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
