"""Every action of the catalogue as a method.

Made from schema/actions.json and schema/results.json by `python -m generate`: edit
those.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from .files import FileLike
    from .message import MessageLike
    from .results import (
        AiCharacterGroup,
        AiRecordSent,
        CanSend,
        ClientKey,
        Cookies,
        Credentials,
        CsrfToken,
        DoubtfulFriendRequest,
        DownloadedFile,
        EmojiLikeUsers,
        EmojiLikers,
        EssenceMessage,
        FileInfo,
        FileSetId,
        FileUrl,
        FolderCreated,
        Friend,
        FriendCategory,
        GroupAtAllRemain,
        GroupFileSystemInfo,
        GroupFiles,
        GroupHonor,
        GroupIgnoredNotifies,
        GroupIgnoredRequest,
        GroupInfo,
        GroupMember,
        GroupNotice,
        GroupSigner,
        GroupSystemMessages,
        GuildMemberList,
        GuildMessageSent,
        GuildRoleCreated,
        KernelResult,
        LoginInfo,
        MessageInfo,
        MessageSent,
        Messages,
        MiniAppArk,
        ModelShow,
        Ok,
        PortraitSet,
        ProfileLikes,
        QidianAccount,
        QunAlbumList,
        QzonePosted,
        RecentContact,
        Rkey,
        RkeyOld,
        RkeyServer,
        SpokenText,
        Status,
        StrangerInfo,
        StreamedFile,
        TestStream,
        Translation,
        UnidirectionalFriend,
        UploadProgress,
        Uploaded,
        UrlSafety,
        UserStatus,
        VersionInfo,
        WordSlices,
    )

#: The actions that only read, and their aliases.
READS = frozenset(
    {
        ".get_word_slices",
        ".ocr_image",
        "ArkShareGroup",
        "ArkSharePeer",
        "_get_group_notice",
        "_get_model_show",
        "can_send_image",
        "can_send_record",
        "check_url_safely",
        "download_file_image_stream",
        "download_file_record_stream",
        "download_file_stream",
        "fetch_custom_face",
        "fetch_custom_face_detail",
        "fetch_emoji_like",
        "fetch_ptt_text",
        "getFriendList",
        "getGroupMemberInfo",
        "get_ai_characters",
        "get_ai_record",
        "get_clientkey",
        "get_collection_list",
        "get_cookies",
        "get_credentials",
        "get_csrf_token",
        "get_doubt_friends_add_request",
        "get_emoji_likes",
        "get_essence_msg_list",
        "get_file",
        "get_fileset_id",
        "get_fileset_info",
        "get_flash_file_list",
        "get_flash_file_url",
        "get_forward_msg",
        "get_friend_list",
        "get_friend_msg_history",
        "get_friends_with_category",
        "get_group_album_media_list",
        "get_group_at_all_remain",
        "get_group_detail_info",
        "get_group_file_system_info",
        "get_group_file_url",
        "get_group_files_by_folder",
        "get_group_honor_info",
        "get_group_ignore_add_request",
        "get_group_ignored_notifies",
        "get_group_info",
        "get_group_info_ex",
        "get_group_list",
        "get_group_member_info",
        "get_group_member_list",
        "get_group_msg_history",
        "get_group_root_files",
        "get_group_shut_list",
        "get_group_signed_list",
        "get_group_system_msg",
        "get_guild_channel_list",
        "get_guild_list",
        "get_guild_member_list",
        "get_guild_member_profile",
        "get_guild_meta_by_guest",
        "get_guild_msg",
        "get_guild_roles",
        "get_guild_service_profile",
        "get_image",
        "get_login_info",
        "get_mini_app_ark",
        "get_msg",
        "get_online_clients",
        "get_online_file_msg",
        "get_private_file_url",
        "get_profile_like",
        "get_qun_album_list",
        "get_recent_contact",
        "get_record",
        "get_rkey",
        "get_rkey_server",
        "get_robot_uin_range",
        "get_share_link",
        "get_status",
        "get_stranger_info",
        "get_topic_channel_feeds",
        "get_unidirectional_friend_list",
        "get_version_info",
        "nc_get_packet_status",
        "nc_get_rkey",
        "nc_get_user_status",
        "ocr_image",
        "qidian_get_account_info",
        "send_ark_share",
        "send_group_ark_share",
        "test_auto_register_01",
        "test_auto_register_02",
        "test_download_stream",
        "translate_en2zh",
    }
)

#: Those that are answered in parts.
STREAMS = frozenset(
    {
        "download_file_image_stream",
        "download_file_record_stream",
        "download_file_stream",
        "test_download_stream",
    }
)

#: The parameters that take a file, and those that take its name, if any; of
#: aliases, too.
MEDIA: Mapping[str, Mapping[str, str]] = {
    ".ocr_image": {"image": ""},
    "_send_group_notice": {"image": ""},
    "add_custom_face": {"file": "file_name"},
    "create_flash_task": {"files": "", "thumb_path": ""},
    "ocr_image": {"image": ""},
    "send_online_file": {"file_path": "file_name"},
    "send_qzone_msg": {"images": ""},
    "set_group_portrait": {"file": ""},
    "set_qq_avatar": {"file": ""},
    "upload_group_file": {"file": "name"},
    "uploadGroupFile": {"file": "name"},
    "upload_image_to_qun_album": {"file": ""},
    "upload_private_file": {"file": "name"},
    "uploadPrivateFile": {"file": "name"},
}


class Actions(ABC):
    """Every action of the catalogue.

    What is None is left out. `account` is its key in the bridge's settings, needed
    where there are several; `timeout` is in seconds; with the same `idempotency_key` a
    call is carried out once, however often it is made. What fails raises a
    `BridgeError`.
    """

    @abstractmethod
    async def _act(
        self,
        action: str,
        params: dict[str, Any],
        account: str | None,
        timeout: float | None,
        idempotency_key: str | None,
    ) -> Any:
        """Call `action` and give its data."""

    async def get_word_slices(
        self,
        content: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> WordSlices:
        """Cut a text into words.

        The action `.get_word_slices`, a read; known to go-cqhttp.

        - `content`: the text.
        """
        params: dict[str, Any] = {
            "content": content,
        }
        result: WordSlices = await self._act(
            ".get_word_slices", params, account, timeout, idempotency_key
        )
        return result

    async def handle_quick_operation(
        self,
        context: Mapping[str, Any],
        operation: Mapping[str, Any],
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """What the answer to an event by HTTP would do.

        The action `.handle_quick_operation`, a write; known to OneBot 11, NapCat,
        go-cqhttp, LLBot.

        NapCat knows only `reply`, and answers ok whatever comes of it.

        - `context`: the event that is answered.
        - `operation`: what to do about it: `reply`, `delete`, `ban`, `approve` ….
        """
        params: dict[str, Any] = {
            "context": context,
            "operation": operation,
        }
        await self._act(
            ".handle_quick_operation", params, account, timeout, idempotency_key
        )

    async def dot_ocr_image(
        self,
        image: FileLike,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Read the text in a picture.

        The action `.ocr_image`, a read; known to NapCat, go-cqhttp, Lagrange.

        - `image`: the picture; bytes, a `Path` or a `file://` address (both are read
          here), a URL, or a path on the peer's machine.
        """
        params: dict[str, Any] = {
            "image": image,
        }
        result: Any = await self._act(
            ".ocr_image", params, account, timeout, idempotency_key
        )
        return result

    async def ark_share_group(
        self,
        group_id: int,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> str:
        """The card that recommends a group.

        The action `ArkShareGroup`, a read; known to NapCat.

        Older name of send_group_ark_share; gives the card, sends nothing.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
        }
        result: str = await self._act(
            "ArkShareGroup", params, account, timeout, idempotency_key
        )
        return result

    async def ark_share_peer(
        self,
        *,
        user_id: int | None = None,
        group_id: int | None = None,
        phone_number: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """The card that recommends a user or a group.

        The action `ArkSharePeer`, a read; known to NapCat.

        Needs `user_id` or `group_id`. Older name of send_ark_share; gives the card,
        sends nothing.

        - `phone_number`: of the user, for the card.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "group_id": group_id,
            "phone_number": phone_number,
        }
        result: Any = await self._act(
            "ArkSharePeer", params, account, timeout, idempotency_key
        )
        return result

    async def del_group_notice(
        self,
        group_id: int,
        notice_id: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> KernelResult:
        """Delete a notice of a group.

        The action `_del_group_notice`, a write; known to NapCat, go-cqhttp, Lagrange.

        - `notice_id`: as `_get_group_notice` gives it.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "notice_id": notice_id,
        }
        result: KernelResult = await self._act(
            "_del_group_notice", params, account, timeout, idempotency_key
        )
        return result

    async def get_group_notice(
        self,
        group_id: int,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[GroupNotice]:
        """The notices of a group.

        The action `_get_group_notice`, a read; known to NapCat, go-cqhttp, Lagrange,
        LLBot.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
        }
        result: list[GroupNotice] = await self._act(
            "_get_group_notice", params, account, timeout, idempotency_key
        )
        return result

    async def get_model_show(
        self,
        *,
        model: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[ModelShow]:
        """The names that a device may be shown by.

        The action `_get_model_show`, a read; known to NapCat, go-cqhttp.

        NapCat's answer is fixed.

        - `model`: the device.
        """
        params: dict[str, Any] = {
            "model": model,
        }
        result: list[ModelShow] = await self._act(
            "_get_model_show", params, account, timeout, idempotency_key
        )
        return result

    async def mark_all_as_read(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Mark all chats as read.

        The action `_mark_all_as_read`, a write; known to NapCat.
        """
        params: dict[str, Any] = {}
        await self._act("_mark_all_as_read", params, account, timeout, idempotency_key)

    async def send_group_notice(
        self,
        group_id: int,
        content: str,
        *,
        image: FileLike | None = None,
        pinned: int | None = None,
        type: int | None = None,
        confirm_required: int | None = None,
        is_show_edit_card: int | None = None,
        tip_window_type: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Post a notice in a group.

        The action `_send_group_notice`, a write; known to NapCat, go-cqhttp, Lagrange,
        LLBot.

        - `content`: its text.
        - `image`: a picture beside it; bytes, a `Path` or a `file://` address (both are
          read here), a URL, or a path on the peer's machine.
        - `pinned`: 1 keeps it on top; `0` by default.
        - `type`: as QQ numbers it; `1` by default.
        - `confirm_required`: 1 asks members to confirm it; `1` by default.
        - `is_show_edit_card`: 1 asks members to set their name in the group; `0` by
          default.
        - `tip_window_type`: whether it pops up, as QQ numbers it; `0` by default.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "content": content,
            "image": image,
            "pinned": pinned,
            "type": type,
            "confirm_required": confirm_required,
            "is_show_edit_card": is_show_edit_card,
            "tip_window_type": tip_window_type,
        }
        await self._act("_send_group_notice", params, account, timeout, idempotency_key)

    async def set_model_show(
        self,
        *,
        model: str | None = None,
        model_show: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Choose the device name that QQ shows.

        The action `_set_model_show`, a write; known to NapCat, go-cqhttp.

        NapCat does nothing.

        - `model`: the device; needed by go-cqhttp.
        - `model_show`: one of the names that `_get_model_show` gives; needed by
          go-cqhttp.
        """
        params: dict[str, Any] = {
            "model": model,
            "model_show": model_show,
        }
        await self._act("_set_model_show", params, account, timeout, idempotency_key)

    async def add_custom_face(
        self,
        file: FileLike,
        *,
        emoji_id: int | str | None = None,
        package_id: int | str | None = None,
        file_name: str | None = None,
        file_size: int | str | None = None,
        md5: str | None = None,
        is_mark_face: bool | None = None,
        is_origin: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> KernelResult:
        """Add a picture to the account's own faces.

        A write; known to NapCat.

        - `file`: the picture; bytes, a `Path` or a `file://` address (both are read
          here), a URL, or a path on the peer's machine.
        - `emoji_id`: of a face of QQ's shop.
        - `package_id`: of a face of QQ's shop.
        - `is_mark_face`: whether it is a face of QQ's shop.
        """
        params: dict[str, Any] = {
            "file": file,
            "emoji_id": emoji_id,
            "package_id": package_id,
            "file_name": file_name,
            "file_size": file_size,
            "md5": md5,
            "is_mark_face": is_mark_face,
            "is_origin": is_origin,
        }
        result: KernelResult = await self._act(
            "add_custom_face", params, account, timeout, idempotency_key
        )
        return result

    async def bot_exit(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """End the implementation.

        A write; known to NapCat.

        No answer comes. The process ends at once, and the connection breaks.
        """
        params: dict[str, Any] = {}
        await self._act("bot_exit", params, account, timeout, idempotency_key)

    async def can_send_image(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> CanSend:
        """Whether pictures can be sent.

        A read; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.
        """
        params: dict[str, Any] = {}
        result: CanSend = await self._act(
            "can_send_image", params, account, timeout, idempotency_key
        )
        return result

    async def can_send_record(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> CanSend:
        """Whether voice messages can be sent.

        A read; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.
        """
        params: dict[str, Any] = {}
        result: CanSend = await self._act(
            "can_send_record", params, account, timeout, idempotency_key
        )
        return result

    async def cancel_group_album_media_like(
        self,
        group_id: int,
        album_id: str,
        batch_id: str,
        *,
        lloc: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Take back the like of a picture in a group's album.

        A write; known to NapCat.

        - `album_id`: as `get_qun_album_list` gives it.
        - `batch_id`: as `get_group_album_media_list` gives it.
        - `lloc`: the picture, as `get_group_album_media_list` gives it.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "album_id": album_id,
            "batch_id": batch_id,
            "lloc": lloc,
        }
        result: Any = await self._act(
            "cancel_group_album_media_like", params, account, timeout, idempotency_key
        )
        return result

    async def cancel_group_todo(
        self,
        group_id: int,
        *,
        message_id: int | str | None = None,
        message_seq: int | str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Take back a to-do of a group.

        A write; known to NapCat.

        - `message_id`: the message; this or `message_seq`.
        - `message_seq`: its number in the group.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "message_id": message_id,
            "message_seq": message_seq,
        }
        await self._act("cancel_group_todo", params, account, timeout, idempotency_key)

    async def cancel_online_file(
        self,
        user_id: int,
        msg_id: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Take back a file that was offered for direct transfer.

        A write; known to NapCat.

        - `msg_id`: the message with the offer.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "msg_id": msg_id,
        }
        result: Any = await self._act(
            "cancel_online_file", params, account, timeout, idempotency_key
        )
        return result

    async def check_url_safely(
        self,
        url: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> UrlSafety:
        """Whether QQ takes an address to be safe.

        A read; known to NapCat, go-cqhttp.

        NapCat calls everything safe.
        """
        params: dict[str, Any] = {
            "url": url,
        }
        result: UrlSafety = await self._act(
            "check_url_safely", params, account, timeout, idempotency_key
        )
        return result

    async def clean_cache(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Empty the implementation's cache.

        A write; known to OneBot 11, NapCat, LLBot.
        """
        params: dict[str, Any] = {}
        await self._act("clean_cache", params, account, timeout, idempotency_key)

    async def clean_stream_temp_file(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Delete what streams have left on the implementation's disk.

        A write; known to NapCat.
        """
        params: dict[str, Any] = {}
        await self._act(
            "clean_stream_temp_file", params, account, timeout, idempotency_key
        )

    async def click_inline_keyboard_button(
        self,
        group_id: int,
        bot_appid: str,
        *,
        button_id: str | None = None,
        callback_data: str | None = None,
        msg_seq: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Press a button below the message of another bot.

        A write; known to NapCat.

        - `bot_appid`: the bot.
        - `button_id`: the button.
        - `callback_data`: what the button stands for.
        - `msg_seq`: number of the message in the group; `10086` by default.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "bot_appid": bot_appid,
            "button_id": button_id,
            "callback_data": callback_data,
            "msg_seq": msg_seq,
        }
        result: Any = await self._act(
            "click_inline_keyboard_button", params, account, timeout, idempotency_key
        )
        return result

    async def complete_group_todo(
        self,
        group_id: int,
        *,
        message_id: int | str | None = None,
        message_seq: int | str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Mark a to-do of a group as done.

        A write; known to NapCat.

        - `message_id`: the message; this or `message_seq`.
        - `message_seq`: its number in the group.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "message_id": message_id,
            "message_seq": message_seq,
        }
        await self._act(
            "complete_group_todo", params, account, timeout, idempotency_key
        )

    async def create_collection(
        self,
        raw_data: str,
        brief: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> KernelResult:
        """Put a text into the account's collection.

        A write; known to NapCat.

        - `raw_data`: `rawData`; the text.
        - `brief`: its title.
        """
        params: dict[str, Any] = {
            "rawData": raw_data,
            "brief": brief,
        }
        result: KernelResult = await self._act(
            "create_collection", params, account, timeout, idempotency_key
        )
        return result

    async def create_flash_task(
        self,
        files: FileLike | Sequence[FileLike],
        *,
        name: str | None = None,
        thumb_path: FileLike | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Upload files for a flash transfer.

        A write; known to NapCat.

        - `files`: bytes, a `Path` or a `file://` address (both are read here), a URL,
          or a path on the peer's machine.
        - `name`: what to call it.
        - `thumb_path`: a picture of it; bytes, a `Path` or a `file://` address (both
          are read here), a URL, or a path on the peer's machine.
        """
        params: dict[str, Any] = {
            "files": files,
            "name": name,
            "thumb_path": thumb_path,
        }
        result: Any = await self._act(
            "create_flash_task", params, account, timeout, idempotency_key
        )
        return result

    async def create_group_file_folder(
        self,
        group_id: int,
        *,
        name: str | None = None,
        parent_id: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> FolderCreated:
        """Create a folder among a group's files.

        A write; known to NapCat, go-cqhttp, Lagrange, LLBot.

        - `name`: what to call it; needed by NapCat, go-cqhttp.
        - `parent_id`: the folder it is to be in.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "name": name,
            "parent_id": parent_id,
        }
        result: FolderCreated = await self._act(
            "create_group_file_folder", params, account, timeout, idempotency_key
        )
        return result

    async def create_guild_role(
        self,
        guild_id: int | str,
        name: str,
        *,
        color: int | None = None,
        independent: bool | None = None,
        initial_users: Sequence[str] | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> GuildRoleCreated:
        """Create a role in a guild.

        A write; known to go-cqhttp.

        - `name`: what to call it.
        - `color`: 0xAARRGGBB.
        - `independent`: whether its members are listed by themselves.
        - `initial_users`: who has it from the beginning.
        """
        params: dict[str, Any] = {
            "guild_id": guild_id,
            "name": name,
            "color": color,
            "independent": independent,
            "initial_users": initial_users,
        }
        result: GuildRoleCreated = await self._act(
            "create_guild_role", params, account, timeout, idempotency_key
        )
        return result

    async def del_group_album_media(
        self,
        group_id: int,
        album_id: str,
        lloc: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Delete a picture of a group's album.

        A write; known to NapCat.

        - `album_id`: as `get_qun_album_list` gives it.
        - `lloc`: the picture, as `get_group_album_media_list` gives it.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "album_id": album_id,
            "lloc": lloc,
        }
        result: Any = await self._act(
            "del_group_album_media", params, account, timeout, idempotency_key
        )
        return result

    async def delete_custom_face(
        self,
        *,
        res_id: str | Sequence[str] | None = None,
        id: str | Sequence[str] | None = None,
        ids: str | Sequence[str] | None = None,
        md5: str | Sequence[str] | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> KernelResult:
        """Delete some of the account's own faces.

        A write; known to NapCat.

        - `res_id`: resource ids, one or several.
        - `id`: ids, one or several.
        - `ids`: ids, one or several.
        - `md5`: MD5 sums, one or several.
        """
        params: dict[str, Any] = {
            "res_id": res_id,
            "id": id,
            "ids": ids,
            "md5": md5,
        }
        result: KernelResult = await self._act(
            "delete_custom_face", params, account, timeout, idempotency_key
        )
        return result

    async def delete_essence_msg(
        self,
        *,
        message_id: int | str | None = None,
        msg_seq: str | None = None,
        msg_random: str | None = None,
        group_id: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> KernelResult:
        """No longer mark it.

        A write; known to NapCat, go-cqhttp, Lagrange, LLBot.

        - `message_id`: the message; this, or the two others.
        - `msg_seq`: its number in the group.
        - `msg_random`: its random number.
        """
        params: dict[str, Any] = {
            "message_id": message_id,
            "msg_seq": msg_seq,
            "msg_random": msg_random,
            "group_id": group_id,
        }
        result: KernelResult = await self._act(
            "delete_essence_msg", params, account, timeout, idempotency_key
        )
        return result

    async def delete_friend(
        self,
        user_id: int,
        *,
        temp_block: bool | None = None,
        temp_both_del: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> dict[str, Any]:
        """Remove a friend.

        A write; known to NapCat, go-cqhttp, Lagrange, LLBot.

        NapCat answers ok even where nothing was deleted.

        - `temp_block`: whether to block them.
        - `temp_both_del`: whether to leave their list of friends, too.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "temp_block": temp_block,
            "temp_both_del": temp_both_del,
        }
        result: dict[str, Any] = await self._act(
            "delete_friend", params, account, timeout, idempotency_key
        )
        return result

    async def delete_group_file(
        self,
        group_id: int,
        file_id: str,
        *,
        busid: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> KernelResult:
        """Delete a file of a group.

        A write; known to NapCat, go-cqhttp, Lagrange, LLBot.

        - `file_id`: as the list of files, or the event of the upload, gives it.
        - `busid`: where it is stored, as the list of files says.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "file_id": file_id,
            "busid": busid,
        }
        result: KernelResult = await self._act(
            "delete_group_file", params, account, timeout, idempotency_key
        )
        return result

    async def delete_group_folder(
        self,
        group_id: int,
        folder_id: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> KernelResult:
        """Delete a folder of a group's files.

        A write; known to NapCat, go-cqhttp, LLBot.

        - `folder_id`: as the list of files gives it.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "folder_id": folder_id,
        }
        result: KernelResult = await self._act(
            "delete_group_folder", params, account, timeout, idempotency_key
        )
        return result

    async def delete_guild_role(
        self,
        guild_id: int | str,
        role_id: int | str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Delete a role of a guild.

        A write; known to go-cqhttp.
        """
        params: dict[str, Any] = {
            "guild_id": guild_id,
            "role_id": role_id,
        }
        await self._act("delete_guild_role", params, account, timeout, idempotency_key)

    async def delete_msg(
        self,
        message_id: int | str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Recall a message.

        A write; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

        NapCat remembers the last 5000 ids.
        """
        params: dict[str, Any] = {
            "message_id": message_id,
        }
        await self._act("delete_msg", params, account, timeout, idempotency_key)

    async def delete_qzone_msg(
        self,
        tid: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Delete a post of the account's Qzone.

        A write; known to NapCat.

        - `tid`: as `send_qzone_msg` gives it.
        """
        params: dict[str, Any] = {
            "tid": tid,
        }
        await self._act("delete_qzone_msg", params, account, timeout, idempotency_key)

    async def delete_unidirectional_friend(
        self,
        user_id: int,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Remove a one-sided friend.

        A write; known to go-cqhttp.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
        }
        await self._act(
            "delete_unidirectional_friend", params, account, timeout, idempotency_key
        )

    async def do_group_album_comment(
        self,
        group_id: int,
        album_id: str,
        lloc: str,
        content: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Comment on a picture of a group's album.

        A write; known to NapCat.

        - `album_id`: as `get_qun_album_list` gives it.
        - `lloc`: the picture, as `get_group_album_media_list` gives it.
        - `content`: what to say.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "album_id": album_id,
            "lloc": lloc,
            "content": content,
        }
        result: Any = await self._act(
            "do_group_album_comment", params, account, timeout, idempotency_key
        )
        return result

    async def download_file(
        self,
        *,
        url: str | None = None,
        base64: bytes | str | None = None,
        name: str | None = None,
        headers: str | Sequence[str] | None = None,
        thread_count: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> DownloadedFile:
        """Have a file fetched to the implementation's disk.

        A write; known to NapCat, go-cqhttp, LLBot.

        Needs `url` or `base64`.

        - `url`: where it is.
        - `base64`: its bytes, as bin or base64.
        - `name`: what to call it.
        - `headers`: headers of the request, each as `Name: value`.
        - `thread_count`: how many connections to use.
        """
        params: dict[str, Any] = {
            "url": url,
            "base64": base64,
            "name": name,
            "headers": headers,
            "thread_count": thread_count,
        }
        result: DownloadedFile = await self._act(
            "download_file", params, account, timeout, idempotency_key
        )
        return result

    async def download_file_image_stream(
        self,
        *,
        file: str | None = None,
        file_id: str | None = None,
        chunk_size: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> StreamedFile:
        """A picture in chunks.

        A read; known to NapCat.

        Needs `file` or `file_id`. The bridge gathers the frames of the answer.

        - `file`: its name or id, as in the segment.
        - `file_id`: its id, as in the segment.
        - `chunk_size`: how many bytes a frame has; `65536` by default.
        """
        params: dict[str, Any] = {
            "file": file,
            "file_id": file_id,
            "chunk_size": chunk_size,
        }
        result: StreamedFile = await self._act(
            "download_file_image_stream", params, account, timeout, idempotency_key
        )
        return result

    async def download_file_record_stream(
        self,
        *,
        file: str | None = None,
        file_id: str | None = None,
        chunk_size: int | None = None,
        out_format: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> StreamedFile:
        """A voice message in chunks.

        A read; known to NapCat.

        Needs `file` or `file_id`. The bridge gathers the frames of the answer.

        - `file`: its name or id, as in the segment.
        - `file_id`: its id, as in the segment.
        - `chunk_size`: how many bytes a frame has; `65536` by default.
        - `out_format`: what to convert it to.
        """
        params: dict[str, Any] = {
            "file": file,
            "file_id": file_id,
            "chunk_size": chunk_size,
            "out_format": out_format,
        }
        result: StreamedFile = await self._act(
            "download_file_record_stream", params, account, timeout, idempotency_key
        )
        return result

    async def download_file_stream(
        self,
        *,
        file: str | None = None,
        file_id: str | None = None,
        chunk_size: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> StreamedFile:
        """A file in chunks.

        A read; known to NapCat.

        Needs `file` or `file_id`. The bridge gathers the frames of the answer.

        - `file`: its name or id, as in the segment.
        - `file_id`: its id, as in the segment.
        - `chunk_size`: how many bytes a frame has; `65536` by default.
        """
        params: dict[str, Any] = {
            "file": file,
            "file_id": file_id,
            "chunk_size": chunk_size,
        }
        result: StreamedFile = await self._act(
            "download_file_stream", params, account, timeout, idempotency_key
        )
        return result

    async def download_fileset(
        self,
        fileset_id: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Fetch a flash transfer to the implementation's disk.

        A write; known to NapCat.

        - `fileset_id`: the transfer.
        """
        params: dict[str, Any] = {
            "fileset_id": fileset_id,
        }
        result: Any = await self._act(
            "download_fileset", params, account, timeout, idempotency_key
        )
        return result

    async def fetch_custom_face(
        self,
        *,
        count: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[str]:
        """The addresses of the account's own faces.

        A read; known to NapCat, Lagrange, LLBot.

        - `count`: how many at most; `48` by default.
        """
        params: dict[str, Any] = {
            "count": count,
        }
        result: list[str] = await self._act(
            "fetch_custom_face", params, account, timeout, idempotency_key
        )
        return result

    async def fetch_custom_face_detail(
        self,
        *,
        count: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """The account's own faces, with what is known of each.

        A read; known to NapCat.

        - `count`: how many at most; `48` by default.
        """
        params: dict[str, Any] = {
            "count": count,
        }
        result: Any = await self._act(
            "fetch_custom_face_detail", params, account, timeout, idempotency_key
        )
        return result

    async def fetch_emoji_like(
        self,
        message_id: int | str,
        *,
        emoji_id: int | None = None,
        emoji_type: int | None = None,
        count: int | None = None,
        cookie: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> EmojiLikers:
        """Who has reacted to a message with an emoji, in pages.

        A read; known to NapCat, LLBot.

        - `emoji_id`: `emojiId`; the number of a face, or the code point of an emoji;
          needed by NapCat.
        - `emoji_type`: `emojiType`; 1 is a face, 2 an emoji; needed by NapCat.
        - `count`: how many at most; `20` by default.
        - `cookie`: where the page before ended, as its answer says.
        """
        params: dict[str, Any] = {
            "message_id": message_id,
            "emojiId": emoji_id,
            "emojiType": emoji_type,
            "count": count,
            "cookie": cookie,
        }
        result: EmojiLikers = await self._act(
            "fetch_emoji_like", params, account, timeout, idempotency_key
        )
        return result

    async def fetch_ptt_text(
        self,
        message_id: int | str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> SpokenText:
        """What a voice message says.

        A read; known to NapCat.
        """
        params: dict[str, Any] = {
            "message_id": message_id,
        }
        result: SpokenText = await self._act(
            "fetch_ptt_text", params, account, timeout, idempotency_key
        )
        return result

    async def forward_friend_single_msg(
        self,
        message_id: int | str,
        user_id: int,
        *,
        group_id: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Forward one message to a user.

        A write; known to NapCat, LLBot.

        On NapCat user_id wins over group_id.
        """
        params: dict[str, Any] = {
            "message_id": message_id,
            "user_id": user_id,
            "group_id": group_id,
        }
        await self._act(
            "forward_friend_single_msg", params, account, timeout, idempotency_key
        )

    async def forward_group_single_msg(
        self,
        message_id: int | str,
        group_id: int,
        *,
        user_id: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Forward one message to a group.

        A write; known to NapCat, LLBot.

        On NapCat user_id wins over group_id.
        """
        params: dict[str, Any] = {
            "message_id": message_id,
            "group_id": group_id,
            "user_id": user_id,
        }
        await self._act(
            "forward_group_single_msg", params, account, timeout, idempotency_key
        )

    async def friend_poke(
        self,
        user_id: int,
        *,
        group_id: int | None = None,
        target_id: int | str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Poke a friend.

        A write; known to NapCat, Lagrange, LLBot.

        - `target_id`: whom to poke, where that is not `user_id`.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "group_id": group_id,
            "target_id": target_id,
        }
        await self._act("friend_poke", params, account, timeout, idempotency_key)

    async def get_ai_characters(
        self,
        group_id: int,
        *,
        chat_type: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[AiCharacterGroup]:
        """The made voices that there are for a group.

        A read; known to NapCat, Lagrange, LLBot.

        - `chat_type`: kind of chat, as QQ numbers it; `1` by default.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "chat_type": chat_type,
        }
        result: list[AiCharacterGroup] = await self._act(
            "get_ai_characters", params, account, timeout, idempotency_key
        )
        return result

    async def get_ai_record(
        self,
        character: str,
        group_id: int,
        text: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> str:
        """The address of a text spoken by a made voice.

        A read; known to NapCat, Lagrange.

        - `character`: the voice, as `get_ai_characters` gives it.
        - `text`: what to say.
        """
        params: dict[str, Any] = {
            "character": character,
            "group_id": group_id,
            "text": text,
        }
        result: str = await self._act(
            "get_ai_record", params, account, timeout, idempotency_key
        )
        return result

    async def get_clientkey(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> ClientKey:
        """The key with which the account enters sites of QQ.

        A read; known to NapCat.
        """
        params: dict[str, Any] = {}
        result: ClientKey = await self._act(
            "get_clientkey", params, account, timeout, idempotency_key
        )
        return result

    async def get_collection_list(
        self,
        category: str,
        *,
        count: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """The account's collection.

        A read; known to NapCat.

        - `category`: kind of things, as QQ numbers it.
        - `count`: how many at most; `50` by default.
        """
        params: dict[str, Any] = {
            "category": category,
            "count": count,
        }
        result: Any = await self._act(
            "get_collection_list", params, account, timeout, idempotency_key
        )
        return result

    async def get_cookies(
        self,
        *,
        domain: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Cookies:
        """Cookies for a site of QQ.

        A read; known to OneBot 11, NapCat, Lagrange, LLBot.

        - `domain`: the site, such as `qun.qq.com`; needed by NapCat.
        """
        params: dict[str, Any] = {
            "domain": domain,
        }
        result: Cookies = await self._act(
            "get_cookies", params, account, timeout, idempotency_key
        )
        return result

    async def get_credentials(
        self,
        *,
        domain: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Credentials:
        """Cookies and token in one.

        A read; known to OneBot 11, NapCat, Lagrange, LLBot.

        NapCat calls the token `token`, the standard `csrf_token`.

        - `domain`: the site, such as `qun.qq.com`; needed by NapCat.
        """
        params: dict[str, Any] = {
            "domain": domain,
        }
        result: Credentials = await self._act(
            "get_credentials", params, account, timeout, idempotency_key
        )
        return result

    async def get_csrf_token(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> CsrfToken:
        """The token for sites of QQ.

        A read; known to OneBot 11, NapCat, Lagrange, LLBot.
        """
        params: dict[str, Any] = {}
        result: CsrfToken = await self._act(
            "get_csrf_token", params, account, timeout, idempotency_key
        )
        return result

    async def get_doubt_friends_add_request(
        self,
        *,
        count: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[DoubtfulFriendRequest]:
        """Friend requests that QQ holds to be doubtful.

        A read; known to NapCat, LLBot.

        - `count`: how many at most; `50` by default.
        """
        params: dict[str, Any] = {
            "count": count,
        }
        result: list[DoubtfulFriendRequest] = await self._act(
            "get_doubt_friends_add_request", params, account, timeout, idempotency_key
        )
        return result

    async def get_emoji_likes(
        self,
        message_id: int | str,
        emoji_id: str,
        *,
        group_id: int | None = None,
        emoji_type: str | None = None,
        count: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> EmojiLikeUsers:
        """Who has reacted to a message with an emoji.

        A read; known to NapCat.

        - `emoji_id`: the number of a face, or the code point of an emoji.
        - `emoji_type`: 1 is a face, 2 an emoji.
        - `count`: how many at most; 0 is all; `0` by default.
        """
        params: dict[str, Any] = {
            "message_id": message_id,
            "emoji_id": emoji_id,
            "group_id": group_id,
            "emoji_type": emoji_type,
            "count": count,
        }
        result: EmojiLikeUsers = await self._act(
            "get_emoji_likes", params, account, timeout, idempotency_key
        )
        return result

    async def get_essence_msg_list(
        self,
        group_id: int,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[EssenceMessage]:
        """The messages of a group that are marked as essence.

        A read; known to NapCat, go-cqhttp, Lagrange, LLBot.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
        }
        result: list[EssenceMessage] = await self._act(
            "get_essence_msg_list", params, account, timeout, idempotency_key
        )
        return result

    async def get_file(
        self,
        *,
        file: str | None = None,
        file_id: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> FileInfo:
        """A received file.

        A read; known to NapCat, LLBot.

        Needs `file` or `file_id`. The paths are those of the implementation's disk.

        - `file`: its name or id, as in the segment.
        - `file_id`: its id, as in the segment.
        """
        params: dict[str, Any] = {
            "file": file,
            "file_id": file_id,
        }
        result: FileInfo = await self._act(
            "get_file", params, account, timeout, idempotency_key
        )
        return result

    async def get_fileset_id(
        self,
        share_code: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> FileSetId:
        """The id of the flash transfer behind a share code.

        A read; known to NapCat.

        - `share_code`: the end of a link to it.
        """
        params: dict[str, Any] = {
            "share_code": share_code,
        }
        result: FileSetId = await self._act(
            "get_fileset_id", params, account, timeout, idempotency_key
        )
        return result

    async def get_fileset_info(
        self,
        fileset_id: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """What is known of a flash transfer.

        A read; known to NapCat.

        - `fileset_id`: the transfer.
        """
        params: dict[str, Any] = {
            "fileset_id": fileset_id,
        }
        result: Any = await self._act(
            "get_fileset_info", params, account, timeout, idempotency_key
        )
        return result

    async def get_flash_file_list(
        self,
        fileset_id: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """The files of a flash transfer.

        A read; known to NapCat.

        - `fileset_id`: the transfer.
        """
        params: dict[str, Any] = {
            "fileset_id": fileset_id,
        }
        result: Any = await self._act(
            "get_flash_file_list", params, account, timeout, idempotency_key
        )
        return result

    async def get_flash_file_url(
        self,
        fileset_id: str,
        *,
        file_name: str | None = None,
        file_index: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Where to download a file of a flash transfer.

        A read; known to NapCat.

        - `fileset_id`: the transfer.
        - `file_name`: which file, by its name.
        - `file_index`: which file, by its place.
        """
        params: dict[str, Any] = {
            "fileset_id": fileset_id,
            "file_name": file_name,
            "file_index": file_index,
        }
        result: Any = await self._act(
            "get_flash_file_url", params, account, timeout, idempotency_key
        )
        return result

    async def get_forward_msg(
        self,
        *,
        id: str | None = None,
        message_id: int | str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Messages:
        """The messages of a merged forward.

        A read; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

        Needs `id` or `message_id`. NapCat cannot open the forwards inside a forward.

        - `id`: as the segment `forward` has it.
        - `message_id`: of the message with the forward, or the same as `id`.
        """
        params: dict[str, Any] = {
            "id": id,
            "message_id": message_id,
        }
        result: Messages = await self._act(
            "get_forward_msg", params, account, timeout, idempotency_key
        )
        return result

    async def get_friend_list(
        self,
        *,
        no_cache: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[Friend]:
        """The account's friends.

        A read; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

        - `no_cache`: whether to ask QQ's server, not what is remembered; False by
          default.
        """
        params: dict[str, Any] = {
            "no_cache": no_cache,
        }
        result: list[Friend] = await self._act(
            "get_friend_list", params, account, timeout, idempotency_key
        )
        return result

    async def get_friend_msg_history(
        self,
        user_id: int,
        *,
        message_seq: int | str | None = None,
        count: int | None = None,
        reverse_order: bool | None = None,
        disable_get_url: bool | None = None,
        parse_mult_msg: bool | None = None,
        quick_reply: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Messages:
        """Earlier messages of a private chat.

        A read; known to NapCat, Lagrange, LLBot.

        - `message_seq`: the `message_id` to begin at; the newest without it.
        - `count`: how many at most; `20` by default.
        - `reverse_order`: whether to read in the other direction; False by default.
        - `disable_get_url`: whether to do without the addresses of media, which is
          faster; False by default.
        - `parse_mult_msg`: whether to open merged forwards; True by default.
        - `quick_reply`: whether to leave quoted messages unopened, which is faster;
          False by default.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "message_seq": message_seq,
            "count": count,
            "reverse_order": reverse_order,
            "disable_get_url": disable_get_url,
            "parse_mult_msg": parse_mult_msg,
            "quick_reply": quick_reply,
        }
        result: Messages = await self._act(
            "get_friend_msg_history", params, account, timeout, idempotency_key
        )
        return result

    async def get_friends_with_category(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[FriendCategory]:
        """The account's friends by category.

        A read; known to NapCat, LLBot.
        """
        params: dict[str, Any] = {}
        result: list[FriendCategory] = await self._act(
            "get_friends_with_category", params, account, timeout, idempotency_key
        )
        return result

    async def get_group_album_media_list(
        self,
        group_id: int,
        *,
        album_id: str | None = None,
        attach_info: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """The pictures of a group's album.

        A read; known to NapCat, LLBot.

        - `album_id`: as `get_qun_album_list` gives it; needed by NapCat.
        - `attach_info`: where the page before ended, as its answer says.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "album_id": album_id,
            "attach_info": attach_info,
        }
        result: Any = await self._act(
            "get_group_album_media_list", params, account, timeout, idempotency_key
        )
        return result

    async def get_group_at_all_remain(
        self,
        group_id: int,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> GroupAtAllRemain:
        """How often all of a group can still be mentioned today.

        A read; known to NapCat, go-cqhttp, LLBot.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
        }
        result: GroupAtAllRemain = await self._act(
            "get_group_at_all_remain", params, account, timeout, idempotency_key
        )
        return result

    async def get_group_detail_info(
        self,
        group_id: int,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> GroupInfo:
        """What is known of a group, and more.

        A read; known to NapCat.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
        }
        result: GroupInfo = await self._act(
            "get_group_detail_info", params, account, timeout, idempotency_key
        )
        return result

    async def get_group_file_system_info(
        self,
        group_id: int,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> GroupFileSystemInfo:
        """How many files a group has, and how much space is left.

        A read; known to NapCat, go-cqhttp, LLBot.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
        }
        result: GroupFileSystemInfo = await self._act(
            "get_group_file_system_info", params, account, timeout, idempotency_key
        )
        return result

    async def get_group_file_url(
        self,
        group_id: int,
        file_id: str,
        *,
        busid: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> FileUrl:
        """Where to download a file of a group.

        A read; known to NapCat, go-cqhttp, Lagrange, LLBot.

        - `file_id`: as the list of files, or the event of the upload, gives it.
        - `busid`: where it is stored, as the list of files says.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "file_id": file_id,
            "busid": busid,
        }
        result: FileUrl = await self._act(
            "get_group_file_url", params, account, timeout, idempotency_key
        )
        return result

    async def get_group_files_by_folder(
        self,
        group_id: int,
        *,
        folder_id: str | None = None,
        file_count: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> GroupFiles:
        """The files and folders in a folder of a group.

        A read; known to NapCat, go-cqhttp, Lagrange, LLBot.

        - `folder_id`: as the list of files gives it.
        - `file_count`: how many at most; `50` by default.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "folder_id": folder_id,
            "file_count": file_count,
        }
        result: GroupFiles = await self._act(
            "get_group_files_by_folder", params, account, timeout, idempotency_key
        )
        return result

    async def get_group_honor_info(
        self,
        group_id: int,
        *,
        type: Literal[
            "all", "talkative", "performer", "legend", "strong_newbie", "emotion"
        ] | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> GroupHonor:
        """Who holds the honours of a group.

        A read; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

        - `type`: which of them; `all` by default.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "type": type,
        }
        result: GroupHonor = await self._act(
            "get_group_honor_info", params, account, timeout, idempotency_key
        )
        return result

    async def get_group_ignore_add_request(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[GroupIgnoredRequest]:
        """Requests to join groups that QQ has filtered out.

        A read; known to NapCat, LLBot.
        """
        params: dict[str, Any] = {}
        result: list[GroupIgnoredRequest] = await self._act(
            "get_group_ignore_add_request", params, account, timeout, idempotency_key
        )
        return result

    async def get_group_ignored_notifies(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> GroupIgnoredNotifies:
        """Requests and invitations that QQ has filtered out.

        A read; known to NapCat.
        """
        params: dict[str, Any] = {}
        result: GroupIgnoredNotifies = await self._act(
            "get_group_ignored_notifies", params, account, timeout, idempotency_key
        )
        return result

    async def get_group_info(
        self,
        group_id: int,
        *,
        no_cache: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> GroupInfo:
        """What is known of a group.

        A read; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

        - `no_cache`: whether to ask QQ's server, not what is remembered; False by
          default.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "no_cache": no_cache,
        }
        result: GroupInfo = await self._act(
            "get_group_info", params, account, timeout, idempotency_key
        )
        return result

    async def get_group_info_ex(
        self,
        group_id: int,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """What the QQ client knows of a group.

        A read; known to NapCat.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
        }
        result: Any = await self._act(
            "get_group_info_ex", params, account, timeout, idempotency_key
        )
        return result

    async def get_group_list(
        self,
        *,
        no_cache: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[GroupInfo]:
        """The account's groups.

        A read; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

        - `no_cache`: whether to ask QQ's server, not what is remembered; False by
          default.
        """
        params: dict[str, Any] = {
            "no_cache": no_cache,
        }
        result: list[GroupInfo] = await self._act(
            "get_group_list", params, account, timeout, idempotency_key
        )
        return result

    async def get_group_member_info(
        self,
        group_id: int,
        user_id: int,
        *,
        no_cache: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> GroupMember:
        """What is known of a member.

        A read; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

        NapCat asks the server unless no_cache is false.

        - `no_cache`: whether to ask QQ's server, not what is remembered; True by
          default.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "user_id": user_id,
            "no_cache": no_cache,
        }
        result: GroupMember = await self._act(
            "get_group_member_info", params, account, timeout, idempotency_key
        )
        return result

    async def get_group_member_list(
        self,
        group_id: int,
        *,
        no_cache: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[GroupMember]:
        """The members of a group.

        A read; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

        - `no_cache`: whether to ask QQ's server, not what is remembered; False by
          default.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "no_cache": no_cache,
        }
        result: list[GroupMember] = await self._act(
            "get_group_member_list", params, account, timeout, idempotency_key
        )
        return result

    async def get_group_msg_history(
        self,
        group_id: int,
        *,
        message_seq: int | str | None = None,
        count: int | None = None,
        reverse_order: bool | None = None,
        disable_get_url: bool | None = None,
        parse_mult_msg: bool | None = None,
        quick_reply: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Messages:
        """Earlier messages of a group.

        A read; known to NapCat, go-cqhttp, Lagrange, LLBot.

        - `message_seq`: the `message_id` to begin at; the newest without it.
        - `count`: how many at most; `20` by default.
        - `reverse_order`: whether to read in the other direction; False by default.
        - `disable_get_url`: whether to do without the addresses of media, which is
          faster; False by default.
        - `parse_mult_msg`: whether to open merged forwards; True by default.
        - `quick_reply`: whether to leave quoted messages unopened, which is faster;
          False by default.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "message_seq": message_seq,
            "count": count,
            "reverse_order": reverse_order,
            "disable_get_url": disable_get_url,
            "parse_mult_msg": parse_mult_msg,
            "quick_reply": quick_reply,
        }
        result: Messages = await self._act(
            "get_group_msg_history", params, account, timeout, idempotency_key
        )
        return result

    async def get_group_root_files(
        self,
        group_id: int,
        *,
        file_count: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> GroupFiles:
        """The files and folders of a group that are in no folder.

        A read; known to NapCat, go-cqhttp, Lagrange, LLBot.

        - `file_count`: how many at most; `50` by default.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "file_count": file_count,
        }
        result: GroupFiles = await self._act(
            "get_group_root_files", params, account, timeout, idempotency_key
        )
        return result

    async def get_group_shut_list(
        self,
        group_id: int,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[dict[str, Any]]:
        """The members of a group who are muted.

        A read; known to NapCat, LLBot.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
        }
        result: list[dict[str, Any]] = await self._act(
            "get_group_shut_list", params, account, timeout, idempotency_key
        )
        return result

    async def get_group_signed_list(
        self,
        group_id: int,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[GroupSigner]:
        """Who has signed in to a group today.

        A read; known to NapCat, LLBot.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
        }
        result: list[GroupSigner] = await self._act(
            "get_group_signed_list", params, account, timeout, idempotency_key
        )
        return result

    async def get_group_system_msg(
        self,
        *,
        count: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> GroupSystemMessages:
        """Requests to join groups, and invitations.

        A read; known to NapCat, go-cqhttp, LLBot.

        request_id may be rounded: use the flag of the event.

        - `count`: how many at most; `50` by default.
        """
        params: dict[str, Any] = {
            "count": count,
        }
        result: GroupSystemMessages = await self._act(
            "get_group_system_msg", params, account, timeout, idempotency_key
        )
        return result

    async def get_guild_channel_list(
        self,
        guild_id: int | str,
        *,
        no_cache: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[Any]:
        """The channels of a guild.

        A read; known to go-cqhttp.

        - `no_cache`: whether to ask QQ's server, not what is remembered.
        """
        params: dict[str, Any] = {
            "guild_id": guild_id,
            "no_cache": no_cache,
        }
        result: list[Any] = await self._act(
            "get_guild_channel_list", params, account, timeout, idempotency_key
        )
        return result

    async def get_guild_list(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """The account's guilds.

        A read; known to NapCat, go-cqhttp, LLBot.

        NapCat does nothing.
        """
        params: dict[str, Any] = {}
        await self._act("get_guild_list", params, account, timeout, idempotency_key)

    async def get_guild_member_list(
        self,
        guild_id: int | str,
        *,
        next_token: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> GuildMemberList:
        """The members of a guild, in pages.

        A read; known to go-cqhttp.

        - `next_token`: where the page before ended, as its answer says.
        """
        params: dict[str, Any] = {
            "guild_id": guild_id,
            "next_token": next_token,
        }
        result: GuildMemberList = await self._act(
            "get_guild_member_list", params, account, timeout, idempotency_key
        )
        return result

    async def get_guild_member_profile(
        self,
        guild_id: int | str,
        user_id: int,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> dict[str, Any]:
        """What is known of a member of a guild.

        A read; known to go-cqhttp.
        """
        params: dict[str, Any] = {
            "guild_id": guild_id,
            "user_id": user_id,
        }
        result: dict[str, Any] = await self._act(
            "get_guild_member_profile", params, account, timeout, idempotency_key
        )
        return result

    async def get_guild_meta_by_guest(
        self,
        guild_id: int | str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> dict[str, Any]:
        """What guests may know of a guild.

        A read; known to go-cqhttp.
        """
        params: dict[str, Any] = {
            "guild_id": guild_id,
        }
        result: dict[str, Any] = await self._act(
            "get_guild_meta_by_guest", params, account, timeout, idempotency_key
        )
        return result

    async def get_guild_msg(
        self,
        message_id: str,
        *,
        no_cache: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> dict[str, Any]:
        """A message of a guild by its id.

        A read; known to go-cqhttp.

        - `no_cache`: whether to ask QQ's server, not what is remembered.
        """
        params: dict[str, Any] = {
            "message_id": message_id,
            "no_cache": no_cache,
        }
        result: dict[str, Any] = await self._act(
            "get_guild_msg", params, account, timeout, idempotency_key
        )
        return result

    async def get_guild_roles(
        self,
        guild_id: int | str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[Any]:
        """The roles of a guild.

        A read; known to go-cqhttp.
        """
        params: dict[str, Any] = {
            "guild_id": guild_id,
        }
        result: list[Any] = await self._act(
            "get_guild_roles", params, account, timeout, idempotency_key
        )
        return result

    async def get_guild_service_profile(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """The account as guilds know it.

        A read; known to NapCat, go-cqhttp.

        NapCat does nothing.
        """
        params: dict[str, Any] = {}
        await self._act(
            "get_guild_service_profile", params, account, timeout, idempotency_key
        )

    async def get_image(
        self,
        *,
        file: str | None = None,
        file_id: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> FileInfo:
        """A picture as a file.

        A read; known to OneBot 11, NapCat, go-cqhttp, LLBot.

        Needs `file` or `file_id`. The paths are those of the implementation's disk.

        - `file`: its name or id, as in the segment.
        - `file_id`: its id, as in the segment.
        """
        params: dict[str, Any] = {
            "file": file,
            "file_id": file_id,
        }
        result: FileInfo = await self._act(
            "get_image", params, account, timeout, idempotency_key
        )
        return result

    async def get_login_info(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> LoginInfo:
        """The account itself.

        A read; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.
        """
        params: dict[str, Any] = {}
        result: LoginInfo = await self._act(
            "get_login_info", params, account, timeout, idempotency_key
        )
        return result

    async def get_mini_app_ark(
        self,
        title: str,
        desc: str,
        pic_url: str,
        jump_url: str,
        *,
        type: Literal["bili", "weibo"] | None = None,
        web_url: str | None = None,
        raw_ark_data: str | None = None,
        icon_url: str | None = None,
        app_id: str | None = None,
        scene: str | None = None,
        template_type: str | None = None,
        business_type: str | None = None,
        ver_type: str | None = None,
        share_type: str | None = None,
        version_id: str | None = None,
        sdk_id: str | None = None,
        with_share_ticket: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> MiniAppArk:
        """A signed card of a mini app.

        A read; known to NapCat.

        - `title`: its title.
        - `desc`: its text.
        - `pic_url`: `picUrl`; address of its picture.
        - `jump_url`: `jumpUrl`; where it leads.
        - `type`: a template that fills in what is left out.
        - `web_url`: `webUrl`; where it leads outside of QQ.
        - `raw_ark_data`: `rawArkData`; `true` gives the card's data by itself.
        - `icon_url`: `iconUrl`; address of its icon.
        - `app_id`: `appId`; the mini app.
        - `template_type`: `templateType`.
        - `business_type`: `businessType`.
        - `ver_type`: `verType`.
        - `share_type`: `shareType`.
        - `version_id`: `versionId`.
        - `sdk_id`: `sdkId`.
        - `with_share_ticket`: `withShareTicket`.
        """
        params: dict[str, Any] = {
            "title": title,
            "desc": desc,
            "picUrl": pic_url,
            "jumpUrl": jump_url,
            "type": type,
            "webUrl": web_url,
            "rawArkData": raw_ark_data,
            "iconUrl": icon_url,
            "appId": app_id,
            "scene": scene,
            "templateType": template_type,
            "businessType": business_type,
            "verType": ver_type,
            "shareType": share_type,
            "versionId": version_id,
            "sdkId": sdk_id,
            "withShareTicket": with_share_ticket,
        }
        result: MiniAppArk = await self._act(
            "get_mini_app_ark", params, account, timeout, idempotency_key
        )
        return result

    async def get_msg(
        self,
        message_id: int | str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> MessageInfo:
        """A message by its id.

        A read; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.
        """
        params: dict[str, Any] = {
            "message_id": message_id,
        }
        result: MessageInfo = await self._act(
            "get_msg", params, account, timeout, idempotency_key
        )
        return result

    async def get_online_clients(
        self,
        *,
        no_cache: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[Any]:
        """The other devices on which the account is logged in.

        A read; known to NapCat, go-cqhttp.

        NapCat knows none.

        - `no_cache`: whether to ask QQ's server, not what is remembered.
        """
        params: dict[str, Any] = {
            "no_cache": no_cache,
        }
        result: list[Any] = await self._act(
            "get_online_clients", params, account, timeout, idempotency_key
        )
        return result

    async def get_online_file_msg(
        self,
        user_id: int,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """The files that a user offers for direct transfer.

        A read; known to NapCat.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
        }
        result: Any = await self._act(
            "get_online_file_msg", params, account, timeout, idempotency_key
        )
        return result

    async def get_private_file_url(
        self,
        file_id: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> FileUrl:
        """Where to download a file of a private chat.

        A read; known to NapCat, Lagrange, LLBot.

        - `file_id`: as the list of files, or the event of the upload, gives it.
        """
        params: dict[str, Any] = {
            "file_id": file_id,
        }
        result: FileUrl = await self._act(
            "get_private_file_url", params, account, timeout, idempotency_key
        )
        return result

    async def get_profile_like(
        self,
        *,
        user_id: int | None = None,
        start: int | None = None,
        count: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> ProfileLikes:
        """Who has liked a profile.

        A read; known to NapCat, LLBot.

        - `start`: how many to pass over; `0` by default.
        - `count`: how many at most; `10` by default.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "start": start,
            "count": count,
        }
        result: ProfileLikes = await self._act(
            "get_profile_like", params, account, timeout, idempotency_key
        )
        return result

    async def get_qun_album_list(
        self,
        group_id: int,
        *,
        attach_info: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> QunAlbumList:
        """The albums of a group.

        A read; known to NapCat.

        - `attach_info`: where the page before ended, as its answer says.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "attach_info": attach_info,
        }
        result: QunAlbumList = await self._act(
            "get_qun_album_list", params, account, timeout, idempotency_key
        )
        return result

    async def get_recent_contact(
        self,
        *,
        count: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[RecentContact]:
        """The chats with the latest messages.

        A read; known to NapCat.

        - `count`: how many at most; `10` by default.
        """
        params: dict[str, Any] = {
            "count": count,
        }
        result: list[RecentContact] = await self._act(
            "get_recent_contact", params, account, timeout, idempotency_key
        )
        return result

    async def get_record(
        self,
        *,
        file: str | None = None,
        out_format: Literal[
            "mp3", "amr", "wma", "m4a", "spx", "ogg", "wav", "flac"
        ] | None = None,
        file_id: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> FileInfo:
        """A voice message as a file.

        A read; known to OneBot 11, NapCat, LLBot.

        Needs `file` or `file_id`. On NapCat the answer holds the whole file.

        - `file`: its name or id, as in the segment.
        - `out_format`: what to convert it to; needed by NapCat.
        - `file_id`: its id, as in the segment.
        """
        params: dict[str, Any] = {
            "file": file,
            "out_format": out_format,
            "file_id": file_id,
        }
        result: FileInfo = await self._act(
            "get_record", params, account, timeout, idempotency_key
        )
        return result

    async def get_rkey(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[Rkey]:
        """The keys that addresses of received media need.

        A read; known to NapCat, Lagrange, LLBot.
        """
        params: dict[str, Any] = {}
        result: list[Rkey] = await self._act(
            "get_rkey", params, account, timeout, idempotency_key
        )
        return result

    async def get_rkey_server(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> RkeyServer:
        """The same keys as a key server gives them.

        A read; known to NapCat.
        """
        params: dict[str, Any] = {}
        result: RkeyServer = await self._act(
            "get_rkey_server", params, account, timeout, idempotency_key
        )
        return result

    async def get_robot_uin_range(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[Any]:
        """The numbers that QQ's official bots have.

        A read; known to NapCat, LLBot.
        """
        params: dict[str, Any] = {}
        result: list[Any] = await self._act(
            "get_robot_uin_range", params, account, timeout, idempotency_key
        )
        return result

    async def get_share_link(
        self,
        fileset_id: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """A link to a flash transfer.

        A read; known to NapCat.

        - `fileset_id`: the transfer.
        """
        params: dict[str, Any] = {
            "fileset_id": fileset_id,
        }
        result: Any = await self._act(
            "get_share_link", params, account, timeout, idempotency_key
        )
        return result

    async def get_status(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Status:
        """Whether the account is online.

        A read; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.
        """
        params: dict[str, Any] = {}
        result: Status = await self._act(
            "get_status", params, account, timeout, idempotency_key
        )
        return result

    async def get_stranger_info(
        self,
        user_id: int,
        *,
        no_cache: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> StrangerInfo:
        """What is known of a user.

        A read; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

        - `no_cache`: whether to ask QQ's server, not what is remembered; False by
          default.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "no_cache": no_cache,
        }
        result: StrangerInfo = await self._act(
            "get_stranger_info", params, account, timeout, idempotency_key
        )
        return result

    async def get_topic_channel_feeds(
        self,
        guild_id: int | str,
        channel_id: int | str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[Any]:
        """The posts of a topic channel.

        A read; known to go-cqhttp.
        """
        params: dict[str, Any] = {
            "guild_id": guild_id,
            "channel_id": channel_id,
        }
        result: list[Any] = await self._act(
            "get_topic_channel_feeds", params, account, timeout, idempotency_key
        )
        return result

    async def get_unidirectional_friend_list(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[UnidirectionalFriend]:
        """The account's one-sided friends.

        A read; known to NapCat, go-cqhttp.
        """
        params: dict[str, Any] = {}
        result: list[UnidirectionalFriend] = await self._act(
            "get_unidirectional_friend_list", params, account, timeout, idempotency_key
        )
        return result

    async def get_version_info(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> VersionInfo:
        """Name and version of the implementation.

        A read; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.
        """
        params: dict[str, Any] = {}
        result: VersionInfo = await self._act(
            "get_version_info", params, account, timeout, idempotency_key
        )
        return result

    async def group_poke(
        self,
        user_id: int,
        *,
        group_id: int | None = None,
        target_id: int | str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Poke a member of a group.

        A write; known to NapCat, Lagrange, LLBot.

        - `target_id`: whom to poke, where that is not `user_id`.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "group_id": group_id,
            "target_id": target_id,
        }
        await self._act("group_poke", params, account, timeout, idempotency_key)

    async def mark_group_msg_as_read(
        self,
        *,
        user_id: int | None = None,
        group_id: int | None = None,
        message_id: int | str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Mark a group as read.

        A write; known to NapCat.

        - `message_id`: a message of the chat.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "group_id": group_id,
            "message_id": message_id,
        }
        await self._act(
            "mark_group_msg_as_read", params, account, timeout, idempotency_key
        )

    async def mark_msg_as_read(
        self,
        *,
        user_id: int | None = None,
        group_id: int | None = None,
        message_id: int | str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Mark a chat as read.

        A write; known to NapCat, go-cqhttp, Lagrange, LLBot.

        Needs `user_id` or `group_id` or `message_id`.

        - `message_id`: a message of the chat.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "group_id": group_id,
            "message_id": message_id,
        }
        await self._act("mark_msg_as_read", params, account, timeout, idempotency_key)

    async def mark_private_msg_as_read(
        self,
        *,
        user_id: int | None = None,
        group_id: int | None = None,
        message_id: int | str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Mark a private chat as read.

        A write; known to NapCat.

        - `message_id`: a message of the chat.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "group_id": group_id,
            "message_id": message_id,
        }
        await self._act(
            "mark_private_msg_as_read", params, account, timeout, idempotency_key
        )

    async def move_group_file(
        self,
        group_id: int,
        file_id: str,
        *,
        current_parent_directory: str | None = None,
        target_parent_directory: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Ok:
        """Move a file of a group to another folder.

        A write; known to NapCat, Lagrange, LLBot.

        - `file_id`: as the list of files, or the event of the upload, gives it.
        - `current_parent_directory`: the folder it is in; `/` is none; needed by
          NapCat.
        - `target_parent_directory`: the folder it is to be in; `/` is none; needed by
          NapCat.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "file_id": file_id,
            "current_parent_directory": current_parent_directory,
            "target_parent_directory": target_parent_directory,
        }
        result: Ok = await self._act(
            "move_group_file", params, account, timeout, idempotency_key
        )
        return result

    async def nc_get_packet_status(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Whether NapCat can send packets of QQ's protocol.

        A read; known to NapCat.
        """
        params: dict[str, Any] = {}
        await self._act(
            "nc_get_packet_status", params, account, timeout, idempotency_key
        )

    async def nc_get_rkey(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[RkeyOld]:
        """The keys that addresses of received media need, in an older form.

        A read; known to NapCat.

        No answer comes. NapCat cannot write its answer: use get_rkey.
        """
        params: dict[str, Any] = {}
        result: list[RkeyOld] = await self._act(
            "nc_get_rkey", params, account, timeout, idempotency_key
        )
        return result

    async def nc_get_user_status(
        self,
        user_id: int,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> UserStatus:
        """The online status of a user.

        A read; known to NapCat.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
        }
        result: UserStatus = await self._act(
            "nc_get_user_status", params, account, timeout, idempotency_key
        )
        return result

    async def ocr_image(
        self,
        image: FileLike,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Read the text in a picture.

        A read; known to NapCat, go-cqhttp, Lagrange, LLBot.

        - `image`: the picture; bytes, a `Path` or a `file://` address (both are read
          here), a URL, or a path on the peer's machine.
        """
        params: dict[str, Any] = {
            "image": image,
        }
        result: Any = await self._act(
            "ocr_image", params, account, timeout, idempotency_key
        )
        return result

    async def qidian_get_account_info(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> QidianAccount:
        """The account's data of QQ for enterprises.

        A read; known to go-cqhttp.
        """
        params: dict[str, Any] = {}
        result: QidianAccount = await self._act(
            "qidian_get_account_info", params, account, timeout, idempotency_key
        )
        return result

    async def receive_online_file(
        self,
        user_id: int,
        msg_id: str,
        element_id: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Take a file that is offered for direct transfer.

        A write; known to NapCat.

        - `msg_id`: the message with the offer.
        - `element_id`: the file within it.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "msg_id": msg_id,
            "element_id": element_id,
        }
        result: Any = await self._act(
            "receive_online_file", params, account, timeout, idempotency_key
        )
        return result

    async def refuse_online_file(
        self,
        user_id: int,
        msg_id: str,
        element_id: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Refuse a file that is offered for direct transfer.

        A write; known to NapCat.

        - `msg_id`: the message with the offer.
        - `element_id`: the file within it.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "msg_id": msg_id,
            "element_id": element_id,
        }
        result: Any = await self._act(
            "refuse_online_file", params, account, timeout, idempotency_key
        )
        return result

    async def reload_event_filter(
        self,
        *,
        file: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Read the filter of events again.

        A write; known to go-cqhttp.

        - `file`: path on the implementation's disk.
        """
        params: dict[str, Any] = {
            "file": file,
        }
        await self._act(
            "reload_event_filter", params, account, timeout, idempotency_key
        )

    async def rename_group_file(
        self,
        group_id: int,
        file_id: str,
        new_name: str,
        *,
        current_parent_directory: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Ok:
        """Rename a file of a group.

        A write; known to NapCat, LLBot.

        - `file_id`: as the list of files, or the event of the upload, gives it.
        - `new_name`: what to call it.
        - `current_parent_directory`: the folder it is in; `/` is none; needed by
          NapCat.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "file_id": file_id,
            "new_name": new_name,
            "current_parent_directory": current_parent_directory,
        }
        result: Ok = await self._act(
            "rename_group_file", params, account, timeout, idempotency_key
        )
        return result

    async def send_ark_share(
        self,
        *,
        user_id: int | None = None,
        group_id: int | None = None,
        phone_number: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """The card that recommends a user or a group.

        A read; known to NapCat.

        Needs `user_id` or `group_id`. Gives the card, sends nothing.

        - `phone_number`: of the user, for the card.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "group_id": group_id,
            "phone_number": phone_number,
        }
        result: Any = await self._act(
            "send_ark_share", params, account, timeout, idempotency_key
        )
        return result

    async def send_flash_msg(
        self,
        fileset_id: str,
        *,
        user_id: int | None = None,
        group_id: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Send a flash transfer to a user or a group.

        A write; known to NapCat.

        Needs `user_id` or `group_id`.

        - `fileset_id`: the transfer.
        """
        params: dict[str, Any] = {
            "fileset_id": fileset_id,
            "user_id": user_id,
            "group_id": group_id,
        }
        result: Any = await self._act(
            "send_flash_msg", params, account, timeout, idempotency_key
        )
        return result

    async def send_forward_msg(
        self,
        messages: MessageLike,
        *,
        message_type: Literal["private", "group"] | None = None,
        user_id: int | None = None,
        group_id: int | None = None,
        auto_escape: bool | None = None,
        source: str | None = None,
        news: Sequence[Mapping[str, Any]] | None = None,
        summary: str | None = None,
        prompt: str | None = None,
        timeout_: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> MessageSent:
        """Send a merged forward.

        A write; known to NapCat, go-cqhttp, Lagrange, LLBot.

        Needs `user_id` or `group_id`.

        - `messages`: nodes.
        - `message_type`: where it goes, if there are both ids.
        - `auto_escape`: no effect here, where a text is a text and never CQ codes.
        - `source`: of a merged forward: the title of its card.
        - `news`: of a merged forward: lines of preview, each a map with `text`.
        - `summary`: of a merged forward: the last line of its card.
        - `prompt`: of a merged forward: what the list of chats shows.
        - `timeout_`: `timeout`; how long NapCat tries, in milliseconds.
        """
        params: dict[str, Any] = {
            "messages": messages,
            "message_type": message_type,
            "user_id": user_id,
            "group_id": group_id,
            "auto_escape": auto_escape,
            "source": source,
            "news": news,
            "summary": summary,
            "prompt": prompt,
            "timeout": timeout_,
        }
        result: MessageSent = await self._act(
            "send_forward_msg", params, account, timeout, idempotency_key
        )
        return result

    async def send_group_ai_record(
        self,
        character: str,
        group_id: int,
        text: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> AiRecordSent:
        """Speak a text in a group, with a made voice.

        A write; known to NapCat, Lagrange, LLBot.

        NapCat gives no message_id: it is always 0.

        - `character`: the voice, as `get_ai_characters` gives it.
        - `text`: what to say.
        """
        params: dict[str, Any] = {
            "character": character,
            "group_id": group_id,
            "text": text,
        }
        result: AiRecordSent = await self._act(
            "send_group_ai_record", params, account, timeout, idempotency_key
        )
        return result

    async def send_group_ark_share(
        self,
        group_id: int,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> str:
        """The card that recommends a group.

        A read; known to NapCat.

        Gives the card, sends nothing.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
        }
        result: str = await self._act(
            "send_group_ark_share", params, account, timeout, idempotency_key
        )
        return result

    async def send_group_forward_msg(
        self,
        group_id: int,
        messages: MessageLike,
        *,
        message_type: Literal["private", "group"] | None = None,
        user_id: int | None = None,
        auto_escape: bool | None = None,
        source: str | None = None,
        news: Sequence[Mapping[str, Any]] | None = None,
        summary: str | None = None,
        prompt: str | None = None,
        timeout_: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> MessageSent:
        """Send a merged forward to a group.

        A write; known to NapCat, go-cqhttp, Lagrange, LLBot.

        - `messages`: nodes.
        - `message_type`: need not be given: the action says it.
        - `auto_escape`: no effect here, where a text is a text and never CQ codes.
        - `source`: of a merged forward: the title of its card.
        - `news`: of a merged forward: lines of preview, each a map with `text`.
        - `summary`: of a merged forward: the last line of its card.
        - `prompt`: of a merged forward: what the list of chats shows.
        - `timeout_`: `timeout`; how long NapCat tries, in milliseconds.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "messages": messages,
            "message_type": message_type,
            "user_id": user_id,
            "auto_escape": auto_escape,
            "source": source,
            "news": news,
            "summary": summary,
            "prompt": prompt,
            "timeout": timeout_,
        }
        result: MessageSent = await self._act(
            "send_group_forward_msg", params, account, timeout, idempotency_key
        )
        return result

    async def send_group_msg(
        self,
        group_id: int,
        message: MessageLike,
        *,
        auto_escape: bool | None = None,
        message_type: Literal["private", "group"] | None = None,
        user_id: int | None = None,
        source: str | None = None,
        news: Sequence[Mapping[str, Any]] | None = None,
        summary: str | None = None,
        prompt: str | None = None,
        timeout_: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> MessageSent:
        """Send a message to a group.

        A write; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

        - `message`: what to say.
        - `auto_escape`: no effect here, where a text is a text and never CQ codes.
        - `message_type`: need not be given: the action says it.
        - `user_id`: has no effect.
        - `source`: of a merged forward: the title of its card.
        - `news`: of a merged forward: lines of preview, each a map with `text`.
        - `summary`: of a merged forward: the last line of its card.
        - `prompt`: of a merged forward: what the list of chats shows.
        - `timeout_`: `timeout`; how long NapCat tries, in milliseconds.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "message": message,
            "auto_escape": auto_escape,
            "message_type": message_type,
            "user_id": user_id,
            "source": source,
            "news": news,
            "summary": summary,
            "prompt": prompt,
            "timeout": timeout_,
        }
        result: MessageSent = await self._act(
            "send_group_msg", params, account, timeout, idempotency_key
        )
        return result

    async def send_group_sign(
        self,
        group_id: int,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Sign in to a group for today.

        A write; known to NapCat, go-cqhttp, LLBot.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
        }
        await self._act("send_group_sign", params, account, timeout, idempotency_key)

    async def send_guild_channel_msg(
        self,
        guild_id: int | str,
        channel_id: int | str,
        message: MessageLike,
        *,
        auto_escape: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> GuildMessageSent:
        """Send a message to a channel of a guild.

        A write; known to go-cqhttp.

        - `message`: what to say.
        - `auto_escape`: no effect here, where a text is a text and never CQ codes.
        """
        params: dict[str, Any] = {
            "guild_id": guild_id,
            "channel_id": channel_id,
            "message": message,
            "auto_escape": auto_escape,
        }
        result: GuildMessageSent = await self._act(
            "send_guild_channel_msg", params, account, timeout, idempotency_key
        )
        return result

    async def send_like(
        self,
        user_id: int,
        *,
        times: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Like a user's profile.

        A write; known to OneBot 11, NapCat, Lagrange, LLBot.

        - `times`: how many, up to 10 a day; `1` by default.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "times": times,
        }
        await self._act("send_like", params, account, timeout, idempotency_key)

    async def send_msg(
        self,
        message: MessageLike,
        *,
        message_type: Literal["private", "group"] | None = None,
        user_id: int | None = None,
        group_id: int | None = None,
        auto_escape: bool | None = None,
        source: str | None = None,
        news: Sequence[Mapping[str, Any]] | None = None,
        summary: str | None = None,
        prompt: str | None = None,
        timeout_: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> MessageSent:
        """Send a message to a user or a group.

        A write; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

        Needs `user_id` or `group_id`.

        - `message`: what to say.
        - `message_type`: where it goes, if there are both ids.
        - `auto_escape`: no effect here, where a text is a text and never CQ codes.
        - `source`: of a merged forward: the title of its card.
        - `news`: of a merged forward: lines of preview, each a map with `text`.
        - `summary`: of a merged forward: the last line of its card.
        - `prompt`: of a merged forward: what the list of chats shows.
        - `timeout_`: `timeout`; how long NapCat tries, in milliseconds.
        """
        params: dict[str, Any] = {
            "message": message,
            "message_type": message_type,
            "user_id": user_id,
            "group_id": group_id,
            "auto_escape": auto_escape,
            "source": source,
            "news": news,
            "summary": summary,
            "prompt": prompt,
            "timeout": timeout_,
        }
        result: MessageSent = await self._act(
            "send_msg", params, account, timeout, idempotency_key
        )
        return result

    async def send_online_file(
        self,
        user_id: int,
        file_path: FileLike,
        *,
        file_name: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Offer a user a file for direct transfer.

        A write; known to NapCat.

        - `file_path`: bytes, a `Path` or a `file://` address (both are read here), a
          URL, or a path on the peer's machine.
        - `file_name`: what to call it.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "file_path": file_path,
            "file_name": file_name,
        }
        result: Any = await self._act(
            "send_online_file", params, account, timeout, idempotency_key
        )
        return result

    async def send_online_folder(
        self,
        user_id: int,
        folder_path: str,
        *,
        folder_name: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Offer a user a folder for direct transfer.

        A write; known to NapCat.

        - `folder_path`: a path on the peer's machine.
        - `folder_name`: what to call it.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "folder_path": folder_path,
            "folder_name": folder_name,
        }
        result: Any = await self._act(
            "send_online_folder", params, account, timeout, idempotency_key
        )
        return result

    async def send_packet(
        self,
        cmd: str,
        data: str,
        *,
        rsp: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> str:
        """Send a packet of QQ's protocol.

        A write; known to NapCat.

        - `cmd`: what it asks for.
        - `data`: its bytes, in hexadecimal.
        - `rsp`: whether to wait for the answer; True by default.
        """
        params: dict[str, Any] = {
            "cmd": cmd,
            "data": data,
            "rsp": rsp,
        }
        result: str = await self._act(
            "send_packet", params, account, timeout, idempotency_key
        )
        return result

    async def send_poke(
        self,
        user_id: int,
        *,
        group_id: int | None = None,
        target_id: int | str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Poke somebody, in a group or in private.

        A write; known to NapCat, Lagrange, LLBot.

        - `target_id`: whom to poke, where that is not `user_id`.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "group_id": group_id,
            "target_id": target_id,
        }
        await self._act("send_poke", params, account, timeout, idempotency_key)

    async def send_private_forward_msg(
        self,
        user_id: int,
        messages: MessageLike,
        *,
        message_type: Literal["private", "group"] | None = None,
        group_id: int | None = None,
        auto_escape: bool | None = None,
        source: str | None = None,
        news: Sequence[Mapping[str, Any]] | None = None,
        summary: str | None = None,
        prompt: str | None = None,
        timeout_: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> MessageSent:
        """Send a merged forward to a user.

        A write; known to NapCat, go-cqhttp, Lagrange, LLBot.

        - `messages`: nodes.
        - `message_type`: need not be given: the action says it.
        - `group_id`: where the two have met, for a temporary chat.
        - `auto_escape`: no effect here, where a text is a text and never CQ codes.
        - `source`: of a merged forward: the title of its card.
        - `news`: of a merged forward: lines of preview, each a map with `text`.
        - `summary`: of a merged forward: the last line of its card.
        - `prompt`: of a merged forward: what the list of chats shows.
        - `timeout_`: `timeout`; how long NapCat tries, in milliseconds.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "messages": messages,
            "message_type": message_type,
            "group_id": group_id,
            "auto_escape": auto_escape,
            "source": source,
            "news": news,
            "summary": summary,
            "prompt": prompt,
            "timeout": timeout_,
        }
        result: MessageSent = await self._act(
            "send_private_forward_msg", params, account, timeout, idempotency_key
        )
        return result

    async def send_private_msg(
        self,
        user_id: int,
        message: MessageLike,
        *,
        auto_escape: bool | None = None,
        message_type: Literal["private", "group"] | None = None,
        group_id: int | None = None,
        source: str | None = None,
        news: Sequence[Mapping[str, Any]] | None = None,
        summary: str | None = None,
        prompt: str | None = None,
        timeout_: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> MessageSent:
        """Send a message to a user.

        A write; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

        NapCat sends it as a temporary chat through `group_id` where `user_id` is no
        friend.

        - `message`: what to say.
        - `auto_escape`: no effect here, where a text is a text and never CQ codes.
        - `message_type`: need not be given: the action says it.
        - `group_id`: where the two have met, for a temporary chat.
        - `source`: of a merged forward: the title of its card.
        - `news`: of a merged forward: lines of preview, each a map with `text`.
        - `summary`: of a merged forward: the last line of its card.
        - `prompt`: of a merged forward: what the list of chats shows.
        - `timeout_`: `timeout`; how long NapCat tries, in milliseconds.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "message": message,
            "auto_escape": auto_escape,
            "message_type": message_type,
            "group_id": group_id,
            "source": source,
            "news": news,
            "summary": summary,
            "prompt": prompt,
            "timeout": timeout_,
        }
        result: MessageSent = await self._act(
            "send_private_msg", params, account, timeout, idempotency_key
        )
        return result

    async def send_qzone_msg(
        self,
        content: str,
        *,
        images: FileLike | Sequence[FileLike] | None = None,
        ugc_right: int | str | None = None,
        target_uins: Sequence[int | str] | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> QzonePosted:
        """Post to the account's Qzone.

        A write; known to NapCat.

        - `content`: what to say.
        - `images`: pictures; bytes, a `Path` or a `file://` address (both are read
          here), a URL, or a path on the peer's machine.
        - `ugc_right`: who may see it, as QQ numbers it; 1 is everybody; `1` by default.
        - `target_uins`: who may see it, where not everybody may.
        """
        params: dict[str, Any] = {
            "content": content,
            "images": images,
            "ugc_right": ugc_right,
            "target_uins": target_uins,
        }
        result: QzonePosted = await self._act(
            "send_qzone_msg", params, account, timeout, idempotency_key
        )
        return result

    async def set_custom_face_desc(
        self,
        emoji_id: int,
        res_id: str,
        md5: str,
        desc: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> KernelResult:
        """Describe one of the account's own faces.

        A write; known to NapCat.

        - `emoji_id`: as `fetch_custom_face_detail` gives it.
        - `res_id`: as `fetch_custom_face_detail` gives it.
        - `md5`: as `fetch_custom_face_detail` gives it.
        - `desc`: the description.
        """
        params: dict[str, Any] = {
            "emoji_id": emoji_id,
            "res_id": res_id,
            "md5": md5,
            "desc": desc,
        }
        result: KernelResult = await self._act(
            "set_custom_face_desc", params, account, timeout, idempotency_key
        )
        return result

    async def set_diy_online_status(
        self,
        face_id: int,
        *,
        face_type: int | None = None,
        wording: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> str:
        """Show an online status in words of one's own.

        A write; known to NapCat.

        - `face_id`: number of the face beside it.
        - `face_type`: as QQ numbers it; `1` by default.
        - `wording`: the words.
        """
        params: dict[str, Any] = {
            "face_id": face_id,
            "face_type": face_type,
            "wording": wording,
        }
        result: str = await self._act(
            "set_diy_online_status", params, account, timeout, idempotency_key
        )
        return result

    async def set_doubt_friends_add_request(
        self,
        flag: str,
        *,
        approve: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Accept a friend request that QQ holds to be doubtful.

        A write; known to NapCat, LLBot.

        Always approves.

        - `flag`: as `get_doubt_friends_add_request` gives it.
        - `approve`: has no effect; True by default.
        """
        params: dict[str, Any] = {
            "flag": flag,
            "approve": approve,
        }
        await self._act(
            "set_doubt_friends_add_request", params, account, timeout, idempotency_key
        )

    async def set_essence_msg(
        self,
        message_id: int | str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> KernelResult:
        """Mark a message of a group as essence.

        A write; known to NapCat, go-cqhttp, Lagrange, LLBot.
        """
        params: dict[str, Any] = {
            "message_id": message_id,
        }
        result: KernelResult = await self._act(
            "set_essence_msg", params, account, timeout, idempotency_key
        )
        return result

    async def set_friend_add_request(
        self,
        flag: str,
        *,
        approve: bool | None = None,
        remark: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Decide on a friend request.

        A write; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

        - `flag`: as the event of the request has it.
        - `approve`: whether to accept it; True by default.
        - `remark`: a remark for the new friend.
        """
        params: dict[str, Any] = {
            "flag": flag,
            "approve": approve,
            "remark": remark,
        }
        await self._act(
            "set_friend_add_request", params, account, timeout, idempotency_key
        )

    async def set_friend_remark(
        self,
        user_id: int,
        remark: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Set the remark of a friend.

        A write; known to NapCat, LLBot.

        - `remark`: empty takes it away.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "remark": remark,
        }
        await self._act("set_friend_remark", params, account, timeout, idempotency_key)

    async def set_group_add_option(
        self,
        group_id: int,
        add_type: int,
        *,
        group_question: str | None = None,
        group_answer: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Decide how users join a group.

        A write; known to NapCat.

        - `add_type`: as QQ numbers it.
        - `group_question`: what to ask who wants to join.
        - `group_answer`: the right answer.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "add_type": add_type,
            "group_question": group_question,
            "group_answer": group_answer,
        }
        await self._act(
            "set_group_add_option", params, account, timeout, idempotency_key
        )

    async def set_group_add_request(
        self,
        flag: str,
        *,
        sub_type: Literal["add", "invite"] | None = None,
        approve: bool | None = None,
        reason: str | None | None = None,
        count: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Decide on a request to join or an invitation.

        A write; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

        NapCat finds the flag among the last `count` requests only.

        - `flag`: as the event of the request has it.
        - `sub_type`: as the event of the request has it; needed by go-cqhttp.
        - `approve`: whether to accept it; True by default.
        - `reason`: why it is refused.
        - `count`: among how many of the last requests to look for it; `100` by default.
        """
        params: dict[str, Any] = {
            "flag": flag,
            "sub_type": sub_type,
            "approve": approve,
            "reason": reason,
            "count": count,
        }
        await self._act(
            "set_group_add_request", params, account, timeout, idempotency_key
        )

    async def set_group_admin(
        self,
        group_id: int,
        user_id: int,
        enable: bool,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Make a member administrator, or no longer.

        A write; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

        Always give enable.

        - `enable`: false takes the role away; wanted here: if it is missing, NapCat
          then takes the role away, where the standard gives it.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "user_id": user_id,
            "enable": enable,
        }
        await self._act("set_group_admin", params, account, timeout, idempotency_key)

    async def set_group_album_media_like(
        self,
        group_id: int,
        album_id: str,
        batch_id: str,
        *,
        lloc: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Like a picture of a group's album.

        A write; known to NapCat.

        - `album_id`: as `get_qun_album_list` gives it.
        - `batch_id`: as `get_group_album_media_list` gives it.
        - `lloc`: the picture, as `get_group_album_media_list` gives it.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "album_id": album_id,
            "batch_id": batch_id,
            "lloc": lloc,
        }
        result: Any = await self._act(
            "set_group_album_media_like", params, account, timeout, idempotency_key
        )
        return result

    async def set_group_anonymous(
        self,
        group_id: int,
        *,
        enable: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Allow anonymous chat, or no longer.

        A write; known to OneBot 11, go-cqhttp.

        - `enable`: false ends it; True by default.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "enable": enable,
        }
        await self._act(
            "set_group_anonymous", params, account, timeout, idempotency_key
        )

    async def set_group_anonymous_ban(
        self,
        group_id: int,
        *,
        anonymous: Mapping[str, Any] | None = None,
        anonymous_flag: str | None = None,
        duration: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Mute an anonymous member.

        A write; known to OneBot 11, go-cqhttp.

        Needs `anonymous` or `anonymous_flag`.

        - `anonymous`: as the event of the message has it.
        - `anonymous_flag`: the `flag` in it.
        - `duration`: in seconds; `1800` by default.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "anonymous": anonymous,
            "anonymous_flag": anonymous_flag,
            "duration": duration,
        }
        await self._act(
            "set_group_anonymous_ban", params, account, timeout, idempotency_key
        )

    async def set_group_ban(
        self,
        group_id: int,
        user_id: int,
        duration: int,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Mute a member, or lift the mute.

        A write; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

        Always give duration; 0 lifts the mute.

        - `duration`: in seconds; wanted here: if it is missing, NapCat then lifts the
          mute, where the standard mutes for 1800 s.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "user_id": user_id,
            "duration": duration,
        }
        await self._act("set_group_ban", params, account, timeout, idempotency_key)

    async def set_group_card(
        self,
        group_id: int,
        user_id: int,
        *,
        card: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Set a member's name in a group.

        A write; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

        NapCat waits up to 3 s until the change shows, else it fails.

        - `card`: empty takes it away.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "user_id": user_id,
            "card": card,
        }
        await self._act("set_group_card", params, account, timeout, idempotency_key)

    async def set_group_kick(
        self,
        group_id: int,
        user_id: int,
        *,
        reject_add_request: bool | None = None,
        message: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Remove a member from a group.

        A write; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

        - `reject_add_request`: whether to never let them ask to join again; False by
          default.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "user_id": user_id,
            "reject_add_request": reject_add_request,
            "message": message,
        }
        await self._act("set_group_kick", params, account, timeout, idempotency_key)

    async def set_group_kick_members(
        self,
        group_id: int,
        user_id: int | str | Sequence[int | str],
        *,
        reject_add_request: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Remove several members from a group.

        A write; known to NapCat.

        NapCat takes one user_id, too.

        - `user_id`: whom: one or several.
        - `reject_add_request`: whether to never let them ask to join again; False by
          default.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "user_id": user_id,
            "reject_add_request": reject_add_request,
        }
        await self._act(
            "set_group_kick_members", params, account, timeout, idempotency_key
        )

    async def set_group_leave(
        self,
        group_id: int,
        *,
        is_dismiss: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Leave a group.

        A write; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

        NapCat passes over is_dismiss.

        - `is_dismiss`: whether to dissolve the group, which its owner can.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "is_dismiss": is_dismiss,
        }
        await self._act("set_group_leave", params, account, timeout, idempotency_key)

    async def set_group_member_invite_policy(
        self,
        group_id: int,
        policy: Literal[
            "disabled", "require_approval", "no_approval", "no_approval_under_100"
        ],
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Decide whether members may invite others.

        A write; known to NapCat.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "policy": policy,
        }
        await self._act(
            "set_group_member_invite_policy", params, account, timeout, idempotency_key
        )

    async def set_group_member_permissions(
        self,
        group_id: int,
        *,
        allow_member_upload_album: bool | None = None,
        allow_member_temporary_session: bool | None = None,
        allow_member_create_group: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Decide what members may do.

        A write; known to NapCat.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "allow_member_upload_album": allow_member_upload_album,
            "allow_member_temporary_session": allow_member_temporary_session,
            "allow_member_create_group": allow_member_create_group,
        }
        await self._act(
            "set_group_member_permissions", params, account, timeout, idempotency_key
        )

    async def set_group_name(
        self,
        group_id: int,
        group_name: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Rename a group.

        A write; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "group_name": group_name,
        }
        await self._act("set_group_name", params, account, timeout, idempotency_key)

    async def set_group_new_member_history_visibility(
        self,
        group_id: int,
        visible: bool,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Decide whether new members see earlier messages.

        A write; known to NapCat.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "visible": visible,
        }
        await self._act(
            "set_group_new_member_history_visibility",
            params,
            account,
            timeout,
            idempotency_key,
        )

    async def set_group_portrait(
        self,
        file: FileLike,
        group_id: int,
        *,
        cache: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> PortraitSet:
        """Set the picture of a group.

        A write; known to NapCat, go-cqhttp, Lagrange, LLBot.

        - `file`: the picture; bytes, a `Path` or a `file://` address (both are read
          here), a URL, or a path on the peer's machine.
        - `cache`: `0` loads the picture anew.
        """
        params: dict[str, Any] = {
            "file": file,
            "group_id": group_id,
            "cache": cache,
        }
        result: PortraitSet = await self._act(
            "set_group_portrait", params, account, timeout, idempotency_key
        )
        return result

    async def set_group_remark(
        self,
        group_id: int,
        remark: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Set the account's own remark on a group.

        A write; known to NapCat, LLBot.

        - `remark`: empty takes it away.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "remark": remark,
        }
        await self._act("set_group_remark", params, account, timeout, idempotency_key)

    async def set_group_robot_add_option(
        self,
        group_id: int,
        *,
        robot_member_switch: int | None = None,
        robot_member_examine: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Decide how bots join a group.

        A write; known to NapCat.

        - `robot_member_switch`: as QQ numbers it.
        - `robot_member_examine`: as QQ numbers it.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "robot_member_switch": robot_member_switch,
            "robot_member_examine": robot_member_examine,
        }
        await self._act(
            "set_group_robot_add_option", params, account, timeout, idempotency_key
        )

    async def set_group_search(
        self,
        group_id: int,
        *,
        no_code_finger_open: int | None = None,
        no_finger_open: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Decide how a group can be found.

        A write; known to NapCat.

        - `no_code_finger_open`: as QQ numbers it.
        - `no_finger_open`: as QQ numbers it.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "no_code_finger_open": no_code_finger_open,
            "no_finger_open": no_finger_open,
        }
        await self._act("set_group_search", params, account, timeout, idempotency_key)

    async def set_group_sign(
        self,
        group_id: int,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Sign in to a group for today.

        A write; known to NapCat.

        Same as send_group_sign.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
        }
        await self._act("set_group_sign", params, account, timeout, idempotency_key)

    async def set_group_special_title(
        self,
        group_id: int,
        user_id: int,
        *,
        special_title: str | None = None,
        duration: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Give a member a title.

        A write; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

        NapCat passes over duration.

        - `special_title`: empty takes it away.
        - `duration`: in seconds; -1 is for ever; `-1` by default.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "user_id": user_id,
            "special_title": special_title,
            "duration": duration,
        }
        await self._act(
            "set_group_special_title", params, account, timeout, idempotency_key
        )

    async def set_group_todo(
        self,
        group_id: int,
        *,
        message_id: int | str | None = None,
        message_seq: int | str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Make a message a to-do of a group.

        A write; known to NapCat.

        - `message_id`: the message; this or `message_seq`.
        - `message_seq`: its number in the group.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "message_id": message_id,
            "message_seq": message_seq,
        }
        await self._act("set_group_todo", params, account, timeout, idempotency_key)

    async def set_group_whole_ban(
        self,
        group_id: int,
        *,
        enable: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Mute a whole group, or lift that.

        A write; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

        - `enable`: false ends it; True by default.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "enable": enable,
        }
        await self._act(
            "set_group_whole_ban", params, account, timeout, idempotency_key
        )

    async def set_guild_member_role(
        self,
        guild_id: int | str,
        role_id: int | str,
        users: Sequence[str],
        *,
        set: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Give members of a guild a role, or take it.

        A write; known to go-cqhttp.

        - `role_id`: the role.
        - `users`: who.
        - `set`: false takes it away.
        """
        params: dict[str, Any] = {
            "guild_id": guild_id,
            "role_id": role_id,
            "users": users,
            "set": set,
        }
        await self._act(
            "set_guild_member_role", params, account, timeout, idempotency_key
        )

    async def set_input_status(
        self,
        user_id: int,
        event_type: int,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> KernelResult:
        """Show a user that the account is typing.

        A write; known to NapCat, LLBot.

        - `event_type`: what to show, as QQ numbers it; 1 is typing.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "event_type": event_type,
        }
        result: KernelResult = await self._act(
            "set_input_status", params, account, timeout, idempotency_key
        )
        return result

    async def set_msg_emoji_like(
        self,
        message_id: int | str,
        emoji_id: int,
        *,
        set: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> KernelResult:
        """React to a message with an emoji.

        A write; known to NapCat, LLBot.

        - `emoji_id`: the number of a face, or the code point of an emoji.
        - `set`: false takes the reaction back; True by default.
        """
        params: dict[str, Any] = {
            "message_id": message_id,
            "emoji_id": emoji_id,
            "set": set,
        }
        result: KernelResult = await self._act(
            "set_msg_emoji_like", params, account, timeout, idempotency_key
        )
        return result

    async def set_online_status(
        self,
        status: int,
        *,
        ext_status: int | None = None,
        battery_status: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Set the account's online status.

        A write; known to NapCat, LLBot.

        - `status`: as QQ numbers it.
        - `ext_status`: as QQ numbers it; needed by NapCat.
        - `battery_status`: how full the battery is, in percent; needed by NapCat.
        """
        params: dict[str, Any] = {
            "status": status,
            "ext_status": ext_status,
            "battery_status": battery_status,
        }
        await self._act("set_online_status", params, account, timeout, idempotency_key)

    async def set_qq_avatar(
        self,
        file: FileLike,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Set the account's picture.

        A write; known to NapCat, Lagrange, LLBot.

        - `file`: the picture; bytes, a `Path` or a `file://` address (both are read
          here), a URL, or a path on the peer's machine.
        """
        params: dict[str, Any] = {
            "file": file,
        }
        await self._act("set_qq_avatar", params, account, timeout, idempotency_key)

    async def set_qq_profile(
        self,
        *,
        nickname: str | None = None,
        personal_note: str | None = None,
        sex: int | str | None = None,
        company: str | None = None,
        email: str | None = None,
        college: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> KernelResult:
        """Set the account's profile.

        A write; known to NapCat, go-cqhttp, LLBot.

        - `nickname`: needed by NapCat, go-cqhttp.
        - `personal_note`: the signature.
        - `sex`: as QQ numbers it: 1 is male, 2 female.
        """
        params: dict[str, Any] = {
            "nickname": nickname,
            "personal_note": personal_note,
            "sex": sex,
            "company": company,
            "email": email,
            "college": college,
        }
        result: KernelResult = await self._act(
            "set_qq_profile", params, account, timeout, idempotency_key
        )
        return result

    async def set_restart(
        self,
        *,
        delay: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Restart the implementation.

        A write; known to OneBot 11, NapCat, Lagrange, LLBot.

        An answer may not come. The answer may be lost with the connection.

        - `delay`: in milliseconds; `0` by default.
        """
        params: dict[str, Any] = {
            "delay": delay,
        }
        await self._act("set_restart", params, account, timeout, idempotency_key)

    async def set_self_longnick(
        self,
        long_nick: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> KernelResult:
        """Set the account's signature.

        A write; known to NapCat.

        - `long_nick`: `longNick`; the signature.
        """
        params: dict[str, Any] = {
            "longNick": long_nick,
        }
        result: KernelResult = await self._act(
            "set_self_longnick", params, account, timeout, idempotency_key
        )
        return result

    async def test_auto_register_01(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> str:
        """A text that is always the same.

        A read; known to NapCat.

        A test of NapCat's build.
        """
        params: dict[str, Any] = {}
        result: str = await self._act(
            "test_auto_register_01", params, account, timeout, idempotency_key
        )
        return result

    async def test_auto_register_02(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> str:
        """A text that is always the same.

        A read; known to NapCat.

        A test of NapCat's build.
        """
        params: dict[str, Any] = {}
        result: str = await self._act(
            "test_auto_register_02", params, account, timeout, idempotency_key
        )
        return result

    async def test_download_stream(
        self,
        *,
        error: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> TestStream:
        """Some frames of text.

        A read; known to NapCat.

        The bridge gathers the frames of the answer. A test of NapCat's streams.

        - `error`: whether to end with an error; False by default.
        """
        params: dict[str, Any] = {
            "error": error,
        }
        result: TestStream = await self._act(
            "test_download_stream", params, account, timeout, idempotency_key
        )
        return result

    async def trans_group_file(
        self,
        group_id: int,
        file_id: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Ok:
        """Make a temporary file of a group a lasting one.

        A write; known to NapCat.

        - `file_id`: as the list of files, or the event of the upload, gives it.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "file_id": file_id,
        }
        result: Ok = await self._act(
            "trans_group_file", params, account, timeout, idempotency_key
        )
        return result

    async def translate_en2zh(
        self,
        words: str | Sequence[str],
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Translation:
        """Translate English words into Chinese.

        A read; known to NapCat.

        - `words`: what to translate.
        """
        params: dict[str, Any] = {
            "words": words,
        }
        result: Translation = await self._act(
            "translate_en2zh", params, account, timeout, idempotency_key
        )
        return result

    async def update_guild_role(
        self,
        guild_id: int | str,
        role_id: int | str,
        *,
        name: str | None = None,
        color: int | None = None,
        indepedent: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Change a role of a guild.

        A write; known to go-cqhttp.

        - `name`: what to call it.
        - `color`: 0xAARRGGBB.
        - `indepedent`: whether its members are listed by themselves; go-cqhttp spells
          it so.
        """
        params: dict[str, Any] = {
            "guild_id": guild_id,
            "role_id": role_id,
            "name": name,
            "color": color,
            "indepedent": indepedent,
        }
        await self._act("update_guild_role", params, account, timeout, idempotency_key)

    async def upload_file_stream(
        self,
        stream_id: str,
        *,
        chunk_data: str | None = None,
        chunk_index: int | None = None,
        total_chunks: int | None = None,
        file_size: int | None = None,
        expected_sha256: str | None = None,
        is_complete: bool | None = None,
        filename: str | None = None,
        reset: bool | None = None,
        verify_only: bool | None = None,
        file_retention: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> UploadProgress:
        """Upload a file in chunks to the implementation's disk.

        A write; known to NapCat.

        One answer a call. A call with chunk_data never completes the file; `reset` is
        answered as failed.

        - `stream_id`: a name for the upload, in all its calls.
        - `chunk_data`: a part, in base64.
        - `chunk_index`: which part it is, from 0 on.
        - `total_chunks`: how many parts there are.
        - `file_size`: bytes of the whole.
        - `expected_sha256`: of the whole, in hexadecimal.
        - `is_complete`: whether to put the parts together now.
        - `filename`: what to call it.
        - `reset`: whether to forget what has come.
        - `verify_only`: whether to only tell what has come.
        - `file_retention`: how long to keep it, in milliseconds; `300000` by default.
        """
        params: dict[str, Any] = {
            "stream_id": stream_id,
            "chunk_data": chunk_data,
            "chunk_index": chunk_index,
            "total_chunks": total_chunks,
            "file_size": file_size,
            "expected_sha256": expected_sha256,
            "is_complete": is_complete,
            "filename": filename,
            "reset": reset,
            "verify_only": verify_only,
            "file_retention": file_retention,
        }
        result: UploadProgress = await self._act(
            "upload_file_stream", params, account, timeout, idempotency_key
        )
        return result

    async def upload_group_file(
        self,
        group_id: int,
        file: FileLike,
        *,
        name: str | None = None,
        folder: str | None = None,
        upload_file: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Uploaded:
        """Upload a file to a group.

        A write; known to NapCat, go-cqhttp, Lagrange, LLBot.

        - `file`: what to send; bytes, a `Path` or a `file://` address (both are read
          here), a URL, or a path on the peer's machine.
        - `name`: what to call it; needed by NapCat, go-cqhttp.
        - `folder`: the folder it is to be in, by its id.
        - `upload_file`: True by default.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "file": file,
            "name": name,
            "folder": folder,
            "upload_file": upload_file,
        }
        result: Uploaded = await self._act(
            "upload_group_file", params, account, timeout, idempotency_key
        )
        return result

    async def upload_image_to_qun_album(
        self,
        group_id: int,
        album_id: str,
        album_name: str,
        file: FileLike,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Add a picture to a group's album.

        A write; known to NapCat.

        - `album_id`: as `get_qun_album_list` gives it.
        - `album_name`: its name.
        - `file`: the picture; bytes, a `Path` or a `file://` address (both are read
          here), a URL, or a path on the peer's machine.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "album_id": album_id,
            "album_name": album_name,
            "file": file,
        }
        result: Any = await self._act(
            "upload_image_to_qun_album", params, account, timeout, idempotency_key
        )
        return result

    async def upload_private_file(
        self,
        user_id: int,
        file: FileLike,
        *,
        name: str | None = None,
        upload_file: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Uploaded:
        """Send a file to a user.

        A write; known to NapCat, go-cqhttp, Lagrange, LLBot.

        - `file`: what to send; bytes, a `Path` or a `file://` address (both are read
          here), a URL, or a path on the peer's machine.
        - `name`: what to call it; needed by NapCat, go-cqhttp.
        - `upload_file`: True by default.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "file": file,
            "name": name,
            "upload_file": upload_file,
        }
        result: Uploaded = await self._act(
            "upload_private_file", params, account, timeout, idempotency_key
        )
        return result


class SyncActions(ABC):
    """Every action of the catalogue, for code that is not asynchronous.

    What is None is left out. `account` is its key in the bridge's settings, needed
    where there are several; `timeout` is in seconds; with the same `idempotency_key` a
    call is carried out once, however often it is made. What fails raises a
    `BridgeError`.
    """

    @abstractmethod
    def _act(
        self,
        action: str,
        params: dict[str, Any],
        account: str | None,
        timeout: float | None,
        idempotency_key: str | None,
    ) -> Any:
        """Call `action` and give its data."""

    def get_word_slices(
        self,
        content: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> WordSlices:
        """Cut a text into words.

        The action `.get_word_slices`, a read; known to go-cqhttp.

        - `content`: the text.
        """
        params: dict[str, Any] = {
            "content": content,
        }
        result: WordSlices = self._act(
            ".get_word_slices", params, account, timeout, idempotency_key
        )
        return result

    def handle_quick_operation(
        self,
        context: Mapping[str, Any],
        operation: Mapping[str, Any],
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """What the answer to an event by HTTP would do.

        The action `.handle_quick_operation`, a write; known to OneBot 11, NapCat,
        go-cqhttp, LLBot.

        NapCat knows only `reply`, and answers ok whatever comes of it.

        - `context`: the event that is answered.
        - `operation`: what to do about it: `reply`, `delete`, `ban`, `approve` ….
        """
        params: dict[str, Any] = {
            "context": context,
            "operation": operation,
        }
        self._act(".handle_quick_operation", params, account, timeout, idempotency_key)

    def dot_ocr_image(
        self,
        image: FileLike,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Read the text in a picture.

        The action `.ocr_image`, a read; known to NapCat, go-cqhttp, Lagrange.

        - `image`: the picture; bytes, a `Path` or a `file://` address (both are read
          here), a URL, or a path on the peer's machine.
        """
        params: dict[str, Any] = {
            "image": image,
        }
        result: Any = self._act(".ocr_image", params, account, timeout, idempotency_key)
        return result

    def ark_share_group(
        self,
        group_id: int,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> str:
        """The card that recommends a group.

        The action `ArkShareGroup`, a read; known to NapCat.

        Older name of send_group_ark_share; gives the card, sends nothing.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
        }
        result: str = self._act(
            "ArkShareGroup", params, account, timeout, idempotency_key
        )
        return result

    def ark_share_peer(
        self,
        *,
        user_id: int | None = None,
        group_id: int | None = None,
        phone_number: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """The card that recommends a user or a group.

        The action `ArkSharePeer`, a read; known to NapCat.

        Needs `user_id` or `group_id`. Older name of send_ark_share; gives the card,
        sends nothing.

        - `phone_number`: of the user, for the card.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "group_id": group_id,
            "phone_number": phone_number,
        }
        result: Any = self._act(
            "ArkSharePeer", params, account, timeout, idempotency_key
        )
        return result

    def del_group_notice(
        self,
        group_id: int,
        notice_id: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> KernelResult:
        """Delete a notice of a group.

        The action `_del_group_notice`, a write; known to NapCat, go-cqhttp, Lagrange.

        - `notice_id`: as `_get_group_notice` gives it.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "notice_id": notice_id,
        }
        result: KernelResult = self._act(
            "_del_group_notice", params, account, timeout, idempotency_key
        )
        return result

    def get_group_notice(
        self,
        group_id: int,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[GroupNotice]:
        """The notices of a group.

        The action `_get_group_notice`, a read; known to NapCat, go-cqhttp, Lagrange,
        LLBot.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
        }
        result: list[GroupNotice] = self._act(
            "_get_group_notice", params, account, timeout, idempotency_key
        )
        return result

    def get_model_show(
        self,
        *,
        model: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[ModelShow]:
        """The names that a device may be shown by.

        The action `_get_model_show`, a read; known to NapCat, go-cqhttp.

        NapCat's answer is fixed.

        - `model`: the device.
        """
        params: dict[str, Any] = {
            "model": model,
        }
        result: list[ModelShow] = self._act(
            "_get_model_show", params, account, timeout, idempotency_key
        )
        return result

    def mark_all_as_read(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Mark all chats as read.

        The action `_mark_all_as_read`, a write; known to NapCat.
        """
        params: dict[str, Any] = {}
        self._act("_mark_all_as_read", params, account, timeout, idempotency_key)

    def send_group_notice(
        self,
        group_id: int,
        content: str,
        *,
        image: FileLike | None = None,
        pinned: int | None = None,
        type: int | None = None,
        confirm_required: int | None = None,
        is_show_edit_card: int | None = None,
        tip_window_type: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Post a notice in a group.

        The action `_send_group_notice`, a write; known to NapCat, go-cqhttp, Lagrange,
        LLBot.

        - `content`: its text.
        - `image`: a picture beside it; bytes, a `Path` or a `file://` address (both are
          read here), a URL, or a path on the peer's machine.
        - `pinned`: 1 keeps it on top; `0` by default.
        - `type`: as QQ numbers it; `1` by default.
        - `confirm_required`: 1 asks members to confirm it; `1` by default.
        - `is_show_edit_card`: 1 asks members to set their name in the group; `0` by
          default.
        - `tip_window_type`: whether it pops up, as QQ numbers it; `0` by default.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "content": content,
            "image": image,
            "pinned": pinned,
            "type": type,
            "confirm_required": confirm_required,
            "is_show_edit_card": is_show_edit_card,
            "tip_window_type": tip_window_type,
        }
        self._act("_send_group_notice", params, account, timeout, idempotency_key)

    def set_model_show(
        self,
        *,
        model: str | None = None,
        model_show: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Choose the device name that QQ shows.

        The action `_set_model_show`, a write; known to NapCat, go-cqhttp.

        NapCat does nothing.

        - `model`: the device; needed by go-cqhttp.
        - `model_show`: one of the names that `_get_model_show` gives; needed by
          go-cqhttp.
        """
        params: dict[str, Any] = {
            "model": model,
            "model_show": model_show,
        }
        self._act("_set_model_show", params, account, timeout, idempotency_key)

    def add_custom_face(
        self,
        file: FileLike,
        *,
        emoji_id: int | str | None = None,
        package_id: int | str | None = None,
        file_name: str | None = None,
        file_size: int | str | None = None,
        md5: str | None = None,
        is_mark_face: bool | None = None,
        is_origin: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> KernelResult:
        """Add a picture to the account's own faces.

        A write; known to NapCat.

        - `file`: the picture; bytes, a `Path` or a `file://` address (both are read
          here), a URL, or a path on the peer's machine.
        - `emoji_id`: of a face of QQ's shop.
        - `package_id`: of a face of QQ's shop.
        - `is_mark_face`: whether it is a face of QQ's shop.
        """
        params: dict[str, Any] = {
            "file": file,
            "emoji_id": emoji_id,
            "package_id": package_id,
            "file_name": file_name,
            "file_size": file_size,
            "md5": md5,
            "is_mark_face": is_mark_face,
            "is_origin": is_origin,
        }
        result: KernelResult = self._act(
            "add_custom_face", params, account, timeout, idempotency_key
        )
        return result

    def bot_exit(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """End the implementation.

        A write; known to NapCat.

        No answer comes. The process ends at once, and the connection breaks.
        """
        params: dict[str, Any] = {}
        self._act("bot_exit", params, account, timeout, idempotency_key)

    def can_send_image(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> CanSend:
        """Whether pictures can be sent.

        A read; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.
        """
        params: dict[str, Any] = {}
        result: CanSend = self._act(
            "can_send_image", params, account, timeout, idempotency_key
        )
        return result

    def can_send_record(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> CanSend:
        """Whether voice messages can be sent.

        A read; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.
        """
        params: dict[str, Any] = {}
        result: CanSend = self._act(
            "can_send_record", params, account, timeout, idempotency_key
        )
        return result

    def cancel_group_album_media_like(
        self,
        group_id: int,
        album_id: str,
        batch_id: str,
        *,
        lloc: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Take back the like of a picture in a group's album.

        A write; known to NapCat.

        - `album_id`: as `get_qun_album_list` gives it.
        - `batch_id`: as `get_group_album_media_list` gives it.
        - `lloc`: the picture, as `get_group_album_media_list` gives it.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "album_id": album_id,
            "batch_id": batch_id,
            "lloc": lloc,
        }
        result: Any = self._act(
            "cancel_group_album_media_like", params, account, timeout, idempotency_key
        )
        return result

    def cancel_group_todo(
        self,
        group_id: int,
        *,
        message_id: int | str | None = None,
        message_seq: int | str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Take back a to-do of a group.

        A write; known to NapCat.

        - `message_id`: the message; this or `message_seq`.
        - `message_seq`: its number in the group.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "message_id": message_id,
            "message_seq": message_seq,
        }
        self._act("cancel_group_todo", params, account, timeout, idempotency_key)

    def cancel_online_file(
        self,
        user_id: int,
        msg_id: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Take back a file that was offered for direct transfer.

        A write; known to NapCat.

        - `msg_id`: the message with the offer.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "msg_id": msg_id,
        }
        result: Any = self._act(
            "cancel_online_file", params, account, timeout, idempotency_key
        )
        return result

    def check_url_safely(
        self,
        url: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> UrlSafety:
        """Whether QQ takes an address to be safe.

        A read; known to NapCat, go-cqhttp.

        NapCat calls everything safe.
        """
        params: dict[str, Any] = {
            "url": url,
        }
        result: UrlSafety = self._act(
            "check_url_safely", params, account, timeout, idempotency_key
        )
        return result

    def clean_cache(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Empty the implementation's cache.

        A write; known to OneBot 11, NapCat, LLBot.
        """
        params: dict[str, Any] = {}
        self._act("clean_cache", params, account, timeout, idempotency_key)

    def clean_stream_temp_file(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Delete what streams have left on the implementation's disk.

        A write; known to NapCat.
        """
        params: dict[str, Any] = {}
        self._act("clean_stream_temp_file", params, account, timeout, idempotency_key)

    def click_inline_keyboard_button(
        self,
        group_id: int,
        bot_appid: str,
        *,
        button_id: str | None = None,
        callback_data: str | None = None,
        msg_seq: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Press a button below the message of another bot.

        A write; known to NapCat.

        - `bot_appid`: the bot.
        - `button_id`: the button.
        - `callback_data`: what the button stands for.
        - `msg_seq`: number of the message in the group; `10086` by default.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "bot_appid": bot_appid,
            "button_id": button_id,
            "callback_data": callback_data,
            "msg_seq": msg_seq,
        }
        result: Any = self._act(
            "click_inline_keyboard_button", params, account, timeout, idempotency_key
        )
        return result

    def complete_group_todo(
        self,
        group_id: int,
        *,
        message_id: int | str | None = None,
        message_seq: int | str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Mark a to-do of a group as done.

        A write; known to NapCat.

        - `message_id`: the message; this or `message_seq`.
        - `message_seq`: its number in the group.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "message_id": message_id,
            "message_seq": message_seq,
        }
        self._act("complete_group_todo", params, account, timeout, idempotency_key)

    def create_collection(
        self,
        raw_data: str,
        brief: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> KernelResult:
        """Put a text into the account's collection.

        A write; known to NapCat.

        - `raw_data`: `rawData`; the text.
        - `brief`: its title.
        """
        params: dict[str, Any] = {
            "rawData": raw_data,
            "brief": brief,
        }
        result: KernelResult = self._act(
            "create_collection", params, account, timeout, idempotency_key
        )
        return result

    def create_flash_task(
        self,
        files: FileLike | Sequence[FileLike],
        *,
        name: str | None = None,
        thumb_path: FileLike | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Upload files for a flash transfer.

        A write; known to NapCat.

        - `files`: bytes, a `Path` or a `file://` address (both are read here), a URL,
          or a path on the peer's machine.
        - `name`: what to call it.
        - `thumb_path`: a picture of it; bytes, a `Path` or a `file://` address (both
          are read here), a URL, or a path on the peer's machine.
        """
        params: dict[str, Any] = {
            "files": files,
            "name": name,
            "thumb_path": thumb_path,
        }
        result: Any = self._act(
            "create_flash_task", params, account, timeout, idempotency_key
        )
        return result

    def create_group_file_folder(
        self,
        group_id: int,
        *,
        name: str | None = None,
        parent_id: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> FolderCreated:
        """Create a folder among a group's files.

        A write; known to NapCat, go-cqhttp, Lagrange, LLBot.

        - `name`: what to call it; needed by NapCat, go-cqhttp.
        - `parent_id`: the folder it is to be in.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "name": name,
            "parent_id": parent_id,
        }
        result: FolderCreated = self._act(
            "create_group_file_folder", params, account, timeout, idempotency_key
        )
        return result

    def create_guild_role(
        self,
        guild_id: int | str,
        name: str,
        *,
        color: int | None = None,
        independent: bool | None = None,
        initial_users: Sequence[str] | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> GuildRoleCreated:
        """Create a role in a guild.

        A write; known to go-cqhttp.

        - `name`: what to call it.
        - `color`: 0xAARRGGBB.
        - `independent`: whether its members are listed by themselves.
        - `initial_users`: who has it from the beginning.
        """
        params: dict[str, Any] = {
            "guild_id": guild_id,
            "name": name,
            "color": color,
            "independent": independent,
            "initial_users": initial_users,
        }
        result: GuildRoleCreated = self._act(
            "create_guild_role", params, account, timeout, idempotency_key
        )
        return result

    def del_group_album_media(
        self,
        group_id: int,
        album_id: str,
        lloc: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Delete a picture of a group's album.

        A write; known to NapCat.

        - `album_id`: as `get_qun_album_list` gives it.
        - `lloc`: the picture, as `get_group_album_media_list` gives it.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "album_id": album_id,
            "lloc": lloc,
        }
        result: Any = self._act(
            "del_group_album_media", params, account, timeout, idempotency_key
        )
        return result

    def delete_custom_face(
        self,
        *,
        res_id: str | Sequence[str] | None = None,
        id: str | Sequence[str] | None = None,
        ids: str | Sequence[str] | None = None,
        md5: str | Sequence[str] | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> KernelResult:
        """Delete some of the account's own faces.

        A write; known to NapCat.

        - `res_id`: resource ids, one or several.
        - `id`: ids, one or several.
        - `ids`: ids, one or several.
        - `md5`: MD5 sums, one or several.
        """
        params: dict[str, Any] = {
            "res_id": res_id,
            "id": id,
            "ids": ids,
            "md5": md5,
        }
        result: KernelResult = self._act(
            "delete_custom_face", params, account, timeout, idempotency_key
        )
        return result

    def delete_essence_msg(
        self,
        *,
        message_id: int | str | None = None,
        msg_seq: str | None = None,
        msg_random: str | None = None,
        group_id: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> KernelResult:
        """No longer mark it.

        A write; known to NapCat, go-cqhttp, Lagrange, LLBot.

        - `message_id`: the message; this, or the two others.
        - `msg_seq`: its number in the group.
        - `msg_random`: its random number.
        """
        params: dict[str, Any] = {
            "message_id": message_id,
            "msg_seq": msg_seq,
            "msg_random": msg_random,
            "group_id": group_id,
        }
        result: KernelResult = self._act(
            "delete_essence_msg", params, account, timeout, idempotency_key
        )
        return result

    def delete_friend(
        self,
        user_id: int,
        *,
        temp_block: bool | None = None,
        temp_both_del: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> dict[str, Any]:
        """Remove a friend.

        A write; known to NapCat, go-cqhttp, Lagrange, LLBot.

        NapCat answers ok even where nothing was deleted.

        - `temp_block`: whether to block them.
        - `temp_both_del`: whether to leave their list of friends, too.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "temp_block": temp_block,
            "temp_both_del": temp_both_del,
        }
        result: dict[str, Any] = self._act(
            "delete_friend", params, account, timeout, idempotency_key
        )
        return result

    def delete_group_file(
        self,
        group_id: int,
        file_id: str,
        *,
        busid: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> KernelResult:
        """Delete a file of a group.

        A write; known to NapCat, go-cqhttp, Lagrange, LLBot.

        - `file_id`: as the list of files, or the event of the upload, gives it.
        - `busid`: where it is stored, as the list of files says.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "file_id": file_id,
            "busid": busid,
        }
        result: KernelResult = self._act(
            "delete_group_file", params, account, timeout, idempotency_key
        )
        return result

    def delete_group_folder(
        self,
        group_id: int,
        folder_id: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> KernelResult:
        """Delete a folder of a group's files.

        A write; known to NapCat, go-cqhttp, LLBot.

        - `folder_id`: as the list of files gives it.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "folder_id": folder_id,
        }
        result: KernelResult = self._act(
            "delete_group_folder", params, account, timeout, idempotency_key
        )
        return result

    def delete_guild_role(
        self,
        guild_id: int | str,
        role_id: int | str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Delete a role of a guild.

        A write; known to go-cqhttp.
        """
        params: dict[str, Any] = {
            "guild_id": guild_id,
            "role_id": role_id,
        }
        self._act("delete_guild_role", params, account, timeout, idempotency_key)

    def delete_msg(
        self,
        message_id: int | str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Recall a message.

        A write; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

        NapCat remembers the last 5000 ids.
        """
        params: dict[str, Any] = {
            "message_id": message_id,
        }
        self._act("delete_msg", params, account, timeout, idempotency_key)

    def delete_qzone_msg(
        self,
        tid: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Delete a post of the account's Qzone.

        A write; known to NapCat.

        - `tid`: as `send_qzone_msg` gives it.
        """
        params: dict[str, Any] = {
            "tid": tid,
        }
        self._act("delete_qzone_msg", params, account, timeout, idempotency_key)

    def delete_unidirectional_friend(
        self,
        user_id: int,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Remove a one-sided friend.

        A write; known to go-cqhttp.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
        }
        self._act(
            "delete_unidirectional_friend", params, account, timeout, idempotency_key
        )

    def do_group_album_comment(
        self,
        group_id: int,
        album_id: str,
        lloc: str,
        content: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Comment on a picture of a group's album.

        A write; known to NapCat.

        - `album_id`: as `get_qun_album_list` gives it.
        - `lloc`: the picture, as `get_group_album_media_list` gives it.
        - `content`: what to say.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "album_id": album_id,
            "lloc": lloc,
            "content": content,
        }
        result: Any = self._act(
            "do_group_album_comment", params, account, timeout, idempotency_key
        )
        return result

    def download_file(
        self,
        *,
        url: str | None = None,
        base64: bytes | str | None = None,
        name: str | None = None,
        headers: str | Sequence[str] | None = None,
        thread_count: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> DownloadedFile:
        """Have a file fetched to the implementation's disk.

        A write; known to NapCat, go-cqhttp, LLBot.

        Needs `url` or `base64`.

        - `url`: where it is.
        - `base64`: its bytes, as bin or base64.
        - `name`: what to call it.
        - `headers`: headers of the request, each as `Name: value`.
        - `thread_count`: how many connections to use.
        """
        params: dict[str, Any] = {
            "url": url,
            "base64": base64,
            "name": name,
            "headers": headers,
            "thread_count": thread_count,
        }
        result: DownloadedFile = self._act(
            "download_file", params, account, timeout, idempotency_key
        )
        return result

    def download_file_image_stream(
        self,
        *,
        file: str | None = None,
        file_id: str | None = None,
        chunk_size: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> StreamedFile:
        """A picture in chunks.

        A read; known to NapCat.

        Needs `file` or `file_id`. The bridge gathers the frames of the answer.

        - `file`: its name or id, as in the segment.
        - `file_id`: its id, as in the segment.
        - `chunk_size`: how many bytes a frame has; `65536` by default.
        """
        params: dict[str, Any] = {
            "file": file,
            "file_id": file_id,
            "chunk_size": chunk_size,
        }
        result: StreamedFile = self._act(
            "download_file_image_stream", params, account, timeout, idempotency_key
        )
        return result

    def download_file_record_stream(
        self,
        *,
        file: str | None = None,
        file_id: str | None = None,
        chunk_size: int | None = None,
        out_format: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> StreamedFile:
        """A voice message in chunks.

        A read; known to NapCat.

        Needs `file` or `file_id`. The bridge gathers the frames of the answer.

        - `file`: its name or id, as in the segment.
        - `file_id`: its id, as in the segment.
        - `chunk_size`: how many bytes a frame has; `65536` by default.
        - `out_format`: what to convert it to.
        """
        params: dict[str, Any] = {
            "file": file,
            "file_id": file_id,
            "chunk_size": chunk_size,
            "out_format": out_format,
        }
        result: StreamedFile = self._act(
            "download_file_record_stream", params, account, timeout, idempotency_key
        )
        return result

    def download_file_stream(
        self,
        *,
        file: str | None = None,
        file_id: str | None = None,
        chunk_size: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> StreamedFile:
        """A file in chunks.

        A read; known to NapCat.

        Needs `file` or `file_id`. The bridge gathers the frames of the answer.

        - `file`: its name or id, as in the segment.
        - `file_id`: its id, as in the segment.
        - `chunk_size`: how many bytes a frame has; `65536` by default.
        """
        params: dict[str, Any] = {
            "file": file,
            "file_id": file_id,
            "chunk_size": chunk_size,
        }
        result: StreamedFile = self._act(
            "download_file_stream", params, account, timeout, idempotency_key
        )
        return result

    def download_fileset(
        self,
        fileset_id: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Fetch a flash transfer to the implementation's disk.

        A write; known to NapCat.

        - `fileset_id`: the transfer.
        """
        params: dict[str, Any] = {
            "fileset_id": fileset_id,
        }
        result: Any = self._act(
            "download_fileset", params, account, timeout, idempotency_key
        )
        return result

    def fetch_custom_face(
        self,
        *,
        count: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[str]:
        """The addresses of the account's own faces.

        A read; known to NapCat, Lagrange, LLBot.

        - `count`: how many at most; `48` by default.
        """
        params: dict[str, Any] = {
            "count": count,
        }
        result: list[str] = self._act(
            "fetch_custom_face", params, account, timeout, idempotency_key
        )
        return result

    def fetch_custom_face_detail(
        self,
        *,
        count: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """The account's own faces, with what is known of each.

        A read; known to NapCat.

        - `count`: how many at most; `48` by default.
        """
        params: dict[str, Any] = {
            "count": count,
        }
        result: Any = self._act(
            "fetch_custom_face_detail", params, account, timeout, idempotency_key
        )
        return result

    def fetch_emoji_like(
        self,
        message_id: int | str,
        *,
        emoji_id: int | None = None,
        emoji_type: int | None = None,
        count: int | None = None,
        cookie: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> EmojiLikers:
        """Who has reacted to a message with an emoji, in pages.

        A read; known to NapCat, LLBot.

        - `emoji_id`: `emojiId`; the number of a face, or the code point of an emoji;
          needed by NapCat.
        - `emoji_type`: `emojiType`; 1 is a face, 2 an emoji; needed by NapCat.
        - `count`: how many at most; `20` by default.
        - `cookie`: where the page before ended, as its answer says.
        """
        params: dict[str, Any] = {
            "message_id": message_id,
            "emojiId": emoji_id,
            "emojiType": emoji_type,
            "count": count,
            "cookie": cookie,
        }
        result: EmojiLikers = self._act(
            "fetch_emoji_like", params, account, timeout, idempotency_key
        )
        return result

    def fetch_ptt_text(
        self,
        message_id: int | str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> SpokenText:
        """What a voice message says.

        A read; known to NapCat.
        """
        params: dict[str, Any] = {
            "message_id": message_id,
        }
        result: SpokenText = self._act(
            "fetch_ptt_text", params, account, timeout, idempotency_key
        )
        return result

    def forward_friend_single_msg(
        self,
        message_id: int | str,
        user_id: int,
        *,
        group_id: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Forward one message to a user.

        A write; known to NapCat, LLBot.

        On NapCat user_id wins over group_id.
        """
        params: dict[str, Any] = {
            "message_id": message_id,
            "user_id": user_id,
            "group_id": group_id,
        }
        self._act(
            "forward_friend_single_msg", params, account, timeout, idempotency_key
        )

    def forward_group_single_msg(
        self,
        message_id: int | str,
        group_id: int,
        *,
        user_id: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Forward one message to a group.

        A write; known to NapCat, LLBot.

        On NapCat user_id wins over group_id.
        """
        params: dict[str, Any] = {
            "message_id": message_id,
            "group_id": group_id,
            "user_id": user_id,
        }
        self._act("forward_group_single_msg", params, account, timeout, idempotency_key)

    def friend_poke(
        self,
        user_id: int,
        *,
        group_id: int | None = None,
        target_id: int | str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Poke a friend.

        A write; known to NapCat, Lagrange, LLBot.

        - `target_id`: whom to poke, where that is not `user_id`.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "group_id": group_id,
            "target_id": target_id,
        }
        self._act("friend_poke", params, account, timeout, idempotency_key)

    def get_ai_characters(
        self,
        group_id: int,
        *,
        chat_type: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[AiCharacterGroup]:
        """The made voices that there are for a group.

        A read; known to NapCat, Lagrange, LLBot.

        - `chat_type`: kind of chat, as QQ numbers it; `1` by default.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "chat_type": chat_type,
        }
        result: list[AiCharacterGroup] = self._act(
            "get_ai_characters", params, account, timeout, idempotency_key
        )
        return result

    def get_ai_record(
        self,
        character: str,
        group_id: int,
        text: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> str:
        """The address of a text spoken by a made voice.

        A read; known to NapCat, Lagrange.

        - `character`: the voice, as `get_ai_characters` gives it.
        - `text`: what to say.
        """
        params: dict[str, Any] = {
            "character": character,
            "group_id": group_id,
            "text": text,
        }
        result: str = self._act(
            "get_ai_record", params, account, timeout, idempotency_key
        )
        return result

    def get_clientkey(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> ClientKey:
        """The key with which the account enters sites of QQ.

        A read; known to NapCat.
        """
        params: dict[str, Any] = {}
        result: ClientKey = self._act(
            "get_clientkey", params, account, timeout, idempotency_key
        )
        return result

    def get_collection_list(
        self,
        category: str,
        *,
        count: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """The account's collection.

        A read; known to NapCat.

        - `category`: kind of things, as QQ numbers it.
        - `count`: how many at most; `50` by default.
        """
        params: dict[str, Any] = {
            "category": category,
            "count": count,
        }
        result: Any = self._act(
            "get_collection_list", params, account, timeout, idempotency_key
        )
        return result

    def get_cookies(
        self,
        *,
        domain: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Cookies:
        """Cookies for a site of QQ.

        A read; known to OneBot 11, NapCat, Lagrange, LLBot.

        - `domain`: the site, such as `qun.qq.com`; needed by NapCat.
        """
        params: dict[str, Any] = {
            "domain": domain,
        }
        result: Cookies = self._act(
            "get_cookies", params, account, timeout, idempotency_key
        )
        return result

    def get_credentials(
        self,
        *,
        domain: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Credentials:
        """Cookies and token in one.

        A read; known to OneBot 11, NapCat, Lagrange, LLBot.

        NapCat calls the token `token`, the standard `csrf_token`.

        - `domain`: the site, such as `qun.qq.com`; needed by NapCat.
        """
        params: dict[str, Any] = {
            "domain": domain,
        }
        result: Credentials = self._act(
            "get_credentials", params, account, timeout, idempotency_key
        )
        return result

    def get_csrf_token(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> CsrfToken:
        """The token for sites of QQ.

        A read; known to OneBot 11, NapCat, Lagrange, LLBot.
        """
        params: dict[str, Any] = {}
        result: CsrfToken = self._act(
            "get_csrf_token", params, account, timeout, idempotency_key
        )
        return result

    def get_doubt_friends_add_request(
        self,
        *,
        count: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[DoubtfulFriendRequest]:
        """Friend requests that QQ holds to be doubtful.

        A read; known to NapCat, LLBot.

        - `count`: how many at most; `50` by default.
        """
        params: dict[str, Any] = {
            "count": count,
        }
        result: list[DoubtfulFriendRequest] = self._act(
            "get_doubt_friends_add_request", params, account, timeout, idempotency_key
        )
        return result

    def get_emoji_likes(
        self,
        message_id: int | str,
        emoji_id: str,
        *,
        group_id: int | None = None,
        emoji_type: str | None = None,
        count: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> EmojiLikeUsers:
        """Who has reacted to a message with an emoji.

        A read; known to NapCat.

        - `emoji_id`: the number of a face, or the code point of an emoji.
        - `emoji_type`: 1 is a face, 2 an emoji.
        - `count`: how many at most; 0 is all; `0` by default.
        """
        params: dict[str, Any] = {
            "message_id": message_id,
            "emoji_id": emoji_id,
            "group_id": group_id,
            "emoji_type": emoji_type,
            "count": count,
        }
        result: EmojiLikeUsers = self._act(
            "get_emoji_likes", params, account, timeout, idempotency_key
        )
        return result

    def get_essence_msg_list(
        self,
        group_id: int,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[EssenceMessage]:
        """The messages of a group that are marked as essence.

        A read; known to NapCat, go-cqhttp, Lagrange, LLBot.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
        }
        result: list[EssenceMessage] = self._act(
            "get_essence_msg_list", params, account, timeout, idempotency_key
        )
        return result

    def get_file(
        self,
        *,
        file: str | None = None,
        file_id: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> FileInfo:
        """A received file.

        A read; known to NapCat, LLBot.

        Needs `file` or `file_id`. The paths are those of the implementation's disk.

        - `file`: its name or id, as in the segment.
        - `file_id`: its id, as in the segment.
        """
        params: dict[str, Any] = {
            "file": file,
            "file_id": file_id,
        }
        result: FileInfo = self._act(
            "get_file", params, account, timeout, idempotency_key
        )
        return result

    def get_fileset_id(
        self,
        share_code: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> FileSetId:
        """The id of the flash transfer behind a share code.

        A read; known to NapCat.

        - `share_code`: the end of a link to it.
        """
        params: dict[str, Any] = {
            "share_code": share_code,
        }
        result: FileSetId = self._act(
            "get_fileset_id", params, account, timeout, idempotency_key
        )
        return result

    def get_fileset_info(
        self,
        fileset_id: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """What is known of a flash transfer.

        A read; known to NapCat.

        - `fileset_id`: the transfer.
        """
        params: dict[str, Any] = {
            "fileset_id": fileset_id,
        }
        result: Any = self._act(
            "get_fileset_info", params, account, timeout, idempotency_key
        )
        return result

    def get_flash_file_list(
        self,
        fileset_id: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """The files of a flash transfer.

        A read; known to NapCat.

        - `fileset_id`: the transfer.
        """
        params: dict[str, Any] = {
            "fileset_id": fileset_id,
        }
        result: Any = self._act(
            "get_flash_file_list", params, account, timeout, idempotency_key
        )
        return result

    def get_flash_file_url(
        self,
        fileset_id: str,
        *,
        file_name: str | None = None,
        file_index: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Where to download a file of a flash transfer.

        A read; known to NapCat.

        - `fileset_id`: the transfer.
        - `file_name`: which file, by its name.
        - `file_index`: which file, by its place.
        """
        params: dict[str, Any] = {
            "fileset_id": fileset_id,
            "file_name": file_name,
            "file_index": file_index,
        }
        result: Any = self._act(
            "get_flash_file_url", params, account, timeout, idempotency_key
        )
        return result

    def get_forward_msg(
        self,
        *,
        id: str | None = None,
        message_id: int | str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Messages:
        """The messages of a merged forward.

        A read; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

        Needs `id` or `message_id`. NapCat cannot open the forwards inside a forward.

        - `id`: as the segment `forward` has it.
        - `message_id`: of the message with the forward, or the same as `id`.
        """
        params: dict[str, Any] = {
            "id": id,
            "message_id": message_id,
        }
        result: Messages = self._act(
            "get_forward_msg", params, account, timeout, idempotency_key
        )
        return result

    def get_friend_list(
        self,
        *,
        no_cache: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[Friend]:
        """The account's friends.

        A read; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

        - `no_cache`: whether to ask QQ's server, not what is remembered; False by
          default.
        """
        params: dict[str, Any] = {
            "no_cache": no_cache,
        }
        result: list[Friend] = self._act(
            "get_friend_list", params, account, timeout, idempotency_key
        )
        return result

    def get_friend_msg_history(
        self,
        user_id: int,
        *,
        message_seq: int | str | None = None,
        count: int | None = None,
        reverse_order: bool | None = None,
        disable_get_url: bool | None = None,
        parse_mult_msg: bool | None = None,
        quick_reply: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Messages:
        """Earlier messages of a private chat.

        A read; known to NapCat, Lagrange, LLBot.

        - `message_seq`: the `message_id` to begin at; the newest without it.
        - `count`: how many at most; `20` by default.
        - `reverse_order`: whether to read in the other direction; False by default.
        - `disable_get_url`: whether to do without the addresses of media, which is
          faster; False by default.
        - `parse_mult_msg`: whether to open merged forwards; True by default.
        - `quick_reply`: whether to leave quoted messages unopened, which is faster;
          False by default.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "message_seq": message_seq,
            "count": count,
            "reverse_order": reverse_order,
            "disable_get_url": disable_get_url,
            "parse_mult_msg": parse_mult_msg,
            "quick_reply": quick_reply,
        }
        result: Messages = self._act(
            "get_friend_msg_history", params, account, timeout, idempotency_key
        )
        return result

    def get_friends_with_category(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[FriendCategory]:
        """The account's friends by category.

        A read; known to NapCat, LLBot.
        """
        params: dict[str, Any] = {}
        result: list[FriendCategory] = self._act(
            "get_friends_with_category", params, account, timeout, idempotency_key
        )
        return result

    def get_group_album_media_list(
        self,
        group_id: int,
        *,
        album_id: str | None = None,
        attach_info: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """The pictures of a group's album.

        A read; known to NapCat, LLBot.

        - `album_id`: as `get_qun_album_list` gives it; needed by NapCat.
        - `attach_info`: where the page before ended, as its answer says.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "album_id": album_id,
            "attach_info": attach_info,
        }
        result: Any = self._act(
            "get_group_album_media_list", params, account, timeout, idempotency_key
        )
        return result

    def get_group_at_all_remain(
        self,
        group_id: int,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> GroupAtAllRemain:
        """How often all of a group can still be mentioned today.

        A read; known to NapCat, go-cqhttp, LLBot.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
        }
        result: GroupAtAllRemain = self._act(
            "get_group_at_all_remain", params, account, timeout, idempotency_key
        )
        return result

    def get_group_detail_info(
        self,
        group_id: int,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> GroupInfo:
        """What is known of a group, and more.

        A read; known to NapCat.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
        }
        result: GroupInfo = self._act(
            "get_group_detail_info", params, account, timeout, idempotency_key
        )
        return result

    def get_group_file_system_info(
        self,
        group_id: int,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> GroupFileSystemInfo:
        """How many files a group has, and how much space is left.

        A read; known to NapCat, go-cqhttp, LLBot.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
        }
        result: GroupFileSystemInfo = self._act(
            "get_group_file_system_info", params, account, timeout, idempotency_key
        )
        return result

    def get_group_file_url(
        self,
        group_id: int,
        file_id: str,
        *,
        busid: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> FileUrl:
        """Where to download a file of a group.

        A read; known to NapCat, go-cqhttp, Lagrange, LLBot.

        - `file_id`: as the list of files, or the event of the upload, gives it.
        - `busid`: where it is stored, as the list of files says.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "file_id": file_id,
            "busid": busid,
        }
        result: FileUrl = self._act(
            "get_group_file_url", params, account, timeout, idempotency_key
        )
        return result

    def get_group_files_by_folder(
        self,
        group_id: int,
        *,
        folder_id: str | None = None,
        file_count: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> GroupFiles:
        """The files and folders in a folder of a group.

        A read; known to NapCat, go-cqhttp, Lagrange, LLBot.

        - `folder_id`: as the list of files gives it.
        - `file_count`: how many at most; `50` by default.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "folder_id": folder_id,
            "file_count": file_count,
        }
        result: GroupFiles = self._act(
            "get_group_files_by_folder", params, account, timeout, idempotency_key
        )
        return result

    def get_group_honor_info(
        self,
        group_id: int,
        *,
        type: Literal[
            "all", "talkative", "performer", "legend", "strong_newbie", "emotion"
        ] | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> GroupHonor:
        """Who holds the honours of a group.

        A read; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

        - `type`: which of them; `all` by default.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "type": type,
        }
        result: GroupHonor = self._act(
            "get_group_honor_info", params, account, timeout, idempotency_key
        )
        return result

    def get_group_ignore_add_request(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[GroupIgnoredRequest]:
        """Requests to join groups that QQ has filtered out.

        A read; known to NapCat, LLBot.
        """
        params: dict[str, Any] = {}
        result: list[GroupIgnoredRequest] = self._act(
            "get_group_ignore_add_request", params, account, timeout, idempotency_key
        )
        return result

    def get_group_ignored_notifies(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> GroupIgnoredNotifies:
        """Requests and invitations that QQ has filtered out.

        A read; known to NapCat.
        """
        params: dict[str, Any] = {}
        result: GroupIgnoredNotifies = self._act(
            "get_group_ignored_notifies", params, account, timeout, idempotency_key
        )
        return result

    def get_group_info(
        self,
        group_id: int,
        *,
        no_cache: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> GroupInfo:
        """What is known of a group.

        A read; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

        - `no_cache`: whether to ask QQ's server, not what is remembered; False by
          default.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "no_cache": no_cache,
        }
        result: GroupInfo = self._act(
            "get_group_info", params, account, timeout, idempotency_key
        )
        return result

    def get_group_info_ex(
        self,
        group_id: int,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """What the QQ client knows of a group.

        A read; known to NapCat.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
        }
        result: Any = self._act(
            "get_group_info_ex", params, account, timeout, idempotency_key
        )
        return result

    def get_group_list(
        self,
        *,
        no_cache: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[GroupInfo]:
        """The account's groups.

        A read; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

        - `no_cache`: whether to ask QQ's server, not what is remembered; False by
          default.
        """
        params: dict[str, Any] = {
            "no_cache": no_cache,
        }
        result: list[GroupInfo] = self._act(
            "get_group_list", params, account, timeout, idempotency_key
        )
        return result

    def get_group_member_info(
        self,
        group_id: int,
        user_id: int,
        *,
        no_cache: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> GroupMember:
        """What is known of a member.

        A read; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

        NapCat asks the server unless no_cache is false.

        - `no_cache`: whether to ask QQ's server, not what is remembered; True by
          default.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "user_id": user_id,
            "no_cache": no_cache,
        }
        result: GroupMember = self._act(
            "get_group_member_info", params, account, timeout, idempotency_key
        )
        return result

    def get_group_member_list(
        self,
        group_id: int,
        *,
        no_cache: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[GroupMember]:
        """The members of a group.

        A read; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

        - `no_cache`: whether to ask QQ's server, not what is remembered; False by
          default.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "no_cache": no_cache,
        }
        result: list[GroupMember] = self._act(
            "get_group_member_list", params, account, timeout, idempotency_key
        )
        return result

    def get_group_msg_history(
        self,
        group_id: int,
        *,
        message_seq: int | str | None = None,
        count: int | None = None,
        reverse_order: bool | None = None,
        disable_get_url: bool | None = None,
        parse_mult_msg: bool | None = None,
        quick_reply: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Messages:
        """Earlier messages of a group.

        A read; known to NapCat, go-cqhttp, Lagrange, LLBot.

        - `message_seq`: the `message_id` to begin at; the newest without it.
        - `count`: how many at most; `20` by default.
        - `reverse_order`: whether to read in the other direction; False by default.
        - `disable_get_url`: whether to do without the addresses of media, which is
          faster; False by default.
        - `parse_mult_msg`: whether to open merged forwards; True by default.
        - `quick_reply`: whether to leave quoted messages unopened, which is faster;
          False by default.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "message_seq": message_seq,
            "count": count,
            "reverse_order": reverse_order,
            "disable_get_url": disable_get_url,
            "parse_mult_msg": parse_mult_msg,
            "quick_reply": quick_reply,
        }
        result: Messages = self._act(
            "get_group_msg_history", params, account, timeout, idempotency_key
        )
        return result

    def get_group_root_files(
        self,
        group_id: int,
        *,
        file_count: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> GroupFiles:
        """The files and folders of a group that are in no folder.

        A read; known to NapCat, go-cqhttp, Lagrange, LLBot.

        - `file_count`: how many at most; `50` by default.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "file_count": file_count,
        }
        result: GroupFiles = self._act(
            "get_group_root_files", params, account, timeout, idempotency_key
        )
        return result

    def get_group_shut_list(
        self,
        group_id: int,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[dict[str, Any]]:
        """The members of a group who are muted.

        A read; known to NapCat, LLBot.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
        }
        result: list[dict[str, Any]] = self._act(
            "get_group_shut_list", params, account, timeout, idempotency_key
        )
        return result

    def get_group_signed_list(
        self,
        group_id: int,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[GroupSigner]:
        """Who has signed in to a group today.

        A read; known to NapCat, LLBot.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
        }
        result: list[GroupSigner] = self._act(
            "get_group_signed_list", params, account, timeout, idempotency_key
        )
        return result

    def get_group_system_msg(
        self,
        *,
        count: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> GroupSystemMessages:
        """Requests to join groups, and invitations.

        A read; known to NapCat, go-cqhttp, LLBot.

        request_id may be rounded: use the flag of the event.

        - `count`: how many at most; `50` by default.
        """
        params: dict[str, Any] = {
            "count": count,
        }
        result: GroupSystemMessages = self._act(
            "get_group_system_msg", params, account, timeout, idempotency_key
        )
        return result

    def get_guild_channel_list(
        self,
        guild_id: int | str,
        *,
        no_cache: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[Any]:
        """The channels of a guild.

        A read; known to go-cqhttp.

        - `no_cache`: whether to ask QQ's server, not what is remembered.
        """
        params: dict[str, Any] = {
            "guild_id": guild_id,
            "no_cache": no_cache,
        }
        result: list[Any] = self._act(
            "get_guild_channel_list", params, account, timeout, idempotency_key
        )
        return result

    def get_guild_list(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """The account's guilds.

        A read; known to NapCat, go-cqhttp, LLBot.

        NapCat does nothing.
        """
        params: dict[str, Any] = {}
        self._act("get_guild_list", params, account, timeout, idempotency_key)

    def get_guild_member_list(
        self,
        guild_id: int | str,
        *,
        next_token: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> GuildMemberList:
        """The members of a guild, in pages.

        A read; known to go-cqhttp.

        - `next_token`: where the page before ended, as its answer says.
        """
        params: dict[str, Any] = {
            "guild_id": guild_id,
            "next_token": next_token,
        }
        result: GuildMemberList = self._act(
            "get_guild_member_list", params, account, timeout, idempotency_key
        )
        return result

    def get_guild_member_profile(
        self,
        guild_id: int | str,
        user_id: int,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> dict[str, Any]:
        """What is known of a member of a guild.

        A read; known to go-cqhttp.
        """
        params: dict[str, Any] = {
            "guild_id": guild_id,
            "user_id": user_id,
        }
        result: dict[str, Any] = self._act(
            "get_guild_member_profile", params, account, timeout, idempotency_key
        )
        return result

    def get_guild_meta_by_guest(
        self,
        guild_id: int | str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> dict[str, Any]:
        """What guests may know of a guild.

        A read; known to go-cqhttp.
        """
        params: dict[str, Any] = {
            "guild_id": guild_id,
        }
        result: dict[str, Any] = self._act(
            "get_guild_meta_by_guest", params, account, timeout, idempotency_key
        )
        return result

    def get_guild_msg(
        self,
        message_id: str,
        *,
        no_cache: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> dict[str, Any]:
        """A message of a guild by its id.

        A read; known to go-cqhttp.

        - `no_cache`: whether to ask QQ's server, not what is remembered.
        """
        params: dict[str, Any] = {
            "message_id": message_id,
            "no_cache": no_cache,
        }
        result: dict[str, Any] = self._act(
            "get_guild_msg", params, account, timeout, idempotency_key
        )
        return result

    def get_guild_roles(
        self,
        guild_id: int | str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[Any]:
        """The roles of a guild.

        A read; known to go-cqhttp.
        """
        params: dict[str, Any] = {
            "guild_id": guild_id,
        }
        result: list[Any] = self._act(
            "get_guild_roles", params, account, timeout, idempotency_key
        )
        return result

    def get_guild_service_profile(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """The account as guilds know it.

        A read; known to NapCat, go-cqhttp.

        NapCat does nothing.
        """
        params: dict[str, Any] = {}
        self._act(
            "get_guild_service_profile", params, account, timeout, idempotency_key
        )

    def get_image(
        self,
        *,
        file: str | None = None,
        file_id: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> FileInfo:
        """A picture as a file.

        A read; known to OneBot 11, NapCat, go-cqhttp, LLBot.

        Needs `file` or `file_id`. The paths are those of the implementation's disk.

        - `file`: its name or id, as in the segment.
        - `file_id`: its id, as in the segment.
        """
        params: dict[str, Any] = {
            "file": file,
            "file_id": file_id,
        }
        result: FileInfo = self._act(
            "get_image", params, account, timeout, idempotency_key
        )
        return result

    def get_login_info(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> LoginInfo:
        """The account itself.

        A read; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.
        """
        params: dict[str, Any] = {}
        result: LoginInfo = self._act(
            "get_login_info", params, account, timeout, idempotency_key
        )
        return result

    def get_mini_app_ark(
        self,
        title: str,
        desc: str,
        pic_url: str,
        jump_url: str,
        *,
        type: Literal["bili", "weibo"] | None = None,
        web_url: str | None = None,
        raw_ark_data: str | None = None,
        icon_url: str | None = None,
        app_id: str | None = None,
        scene: str | None = None,
        template_type: str | None = None,
        business_type: str | None = None,
        ver_type: str | None = None,
        share_type: str | None = None,
        version_id: str | None = None,
        sdk_id: str | None = None,
        with_share_ticket: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> MiniAppArk:
        """A signed card of a mini app.

        A read; known to NapCat.

        - `title`: its title.
        - `desc`: its text.
        - `pic_url`: `picUrl`; address of its picture.
        - `jump_url`: `jumpUrl`; where it leads.
        - `type`: a template that fills in what is left out.
        - `web_url`: `webUrl`; where it leads outside of QQ.
        - `raw_ark_data`: `rawArkData`; `true` gives the card's data by itself.
        - `icon_url`: `iconUrl`; address of its icon.
        - `app_id`: `appId`; the mini app.
        - `template_type`: `templateType`.
        - `business_type`: `businessType`.
        - `ver_type`: `verType`.
        - `share_type`: `shareType`.
        - `version_id`: `versionId`.
        - `sdk_id`: `sdkId`.
        - `with_share_ticket`: `withShareTicket`.
        """
        params: dict[str, Any] = {
            "title": title,
            "desc": desc,
            "picUrl": pic_url,
            "jumpUrl": jump_url,
            "type": type,
            "webUrl": web_url,
            "rawArkData": raw_ark_data,
            "iconUrl": icon_url,
            "appId": app_id,
            "scene": scene,
            "templateType": template_type,
            "businessType": business_type,
            "verType": ver_type,
            "shareType": share_type,
            "versionId": version_id,
            "sdkId": sdk_id,
            "withShareTicket": with_share_ticket,
        }
        result: MiniAppArk = self._act(
            "get_mini_app_ark", params, account, timeout, idempotency_key
        )
        return result

    def get_msg(
        self,
        message_id: int | str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> MessageInfo:
        """A message by its id.

        A read; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.
        """
        params: dict[str, Any] = {
            "message_id": message_id,
        }
        result: MessageInfo = self._act(
            "get_msg", params, account, timeout, idempotency_key
        )
        return result

    def get_online_clients(
        self,
        *,
        no_cache: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[Any]:
        """The other devices on which the account is logged in.

        A read; known to NapCat, go-cqhttp.

        NapCat knows none.

        - `no_cache`: whether to ask QQ's server, not what is remembered.
        """
        params: dict[str, Any] = {
            "no_cache": no_cache,
        }
        result: list[Any] = self._act(
            "get_online_clients", params, account, timeout, idempotency_key
        )
        return result

    def get_online_file_msg(
        self,
        user_id: int,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """The files that a user offers for direct transfer.

        A read; known to NapCat.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
        }
        result: Any = self._act(
            "get_online_file_msg", params, account, timeout, idempotency_key
        )
        return result

    def get_private_file_url(
        self,
        file_id: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> FileUrl:
        """Where to download a file of a private chat.

        A read; known to NapCat, Lagrange, LLBot.

        - `file_id`: as the list of files, or the event of the upload, gives it.
        """
        params: dict[str, Any] = {
            "file_id": file_id,
        }
        result: FileUrl = self._act(
            "get_private_file_url", params, account, timeout, idempotency_key
        )
        return result

    def get_profile_like(
        self,
        *,
        user_id: int | None = None,
        start: int | None = None,
        count: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> ProfileLikes:
        """Who has liked a profile.

        A read; known to NapCat, LLBot.

        - `start`: how many to pass over; `0` by default.
        - `count`: how many at most; `10` by default.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "start": start,
            "count": count,
        }
        result: ProfileLikes = self._act(
            "get_profile_like", params, account, timeout, idempotency_key
        )
        return result

    def get_qun_album_list(
        self,
        group_id: int,
        *,
        attach_info: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> QunAlbumList:
        """The albums of a group.

        A read; known to NapCat.

        - `attach_info`: where the page before ended, as its answer says.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "attach_info": attach_info,
        }
        result: QunAlbumList = self._act(
            "get_qun_album_list", params, account, timeout, idempotency_key
        )
        return result

    def get_recent_contact(
        self,
        *,
        count: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[RecentContact]:
        """The chats with the latest messages.

        A read; known to NapCat.

        - `count`: how many at most; `10` by default.
        """
        params: dict[str, Any] = {
            "count": count,
        }
        result: list[RecentContact] = self._act(
            "get_recent_contact", params, account, timeout, idempotency_key
        )
        return result

    def get_record(
        self,
        *,
        file: str | None = None,
        out_format: Literal[
            "mp3", "amr", "wma", "m4a", "spx", "ogg", "wav", "flac"
        ] | None = None,
        file_id: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> FileInfo:
        """A voice message as a file.

        A read; known to OneBot 11, NapCat, LLBot.

        Needs `file` or `file_id`. On NapCat the answer holds the whole file.

        - `file`: its name or id, as in the segment.
        - `out_format`: what to convert it to; needed by NapCat.
        - `file_id`: its id, as in the segment.
        """
        params: dict[str, Any] = {
            "file": file,
            "out_format": out_format,
            "file_id": file_id,
        }
        result: FileInfo = self._act(
            "get_record", params, account, timeout, idempotency_key
        )
        return result

    def get_rkey(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[Rkey]:
        """The keys that addresses of received media need.

        A read; known to NapCat, Lagrange, LLBot.
        """
        params: dict[str, Any] = {}
        result: list[Rkey] = self._act(
            "get_rkey", params, account, timeout, idempotency_key
        )
        return result

    def get_rkey_server(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> RkeyServer:
        """The same keys as a key server gives them.

        A read; known to NapCat.
        """
        params: dict[str, Any] = {}
        result: RkeyServer = self._act(
            "get_rkey_server", params, account, timeout, idempotency_key
        )
        return result

    def get_robot_uin_range(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[Any]:
        """The numbers that QQ's official bots have.

        A read; known to NapCat, LLBot.
        """
        params: dict[str, Any] = {}
        result: list[Any] = self._act(
            "get_robot_uin_range", params, account, timeout, idempotency_key
        )
        return result

    def get_share_link(
        self,
        fileset_id: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """A link to a flash transfer.

        A read; known to NapCat.

        - `fileset_id`: the transfer.
        """
        params: dict[str, Any] = {
            "fileset_id": fileset_id,
        }
        result: Any = self._act(
            "get_share_link", params, account, timeout, idempotency_key
        )
        return result

    def get_status(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Status:
        """Whether the account is online.

        A read; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.
        """
        params: dict[str, Any] = {}
        result: Status = self._act(
            "get_status", params, account, timeout, idempotency_key
        )
        return result

    def get_stranger_info(
        self,
        user_id: int,
        *,
        no_cache: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> StrangerInfo:
        """What is known of a user.

        A read; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

        - `no_cache`: whether to ask QQ's server, not what is remembered; False by
          default.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "no_cache": no_cache,
        }
        result: StrangerInfo = self._act(
            "get_stranger_info", params, account, timeout, idempotency_key
        )
        return result

    def get_topic_channel_feeds(
        self,
        guild_id: int | str,
        channel_id: int | str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[Any]:
        """The posts of a topic channel.

        A read; known to go-cqhttp.
        """
        params: dict[str, Any] = {
            "guild_id": guild_id,
            "channel_id": channel_id,
        }
        result: list[Any] = self._act(
            "get_topic_channel_feeds", params, account, timeout, idempotency_key
        )
        return result

    def get_unidirectional_friend_list(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[UnidirectionalFriend]:
        """The account's one-sided friends.

        A read; known to NapCat, go-cqhttp.
        """
        params: dict[str, Any] = {}
        result: list[UnidirectionalFriend] = self._act(
            "get_unidirectional_friend_list", params, account, timeout, idempotency_key
        )
        return result

    def get_version_info(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> VersionInfo:
        """Name and version of the implementation.

        A read; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.
        """
        params: dict[str, Any] = {}
        result: VersionInfo = self._act(
            "get_version_info", params, account, timeout, idempotency_key
        )
        return result

    def group_poke(
        self,
        user_id: int,
        *,
        group_id: int | None = None,
        target_id: int | str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Poke a member of a group.

        A write; known to NapCat, Lagrange, LLBot.

        - `target_id`: whom to poke, where that is not `user_id`.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "group_id": group_id,
            "target_id": target_id,
        }
        self._act("group_poke", params, account, timeout, idempotency_key)

    def mark_group_msg_as_read(
        self,
        *,
        user_id: int | None = None,
        group_id: int | None = None,
        message_id: int | str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Mark a group as read.

        A write; known to NapCat.

        - `message_id`: a message of the chat.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "group_id": group_id,
            "message_id": message_id,
        }
        self._act("mark_group_msg_as_read", params, account, timeout, idempotency_key)

    def mark_msg_as_read(
        self,
        *,
        user_id: int | None = None,
        group_id: int | None = None,
        message_id: int | str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Mark a chat as read.

        A write; known to NapCat, go-cqhttp, Lagrange, LLBot.

        Needs `user_id` or `group_id` or `message_id`.

        - `message_id`: a message of the chat.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "group_id": group_id,
            "message_id": message_id,
        }
        self._act("mark_msg_as_read", params, account, timeout, idempotency_key)

    def mark_private_msg_as_read(
        self,
        *,
        user_id: int | None = None,
        group_id: int | None = None,
        message_id: int | str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Mark a private chat as read.

        A write; known to NapCat.

        - `message_id`: a message of the chat.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "group_id": group_id,
            "message_id": message_id,
        }
        self._act("mark_private_msg_as_read", params, account, timeout, idempotency_key)

    def move_group_file(
        self,
        group_id: int,
        file_id: str,
        *,
        current_parent_directory: str | None = None,
        target_parent_directory: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Ok:
        """Move a file of a group to another folder.

        A write; known to NapCat, Lagrange, LLBot.

        - `file_id`: as the list of files, or the event of the upload, gives it.
        - `current_parent_directory`: the folder it is in; `/` is none; needed by
          NapCat.
        - `target_parent_directory`: the folder it is to be in; `/` is none; needed by
          NapCat.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "file_id": file_id,
            "current_parent_directory": current_parent_directory,
            "target_parent_directory": target_parent_directory,
        }
        result: Ok = self._act(
            "move_group_file", params, account, timeout, idempotency_key
        )
        return result

    def nc_get_packet_status(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Whether NapCat can send packets of QQ's protocol.

        A read; known to NapCat.
        """
        params: dict[str, Any] = {}
        self._act("nc_get_packet_status", params, account, timeout, idempotency_key)

    def nc_get_rkey(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> list[RkeyOld]:
        """The keys that addresses of received media need, in an older form.

        A read; known to NapCat.

        No answer comes. NapCat cannot write its answer: use get_rkey.
        """
        params: dict[str, Any] = {}
        result: list[RkeyOld] = self._act(
            "nc_get_rkey", params, account, timeout, idempotency_key
        )
        return result

    def nc_get_user_status(
        self,
        user_id: int,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> UserStatus:
        """The online status of a user.

        A read; known to NapCat.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
        }
        result: UserStatus = self._act(
            "nc_get_user_status", params, account, timeout, idempotency_key
        )
        return result

    def ocr_image(
        self,
        image: FileLike,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Read the text in a picture.

        A read; known to NapCat, go-cqhttp, Lagrange, LLBot.

        - `image`: the picture; bytes, a `Path` or a `file://` address (both are read
          here), a URL, or a path on the peer's machine.
        """
        params: dict[str, Any] = {
            "image": image,
        }
        result: Any = self._act("ocr_image", params, account, timeout, idempotency_key)
        return result

    def qidian_get_account_info(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> QidianAccount:
        """The account's data of QQ for enterprises.

        A read; known to go-cqhttp.
        """
        params: dict[str, Any] = {}
        result: QidianAccount = self._act(
            "qidian_get_account_info", params, account, timeout, idempotency_key
        )
        return result

    def receive_online_file(
        self,
        user_id: int,
        msg_id: str,
        element_id: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Take a file that is offered for direct transfer.

        A write; known to NapCat.

        - `msg_id`: the message with the offer.
        - `element_id`: the file within it.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "msg_id": msg_id,
            "element_id": element_id,
        }
        result: Any = self._act(
            "receive_online_file", params, account, timeout, idempotency_key
        )
        return result

    def refuse_online_file(
        self,
        user_id: int,
        msg_id: str,
        element_id: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Refuse a file that is offered for direct transfer.

        A write; known to NapCat.

        - `msg_id`: the message with the offer.
        - `element_id`: the file within it.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "msg_id": msg_id,
            "element_id": element_id,
        }
        result: Any = self._act(
            "refuse_online_file", params, account, timeout, idempotency_key
        )
        return result

    def reload_event_filter(
        self,
        *,
        file: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Read the filter of events again.

        A write; known to go-cqhttp.

        - `file`: path on the implementation's disk.
        """
        params: dict[str, Any] = {
            "file": file,
        }
        self._act("reload_event_filter", params, account, timeout, idempotency_key)

    def rename_group_file(
        self,
        group_id: int,
        file_id: str,
        new_name: str,
        *,
        current_parent_directory: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Ok:
        """Rename a file of a group.

        A write; known to NapCat, LLBot.

        - `file_id`: as the list of files, or the event of the upload, gives it.
        - `new_name`: what to call it.
        - `current_parent_directory`: the folder it is in; `/` is none; needed by
          NapCat.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "file_id": file_id,
            "new_name": new_name,
            "current_parent_directory": current_parent_directory,
        }
        result: Ok = self._act(
            "rename_group_file", params, account, timeout, idempotency_key
        )
        return result

    def send_ark_share(
        self,
        *,
        user_id: int | None = None,
        group_id: int | None = None,
        phone_number: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """The card that recommends a user or a group.

        A read; known to NapCat.

        Needs `user_id` or `group_id`. Gives the card, sends nothing.

        - `phone_number`: of the user, for the card.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "group_id": group_id,
            "phone_number": phone_number,
        }
        result: Any = self._act(
            "send_ark_share", params, account, timeout, idempotency_key
        )
        return result

    def send_flash_msg(
        self,
        fileset_id: str,
        *,
        user_id: int | None = None,
        group_id: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Send a flash transfer to a user or a group.

        A write; known to NapCat.

        Needs `user_id` or `group_id`.

        - `fileset_id`: the transfer.
        """
        params: dict[str, Any] = {
            "fileset_id": fileset_id,
            "user_id": user_id,
            "group_id": group_id,
        }
        result: Any = self._act(
            "send_flash_msg", params, account, timeout, idempotency_key
        )
        return result

    def send_forward_msg(
        self,
        messages: MessageLike,
        *,
        message_type: Literal["private", "group"] | None = None,
        user_id: int | None = None,
        group_id: int | None = None,
        auto_escape: bool | None = None,
        source: str | None = None,
        news: Sequence[Mapping[str, Any]] | None = None,
        summary: str | None = None,
        prompt: str | None = None,
        timeout_: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> MessageSent:
        """Send a merged forward.

        A write; known to NapCat, go-cqhttp, Lagrange, LLBot.

        Needs `user_id` or `group_id`.

        - `messages`: nodes.
        - `message_type`: where it goes, if there are both ids.
        - `auto_escape`: no effect here, where a text is a text and never CQ codes.
        - `source`: of a merged forward: the title of its card.
        - `news`: of a merged forward: lines of preview, each a map with `text`.
        - `summary`: of a merged forward: the last line of its card.
        - `prompt`: of a merged forward: what the list of chats shows.
        - `timeout_`: `timeout`; how long NapCat tries, in milliseconds.
        """
        params: dict[str, Any] = {
            "messages": messages,
            "message_type": message_type,
            "user_id": user_id,
            "group_id": group_id,
            "auto_escape": auto_escape,
            "source": source,
            "news": news,
            "summary": summary,
            "prompt": prompt,
            "timeout": timeout_,
        }
        result: MessageSent = self._act(
            "send_forward_msg", params, account, timeout, idempotency_key
        )
        return result

    def send_group_ai_record(
        self,
        character: str,
        group_id: int,
        text: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> AiRecordSent:
        """Speak a text in a group, with a made voice.

        A write; known to NapCat, Lagrange, LLBot.

        NapCat gives no message_id: it is always 0.

        - `character`: the voice, as `get_ai_characters` gives it.
        - `text`: what to say.
        """
        params: dict[str, Any] = {
            "character": character,
            "group_id": group_id,
            "text": text,
        }
        result: AiRecordSent = self._act(
            "send_group_ai_record", params, account, timeout, idempotency_key
        )
        return result

    def send_group_ark_share(
        self,
        group_id: int,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> str:
        """The card that recommends a group.

        A read; known to NapCat.

        Gives the card, sends nothing.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
        }
        result: str = self._act(
            "send_group_ark_share", params, account, timeout, idempotency_key
        )
        return result

    def send_group_forward_msg(
        self,
        group_id: int,
        messages: MessageLike,
        *,
        message_type: Literal["private", "group"] | None = None,
        user_id: int | None = None,
        auto_escape: bool | None = None,
        source: str | None = None,
        news: Sequence[Mapping[str, Any]] | None = None,
        summary: str | None = None,
        prompt: str | None = None,
        timeout_: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> MessageSent:
        """Send a merged forward to a group.

        A write; known to NapCat, go-cqhttp, Lagrange, LLBot.

        - `messages`: nodes.
        - `message_type`: need not be given: the action says it.
        - `auto_escape`: no effect here, where a text is a text and never CQ codes.
        - `source`: of a merged forward: the title of its card.
        - `news`: of a merged forward: lines of preview, each a map with `text`.
        - `summary`: of a merged forward: the last line of its card.
        - `prompt`: of a merged forward: what the list of chats shows.
        - `timeout_`: `timeout`; how long NapCat tries, in milliseconds.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "messages": messages,
            "message_type": message_type,
            "user_id": user_id,
            "auto_escape": auto_escape,
            "source": source,
            "news": news,
            "summary": summary,
            "prompt": prompt,
            "timeout": timeout_,
        }
        result: MessageSent = self._act(
            "send_group_forward_msg", params, account, timeout, idempotency_key
        )
        return result

    def send_group_msg(
        self,
        group_id: int,
        message: MessageLike,
        *,
        auto_escape: bool | None = None,
        message_type: Literal["private", "group"] | None = None,
        user_id: int | None = None,
        source: str | None = None,
        news: Sequence[Mapping[str, Any]] | None = None,
        summary: str | None = None,
        prompt: str | None = None,
        timeout_: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> MessageSent:
        """Send a message to a group.

        A write; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

        - `message`: what to say.
        - `auto_escape`: no effect here, where a text is a text and never CQ codes.
        - `message_type`: need not be given: the action says it.
        - `user_id`: has no effect.
        - `source`: of a merged forward: the title of its card.
        - `news`: of a merged forward: lines of preview, each a map with `text`.
        - `summary`: of a merged forward: the last line of its card.
        - `prompt`: of a merged forward: what the list of chats shows.
        - `timeout_`: `timeout`; how long NapCat tries, in milliseconds.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "message": message,
            "auto_escape": auto_escape,
            "message_type": message_type,
            "user_id": user_id,
            "source": source,
            "news": news,
            "summary": summary,
            "prompt": prompt,
            "timeout": timeout_,
        }
        result: MessageSent = self._act(
            "send_group_msg", params, account, timeout, idempotency_key
        )
        return result

    def send_group_sign(
        self,
        group_id: int,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Sign in to a group for today.

        A write; known to NapCat, go-cqhttp, LLBot.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
        }
        self._act("send_group_sign", params, account, timeout, idempotency_key)

    def send_guild_channel_msg(
        self,
        guild_id: int | str,
        channel_id: int | str,
        message: MessageLike,
        *,
        auto_escape: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> GuildMessageSent:
        """Send a message to a channel of a guild.

        A write; known to go-cqhttp.

        - `message`: what to say.
        - `auto_escape`: no effect here, where a text is a text and never CQ codes.
        """
        params: dict[str, Any] = {
            "guild_id": guild_id,
            "channel_id": channel_id,
            "message": message,
            "auto_escape": auto_escape,
        }
        result: GuildMessageSent = self._act(
            "send_guild_channel_msg", params, account, timeout, idempotency_key
        )
        return result

    def send_like(
        self,
        user_id: int,
        *,
        times: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Like a user's profile.

        A write; known to OneBot 11, NapCat, Lagrange, LLBot.

        - `times`: how many, up to 10 a day; `1` by default.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "times": times,
        }
        self._act("send_like", params, account, timeout, idempotency_key)

    def send_msg(
        self,
        message: MessageLike,
        *,
        message_type: Literal["private", "group"] | None = None,
        user_id: int | None = None,
        group_id: int | None = None,
        auto_escape: bool | None = None,
        source: str | None = None,
        news: Sequence[Mapping[str, Any]] | None = None,
        summary: str | None = None,
        prompt: str | None = None,
        timeout_: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> MessageSent:
        """Send a message to a user or a group.

        A write; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

        Needs `user_id` or `group_id`.

        - `message`: what to say.
        - `message_type`: where it goes, if there are both ids.
        - `auto_escape`: no effect here, where a text is a text and never CQ codes.
        - `source`: of a merged forward: the title of its card.
        - `news`: of a merged forward: lines of preview, each a map with `text`.
        - `summary`: of a merged forward: the last line of its card.
        - `prompt`: of a merged forward: what the list of chats shows.
        - `timeout_`: `timeout`; how long NapCat tries, in milliseconds.
        """
        params: dict[str, Any] = {
            "message": message,
            "message_type": message_type,
            "user_id": user_id,
            "group_id": group_id,
            "auto_escape": auto_escape,
            "source": source,
            "news": news,
            "summary": summary,
            "prompt": prompt,
            "timeout": timeout_,
        }
        result: MessageSent = self._act(
            "send_msg", params, account, timeout, idempotency_key
        )
        return result

    def send_online_file(
        self,
        user_id: int,
        file_path: FileLike,
        *,
        file_name: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Offer a user a file for direct transfer.

        A write; known to NapCat.

        - `file_path`: bytes, a `Path` or a `file://` address (both are read here), a
          URL, or a path on the peer's machine.
        - `file_name`: what to call it.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "file_path": file_path,
            "file_name": file_name,
        }
        result: Any = self._act(
            "send_online_file", params, account, timeout, idempotency_key
        )
        return result

    def send_online_folder(
        self,
        user_id: int,
        folder_path: str,
        *,
        folder_name: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Offer a user a folder for direct transfer.

        A write; known to NapCat.

        - `folder_path`: a path on the peer's machine.
        - `folder_name`: what to call it.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "folder_path": folder_path,
            "folder_name": folder_name,
        }
        result: Any = self._act(
            "send_online_folder", params, account, timeout, idempotency_key
        )
        return result

    def send_packet(
        self,
        cmd: str,
        data: str,
        *,
        rsp: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> str:
        """Send a packet of QQ's protocol.

        A write; known to NapCat.

        - `cmd`: what it asks for.
        - `data`: its bytes, in hexadecimal.
        - `rsp`: whether to wait for the answer; True by default.
        """
        params: dict[str, Any] = {
            "cmd": cmd,
            "data": data,
            "rsp": rsp,
        }
        result: str = self._act(
            "send_packet", params, account, timeout, idempotency_key
        )
        return result

    def send_poke(
        self,
        user_id: int,
        *,
        group_id: int | None = None,
        target_id: int | str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Poke somebody, in a group or in private.

        A write; known to NapCat, Lagrange, LLBot.

        - `target_id`: whom to poke, where that is not `user_id`.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "group_id": group_id,
            "target_id": target_id,
        }
        self._act("send_poke", params, account, timeout, idempotency_key)

    def send_private_forward_msg(
        self,
        user_id: int,
        messages: MessageLike,
        *,
        message_type: Literal["private", "group"] | None = None,
        group_id: int | None = None,
        auto_escape: bool | None = None,
        source: str | None = None,
        news: Sequence[Mapping[str, Any]] | None = None,
        summary: str | None = None,
        prompt: str | None = None,
        timeout_: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> MessageSent:
        """Send a merged forward to a user.

        A write; known to NapCat, go-cqhttp, Lagrange, LLBot.

        - `messages`: nodes.
        - `message_type`: need not be given: the action says it.
        - `group_id`: where the two have met, for a temporary chat.
        - `auto_escape`: no effect here, where a text is a text and never CQ codes.
        - `source`: of a merged forward: the title of its card.
        - `news`: of a merged forward: lines of preview, each a map with `text`.
        - `summary`: of a merged forward: the last line of its card.
        - `prompt`: of a merged forward: what the list of chats shows.
        - `timeout_`: `timeout`; how long NapCat tries, in milliseconds.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "messages": messages,
            "message_type": message_type,
            "group_id": group_id,
            "auto_escape": auto_escape,
            "source": source,
            "news": news,
            "summary": summary,
            "prompt": prompt,
            "timeout": timeout_,
        }
        result: MessageSent = self._act(
            "send_private_forward_msg", params, account, timeout, idempotency_key
        )
        return result

    def send_private_msg(
        self,
        user_id: int,
        message: MessageLike,
        *,
        auto_escape: bool | None = None,
        message_type: Literal["private", "group"] | None = None,
        group_id: int | None = None,
        source: str | None = None,
        news: Sequence[Mapping[str, Any]] | None = None,
        summary: str | None = None,
        prompt: str | None = None,
        timeout_: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> MessageSent:
        """Send a message to a user.

        A write; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

        NapCat sends it as a temporary chat through `group_id` where `user_id` is no
        friend.

        - `message`: what to say.
        - `auto_escape`: no effect here, where a text is a text and never CQ codes.
        - `message_type`: need not be given: the action says it.
        - `group_id`: where the two have met, for a temporary chat.
        - `source`: of a merged forward: the title of its card.
        - `news`: of a merged forward: lines of preview, each a map with `text`.
        - `summary`: of a merged forward: the last line of its card.
        - `prompt`: of a merged forward: what the list of chats shows.
        - `timeout_`: `timeout`; how long NapCat tries, in milliseconds.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "message": message,
            "auto_escape": auto_escape,
            "message_type": message_type,
            "group_id": group_id,
            "source": source,
            "news": news,
            "summary": summary,
            "prompt": prompt,
            "timeout": timeout_,
        }
        result: MessageSent = self._act(
            "send_private_msg", params, account, timeout, idempotency_key
        )
        return result

    def send_qzone_msg(
        self,
        content: str,
        *,
        images: FileLike | Sequence[FileLike] | None = None,
        ugc_right: int | str | None = None,
        target_uins: Sequence[int | str] | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> QzonePosted:
        """Post to the account's Qzone.

        A write; known to NapCat.

        - `content`: what to say.
        - `images`: pictures; bytes, a `Path` or a `file://` address (both are read
          here), a URL, or a path on the peer's machine.
        - `ugc_right`: who may see it, as QQ numbers it; 1 is everybody; `1` by default.
        - `target_uins`: who may see it, where not everybody may.
        """
        params: dict[str, Any] = {
            "content": content,
            "images": images,
            "ugc_right": ugc_right,
            "target_uins": target_uins,
        }
        result: QzonePosted = self._act(
            "send_qzone_msg", params, account, timeout, idempotency_key
        )
        return result

    def set_custom_face_desc(
        self,
        emoji_id: int,
        res_id: str,
        md5: str,
        desc: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> KernelResult:
        """Describe one of the account's own faces.

        A write; known to NapCat.

        - `emoji_id`: as `fetch_custom_face_detail` gives it.
        - `res_id`: as `fetch_custom_face_detail` gives it.
        - `md5`: as `fetch_custom_face_detail` gives it.
        - `desc`: the description.
        """
        params: dict[str, Any] = {
            "emoji_id": emoji_id,
            "res_id": res_id,
            "md5": md5,
            "desc": desc,
        }
        result: KernelResult = self._act(
            "set_custom_face_desc", params, account, timeout, idempotency_key
        )
        return result

    def set_diy_online_status(
        self,
        face_id: int,
        *,
        face_type: int | None = None,
        wording: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> str:
        """Show an online status in words of one's own.

        A write; known to NapCat.

        - `face_id`: number of the face beside it.
        - `face_type`: as QQ numbers it; `1` by default.
        - `wording`: the words.
        """
        params: dict[str, Any] = {
            "face_id": face_id,
            "face_type": face_type,
            "wording": wording,
        }
        result: str = self._act(
            "set_diy_online_status", params, account, timeout, idempotency_key
        )
        return result

    def set_doubt_friends_add_request(
        self,
        flag: str,
        *,
        approve: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Accept a friend request that QQ holds to be doubtful.

        A write; known to NapCat, LLBot.

        Always approves.

        - `flag`: as `get_doubt_friends_add_request` gives it.
        - `approve`: has no effect; True by default.
        """
        params: dict[str, Any] = {
            "flag": flag,
            "approve": approve,
        }
        self._act(
            "set_doubt_friends_add_request", params, account, timeout, idempotency_key
        )

    def set_essence_msg(
        self,
        message_id: int | str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> KernelResult:
        """Mark a message of a group as essence.

        A write; known to NapCat, go-cqhttp, Lagrange, LLBot.
        """
        params: dict[str, Any] = {
            "message_id": message_id,
        }
        result: KernelResult = self._act(
            "set_essence_msg", params, account, timeout, idempotency_key
        )
        return result

    def set_friend_add_request(
        self,
        flag: str,
        *,
        approve: bool | None = None,
        remark: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Decide on a friend request.

        A write; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

        - `flag`: as the event of the request has it.
        - `approve`: whether to accept it; True by default.
        - `remark`: a remark for the new friend.
        """
        params: dict[str, Any] = {
            "flag": flag,
            "approve": approve,
            "remark": remark,
        }
        self._act("set_friend_add_request", params, account, timeout, idempotency_key)

    def set_friend_remark(
        self,
        user_id: int,
        remark: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Set the remark of a friend.

        A write; known to NapCat, LLBot.

        - `remark`: empty takes it away.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "remark": remark,
        }
        self._act("set_friend_remark", params, account, timeout, idempotency_key)

    def set_group_add_option(
        self,
        group_id: int,
        add_type: int,
        *,
        group_question: str | None = None,
        group_answer: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Decide how users join a group.

        A write; known to NapCat.

        - `add_type`: as QQ numbers it.
        - `group_question`: what to ask who wants to join.
        - `group_answer`: the right answer.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "add_type": add_type,
            "group_question": group_question,
            "group_answer": group_answer,
        }
        self._act("set_group_add_option", params, account, timeout, idempotency_key)

    def set_group_add_request(
        self,
        flag: str,
        *,
        sub_type: Literal["add", "invite"] | None = None,
        approve: bool | None = None,
        reason: str | None | None = None,
        count: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Decide on a request to join or an invitation.

        A write; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

        NapCat finds the flag among the last `count` requests only.

        - `flag`: as the event of the request has it.
        - `sub_type`: as the event of the request has it; needed by go-cqhttp.
        - `approve`: whether to accept it; True by default.
        - `reason`: why it is refused.
        - `count`: among how many of the last requests to look for it; `100` by default.
        """
        params: dict[str, Any] = {
            "flag": flag,
            "sub_type": sub_type,
            "approve": approve,
            "reason": reason,
            "count": count,
        }
        self._act("set_group_add_request", params, account, timeout, idempotency_key)

    def set_group_admin(
        self,
        group_id: int,
        user_id: int,
        enable: bool,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Make a member administrator, or no longer.

        A write; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

        Always give enable.

        - `enable`: false takes the role away; wanted here: if it is missing, NapCat
          then takes the role away, where the standard gives it.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "user_id": user_id,
            "enable": enable,
        }
        self._act("set_group_admin", params, account, timeout, idempotency_key)

    def set_group_album_media_like(
        self,
        group_id: int,
        album_id: str,
        batch_id: str,
        *,
        lloc: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Like a picture of a group's album.

        A write; known to NapCat.

        - `album_id`: as `get_qun_album_list` gives it.
        - `batch_id`: as `get_group_album_media_list` gives it.
        - `lloc`: the picture, as `get_group_album_media_list` gives it.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "album_id": album_id,
            "batch_id": batch_id,
            "lloc": lloc,
        }
        result: Any = self._act(
            "set_group_album_media_like", params, account, timeout, idempotency_key
        )
        return result

    def set_group_anonymous(
        self,
        group_id: int,
        *,
        enable: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Allow anonymous chat, or no longer.

        A write; known to OneBot 11, go-cqhttp.

        - `enable`: false ends it; True by default.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "enable": enable,
        }
        self._act("set_group_anonymous", params, account, timeout, idempotency_key)

    def set_group_anonymous_ban(
        self,
        group_id: int,
        *,
        anonymous: Mapping[str, Any] | None = None,
        anonymous_flag: str | None = None,
        duration: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Mute an anonymous member.

        A write; known to OneBot 11, go-cqhttp.

        Needs `anonymous` or `anonymous_flag`.

        - `anonymous`: as the event of the message has it.
        - `anonymous_flag`: the `flag` in it.
        - `duration`: in seconds; `1800` by default.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "anonymous": anonymous,
            "anonymous_flag": anonymous_flag,
            "duration": duration,
        }
        self._act("set_group_anonymous_ban", params, account, timeout, idempotency_key)

    def set_group_ban(
        self,
        group_id: int,
        user_id: int,
        duration: int,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Mute a member, or lift the mute.

        A write; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

        Always give duration; 0 lifts the mute.

        - `duration`: in seconds; wanted here: if it is missing, NapCat then lifts the
          mute, where the standard mutes for 1800 s.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "user_id": user_id,
            "duration": duration,
        }
        self._act("set_group_ban", params, account, timeout, idempotency_key)

    def set_group_card(
        self,
        group_id: int,
        user_id: int,
        *,
        card: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Set a member's name in a group.

        A write; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

        NapCat waits up to 3 s until the change shows, else it fails.

        - `card`: empty takes it away.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "user_id": user_id,
            "card": card,
        }
        self._act("set_group_card", params, account, timeout, idempotency_key)

    def set_group_kick(
        self,
        group_id: int,
        user_id: int,
        *,
        reject_add_request: bool | None = None,
        message: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Remove a member from a group.

        A write; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

        - `reject_add_request`: whether to never let them ask to join again; False by
          default.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "user_id": user_id,
            "reject_add_request": reject_add_request,
            "message": message,
        }
        self._act("set_group_kick", params, account, timeout, idempotency_key)

    def set_group_kick_members(
        self,
        group_id: int,
        user_id: int | str | Sequence[int | str],
        *,
        reject_add_request: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Remove several members from a group.

        A write; known to NapCat.

        NapCat takes one user_id, too.

        - `user_id`: whom: one or several.
        - `reject_add_request`: whether to never let them ask to join again; False by
          default.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "user_id": user_id,
            "reject_add_request": reject_add_request,
        }
        self._act("set_group_kick_members", params, account, timeout, idempotency_key)

    def set_group_leave(
        self,
        group_id: int,
        *,
        is_dismiss: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Leave a group.

        A write; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

        NapCat passes over is_dismiss.

        - `is_dismiss`: whether to dissolve the group, which its owner can.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "is_dismiss": is_dismiss,
        }
        self._act("set_group_leave", params, account, timeout, idempotency_key)

    def set_group_member_invite_policy(
        self,
        group_id: int,
        policy: Literal[
            "disabled", "require_approval", "no_approval", "no_approval_under_100"
        ],
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Decide whether members may invite others.

        A write; known to NapCat.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "policy": policy,
        }
        self._act(
            "set_group_member_invite_policy", params, account, timeout, idempotency_key
        )

    def set_group_member_permissions(
        self,
        group_id: int,
        *,
        allow_member_upload_album: bool | None = None,
        allow_member_temporary_session: bool | None = None,
        allow_member_create_group: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Decide what members may do.

        A write; known to NapCat.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "allow_member_upload_album": allow_member_upload_album,
            "allow_member_temporary_session": allow_member_temporary_session,
            "allow_member_create_group": allow_member_create_group,
        }
        self._act(
            "set_group_member_permissions", params, account, timeout, idempotency_key
        )

    def set_group_name(
        self,
        group_id: int,
        group_name: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Rename a group.

        A write; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "group_name": group_name,
        }
        self._act("set_group_name", params, account, timeout, idempotency_key)

    def set_group_new_member_history_visibility(
        self,
        group_id: int,
        visible: bool,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Decide whether new members see earlier messages.

        A write; known to NapCat.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "visible": visible,
        }
        self._act(
            "set_group_new_member_history_visibility",
            params,
            account,
            timeout,
            idempotency_key,
        )

    def set_group_portrait(
        self,
        file: FileLike,
        group_id: int,
        *,
        cache: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> PortraitSet:
        """Set the picture of a group.

        A write; known to NapCat, go-cqhttp, Lagrange, LLBot.

        - `file`: the picture; bytes, a `Path` or a `file://` address (both are read
          here), a URL, or a path on the peer's machine.
        - `cache`: `0` loads the picture anew.
        """
        params: dict[str, Any] = {
            "file": file,
            "group_id": group_id,
            "cache": cache,
        }
        result: PortraitSet = self._act(
            "set_group_portrait", params, account, timeout, idempotency_key
        )
        return result

    def set_group_remark(
        self,
        group_id: int,
        remark: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Set the account's own remark on a group.

        A write; known to NapCat, LLBot.

        - `remark`: empty takes it away.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "remark": remark,
        }
        self._act("set_group_remark", params, account, timeout, idempotency_key)

    def set_group_robot_add_option(
        self,
        group_id: int,
        *,
        robot_member_switch: int | None = None,
        robot_member_examine: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Decide how bots join a group.

        A write; known to NapCat.

        - `robot_member_switch`: as QQ numbers it.
        - `robot_member_examine`: as QQ numbers it.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "robot_member_switch": robot_member_switch,
            "robot_member_examine": robot_member_examine,
        }
        self._act(
            "set_group_robot_add_option", params, account, timeout, idempotency_key
        )

    def set_group_search(
        self,
        group_id: int,
        *,
        no_code_finger_open: int | None = None,
        no_finger_open: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Decide how a group can be found.

        A write; known to NapCat.

        - `no_code_finger_open`: as QQ numbers it.
        - `no_finger_open`: as QQ numbers it.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "no_code_finger_open": no_code_finger_open,
            "no_finger_open": no_finger_open,
        }
        self._act("set_group_search", params, account, timeout, idempotency_key)

    def set_group_sign(
        self,
        group_id: int,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Sign in to a group for today.

        A write; known to NapCat.

        Same as send_group_sign.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
        }
        self._act("set_group_sign", params, account, timeout, idempotency_key)

    def set_group_special_title(
        self,
        group_id: int,
        user_id: int,
        *,
        special_title: str | None = None,
        duration: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Give a member a title.

        A write; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

        NapCat passes over duration.

        - `special_title`: empty takes it away.
        - `duration`: in seconds; -1 is for ever; `-1` by default.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "user_id": user_id,
            "special_title": special_title,
            "duration": duration,
        }
        self._act("set_group_special_title", params, account, timeout, idempotency_key)

    def set_group_todo(
        self,
        group_id: int,
        *,
        message_id: int | str | None = None,
        message_seq: int | str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Make a message a to-do of a group.

        A write; known to NapCat.

        - `message_id`: the message; this or `message_seq`.
        - `message_seq`: its number in the group.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "message_id": message_id,
            "message_seq": message_seq,
        }
        self._act("set_group_todo", params, account, timeout, idempotency_key)

    def set_group_whole_ban(
        self,
        group_id: int,
        *,
        enable: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Mute a whole group, or lift that.

        A write; known to OneBot 11, NapCat, go-cqhttp, Lagrange, LLBot.

        - `enable`: false ends it; True by default.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "enable": enable,
        }
        self._act("set_group_whole_ban", params, account, timeout, idempotency_key)

    def set_guild_member_role(
        self,
        guild_id: int | str,
        role_id: int | str,
        users: Sequence[str],
        *,
        set: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Give members of a guild a role, or take it.

        A write; known to go-cqhttp.

        - `role_id`: the role.
        - `users`: who.
        - `set`: false takes it away.
        """
        params: dict[str, Any] = {
            "guild_id": guild_id,
            "role_id": role_id,
            "users": users,
            "set": set,
        }
        self._act("set_guild_member_role", params, account, timeout, idempotency_key)

    def set_input_status(
        self,
        user_id: int,
        event_type: int,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> KernelResult:
        """Show a user that the account is typing.

        A write; known to NapCat, LLBot.

        - `event_type`: what to show, as QQ numbers it; 1 is typing.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "event_type": event_type,
        }
        result: KernelResult = self._act(
            "set_input_status", params, account, timeout, idempotency_key
        )
        return result

    def set_msg_emoji_like(
        self,
        message_id: int | str,
        emoji_id: int,
        *,
        set: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> KernelResult:
        """React to a message with an emoji.

        A write; known to NapCat, LLBot.

        - `emoji_id`: the number of a face, or the code point of an emoji.
        - `set`: false takes the reaction back; True by default.
        """
        params: dict[str, Any] = {
            "message_id": message_id,
            "emoji_id": emoji_id,
            "set": set,
        }
        result: KernelResult = self._act(
            "set_msg_emoji_like", params, account, timeout, idempotency_key
        )
        return result

    def set_online_status(
        self,
        status: int,
        *,
        ext_status: int | None = None,
        battery_status: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Set the account's online status.

        A write; known to NapCat, LLBot.

        - `status`: as QQ numbers it.
        - `ext_status`: as QQ numbers it; needed by NapCat.
        - `battery_status`: how full the battery is, in percent; needed by NapCat.
        """
        params: dict[str, Any] = {
            "status": status,
            "ext_status": ext_status,
            "battery_status": battery_status,
        }
        self._act("set_online_status", params, account, timeout, idempotency_key)

    def set_qq_avatar(
        self,
        file: FileLike,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Set the account's picture.

        A write; known to NapCat, Lagrange, LLBot.

        - `file`: the picture; bytes, a `Path` or a `file://` address (both are read
          here), a URL, or a path on the peer's machine.
        """
        params: dict[str, Any] = {
            "file": file,
        }
        self._act("set_qq_avatar", params, account, timeout, idempotency_key)

    def set_qq_profile(
        self,
        *,
        nickname: str | None = None,
        personal_note: str | None = None,
        sex: int | str | None = None,
        company: str | None = None,
        email: str | None = None,
        college: str | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> KernelResult:
        """Set the account's profile.

        A write; known to NapCat, go-cqhttp, LLBot.

        - `nickname`: needed by NapCat, go-cqhttp.
        - `personal_note`: the signature.
        - `sex`: as QQ numbers it: 1 is male, 2 female.
        """
        params: dict[str, Any] = {
            "nickname": nickname,
            "personal_note": personal_note,
            "sex": sex,
            "company": company,
            "email": email,
            "college": college,
        }
        result: KernelResult = self._act(
            "set_qq_profile", params, account, timeout, idempotency_key
        )
        return result

    def set_restart(
        self,
        *,
        delay: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Restart the implementation.

        A write; known to OneBot 11, NapCat, Lagrange, LLBot.

        An answer may not come. The answer may be lost with the connection.

        - `delay`: in milliseconds; `0` by default.
        """
        params: dict[str, Any] = {
            "delay": delay,
        }
        self._act("set_restart", params, account, timeout, idempotency_key)

    def set_self_longnick(
        self,
        long_nick: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> KernelResult:
        """Set the account's signature.

        A write; known to NapCat.

        - `long_nick`: `longNick`; the signature.
        """
        params: dict[str, Any] = {
            "longNick": long_nick,
        }
        result: KernelResult = self._act(
            "set_self_longnick", params, account, timeout, idempotency_key
        )
        return result

    def test_auto_register_01(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> str:
        """A text that is always the same.

        A read; known to NapCat.

        A test of NapCat's build.
        """
        params: dict[str, Any] = {}
        result: str = self._act(
            "test_auto_register_01", params, account, timeout, idempotency_key
        )
        return result

    def test_auto_register_02(
        self,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> str:
        """A text that is always the same.

        A read; known to NapCat.

        A test of NapCat's build.
        """
        params: dict[str, Any] = {}
        result: str = self._act(
            "test_auto_register_02", params, account, timeout, idempotency_key
        )
        return result

    def test_download_stream(
        self,
        *,
        error: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> TestStream:
        """Some frames of text.

        A read; known to NapCat.

        The bridge gathers the frames of the answer. A test of NapCat's streams.

        - `error`: whether to end with an error; False by default.
        """
        params: dict[str, Any] = {
            "error": error,
        }
        result: TestStream = self._act(
            "test_download_stream", params, account, timeout, idempotency_key
        )
        return result

    def trans_group_file(
        self,
        group_id: int,
        file_id: str,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Ok:
        """Make a temporary file of a group a lasting one.

        A write; known to NapCat.

        - `file_id`: as the list of files, or the event of the upload, gives it.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "file_id": file_id,
        }
        result: Ok = self._act(
            "trans_group_file", params, account, timeout, idempotency_key
        )
        return result

    def translate_en2zh(
        self,
        words: str | Sequence[str],
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Translation:
        """Translate English words into Chinese.

        A read; known to NapCat.

        - `words`: what to translate.
        """
        params: dict[str, Any] = {
            "words": words,
        }
        result: Translation = self._act(
            "translate_en2zh", params, account, timeout, idempotency_key
        )
        return result

    def update_guild_role(
        self,
        guild_id: int | str,
        role_id: int | str,
        *,
        name: str | None = None,
        color: int | None = None,
        indepedent: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Change a role of a guild.

        A write; known to go-cqhttp.

        - `name`: what to call it.
        - `color`: 0xAARRGGBB.
        - `indepedent`: whether its members are listed by themselves; go-cqhttp spells
          it so.
        """
        params: dict[str, Any] = {
            "guild_id": guild_id,
            "role_id": role_id,
            "name": name,
            "color": color,
            "indepedent": indepedent,
        }
        self._act("update_guild_role", params, account, timeout, idempotency_key)

    def upload_file_stream(
        self,
        stream_id: str,
        *,
        chunk_data: str | None = None,
        chunk_index: int | None = None,
        total_chunks: int | None = None,
        file_size: int | None = None,
        expected_sha256: str | None = None,
        is_complete: bool | None = None,
        filename: str | None = None,
        reset: bool | None = None,
        verify_only: bool | None = None,
        file_retention: int | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> UploadProgress:
        """Upload a file in chunks to the implementation's disk.

        A write; known to NapCat.

        One answer a call. A call with chunk_data never completes the file; `reset` is
        answered as failed.

        - `stream_id`: a name for the upload, in all its calls.
        - `chunk_data`: a part, in base64.
        - `chunk_index`: which part it is, from 0 on.
        - `total_chunks`: how many parts there are.
        - `file_size`: bytes of the whole.
        - `expected_sha256`: of the whole, in hexadecimal.
        - `is_complete`: whether to put the parts together now.
        - `filename`: what to call it.
        - `reset`: whether to forget what has come.
        - `verify_only`: whether to only tell what has come.
        - `file_retention`: how long to keep it, in milliseconds; `300000` by default.
        """
        params: dict[str, Any] = {
            "stream_id": stream_id,
            "chunk_data": chunk_data,
            "chunk_index": chunk_index,
            "total_chunks": total_chunks,
            "file_size": file_size,
            "expected_sha256": expected_sha256,
            "is_complete": is_complete,
            "filename": filename,
            "reset": reset,
            "verify_only": verify_only,
            "file_retention": file_retention,
        }
        result: UploadProgress = self._act(
            "upload_file_stream", params, account, timeout, idempotency_key
        )
        return result

    def upload_group_file(
        self,
        group_id: int,
        file: FileLike,
        *,
        name: str | None = None,
        folder: str | None = None,
        upload_file: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Uploaded:
        """Upload a file to a group.

        A write; known to NapCat, go-cqhttp, Lagrange, LLBot.

        - `file`: what to send; bytes, a `Path` or a `file://` address (both are read
          here), a URL, or a path on the peer's machine.
        - `name`: what to call it; needed by NapCat, go-cqhttp.
        - `folder`: the folder it is to be in, by its id.
        - `upload_file`: True by default.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "file": file,
            "name": name,
            "folder": folder,
            "upload_file": upload_file,
        }
        result: Uploaded = self._act(
            "upload_group_file", params, account, timeout, idempotency_key
        )
        return result

    def upload_image_to_qun_album(
        self,
        group_id: int,
        album_id: str,
        album_name: str,
        file: FileLike,
        *,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Add a picture to a group's album.

        A write; known to NapCat.

        - `album_id`: as `get_qun_album_list` gives it.
        - `album_name`: its name.
        - `file`: the picture; bytes, a `Path` or a `file://` address (both are read
          here), a URL, or a path on the peer's machine.
        """
        params: dict[str, Any] = {
            "group_id": group_id,
            "album_id": album_id,
            "album_name": album_name,
            "file": file,
        }
        result: Any = self._act(
            "upload_image_to_qun_album", params, account, timeout, idempotency_key
        )
        return result

    def upload_private_file(
        self,
        user_id: int,
        file: FileLike,
        *,
        name: str | None = None,
        upload_file: bool | None = None,
        account: str | None = None,
        timeout: float | None = None,
        idempotency_key: str | None = None,
    ) -> Uploaded:
        """Send a file to a user.

        A write; known to NapCat, go-cqhttp, Lagrange, LLBot.

        - `file`: what to send; bytes, a `Path` or a `file://` address (both are read
          here), a URL, or a path on the peer's machine.
        - `name`: what to call it; needed by NapCat, go-cqhttp.
        - `upload_file`: True by default.
        """
        params: dict[str, Any] = {
            "user_id": user_id,
            "file": file,
            "name": name,
            "upload_file": upload_file,
        }
        result: Uploaded = self._act(
            "upload_private_file", params, account, timeout, idempotency_key
        )
        return result
