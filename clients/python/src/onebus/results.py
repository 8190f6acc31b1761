"""What actions give, as maps with known keys.

Made from schema/results.json by `python -m generate`: edit those.
"""

from __future__ import annotations

from typing import Any

from typing_extensions import NotRequired, TypedDict


class AiCharacter(TypedDict):
    """Ai character."""

    character_id: str
    character_name: str
    preview_url: str


class AiCharacterGroup(TypedDict):
    """Ai character group."""

    type: str
    characters: list[AiCharacter]


class AiRecordSent(TypedDict):
    """Ai record sent."""

    message_id: int


class CanSend(TypedDict):
    """Can send."""

    yes: bool


class CategoryFriend(TypedDict):
    """Category friend."""

    birthday_year: NotRequired[int]
    birthday_month: NotRequired[int]
    birthday_day: NotRequired[int]
    phone_num: NotRequired[str]
    email: NotRequired[str]
    category_id: NotRequired[int]
    user_id: int
    nickname: str
    remark: NotRequired[str]
    sex: NotRequired[str]
    level: NotRequired[int]
    age: NotRequired[int]
    qid: NotRequired[str]
    login_days: NotRequired[int]
    categoryName: NotRequired[str]
    categoryId: NotRequired[int]


class ClientKey(TypedDict):
    """Client key."""

    clientkey: NotRequired[str]


class Cookies(TypedDict):
    """Cookies."""

    cookies: str
    bkn: str


class Credentials(TypedDict):
    """Credentials."""

    cookies: str
    token: int


class CsrfToken(TypedDict):
    """Csrf token."""

    token: int


class DoubtfulFriendRequest(TypedDict):
    """Doubtful friend request."""

    flag: str
    uin: str
    nick: str
    source: str
    reason: str
    msg: str
    group_code: str
    time: str
    type: str


class DownloadedFile(TypedDict):
    """Downloaded file."""

    file: str


class EmojiLikeUser(TypedDict):
    """Emoji like user."""

    user_id: str
    nick_name: str


class EmojiLikeUsers(TypedDict):
    """Emoji like users."""

    emoji_like_list: list[EmojiLikeUser]


class EmojiLiker(TypedDict):
    """Emoji liker."""

    tinyId: str
    nickName: str
    headUrl: str


class EmojiLikers(TypedDict):
    """Emoji likers."""

    emojiLikesList: list[EmojiLiker]
    cookie: str
    isLastPage: bool
    isFirstPage: bool
    result: int
    errMsg: str


class EssenceMessage(TypedDict):
    """Essence message."""

    msg_seq: int
    msg_random: int
    sender_id: int
    sender_nick: str
    operator_id: int
    operator_nick: str
    message_id: int
    operator_time: int
    content: list[Any]


class FileInfo(TypedDict):
    """Where a file is, or its bytes."""

    file: NotRequired[str]
    url: NotRequired[str]
    file_size: NotRequired[str]
    file_name: NotRequired[str]
    base64: NotRequired[str]


class FileSetId(TypedDict):
    """File set id."""

    fileset_id: str


class FileUrl(TypedDict):
    """File url."""

    url: NotRequired[str]


class FolderCreated(TypedDict):
    """Folder created."""

    result: dict[str, Any]
    groupItem: dict[str, Any]


class Friend(TypedDict):
    """A friend."""

    birthday_year: NotRequired[int]
    birthday_month: NotRequired[int]
    birthday_day: NotRequired[int]
    user_id: int
    age: NotRequired[int]
    phone_num: NotRequired[str]
    email: NotRequired[str]
    category_id: NotRequired[int]
    nickname: str
    remark: str
    sex: str
    level: int


class FriendCategory(TypedDict):
    """Friend category."""

    categoryId: int
    categoryName: str
    categoryMbCount: int
    buddyList: list[CategoryFriend]


class GroupAtAllRemain(TypedDict):
    """Group at all remain."""

    can_at_all: bool
    remain_at_all_count_for_group: int
    remain_at_all_count_for_uin: int


class GroupFile(TypedDict):
    """Group file."""

    group_id: int
    file_id: str
    file_name: str
    busid: int
    size: int
    file_size: int
    upload_time: int
    dead_time: int
    modify_time: int
    download_times: int
    uploader: int
    uploader_name: str


class GroupFileSystemInfo(TypedDict):
    """Group file system info."""

    file_count: int
    limit_count: int
    used_space: int
    total_space: int


class GroupFiles(TypedDict):
    """Group files."""

    files: list[GroupFile]
    folders: list[GroupFolder]


class GroupFolder(TypedDict):
    """Group folder."""

    group_id: int
    folder_id: str
    folder: str
    folder_name: str
    create_time: int
    creator: int
    creator_name: str
    total_file_count: int


class GroupHonor(TypedDict):
    """Group honor."""

    group_id: int
    current_talkative: NotRequired[dict[str, Any]]
    talkative_list: NotRequired[list[Any]]
    performer_list: NotRequired[list[Any]]
    legend_list: NotRequired[list[Any]]
    emotion_list: NotRequired[list[Any]]
    strong_newbie_list: NotRequired[list[Any]]


class GroupIgnoredNotifies(TypedDict):
    """Group ignored notifies."""

    invited_requests: list[Any]
    InvitedRequest: list[Any]
    join_requests: list[Any]


class GroupIgnoredRequest(TypedDict):
    """Group ignored request."""

    request_id: int
    invitor_uin: int
    invitor_nick: NotRequired[str]
    group_id: int
    message: NotRequired[str]
    group_name: NotRequired[str]
    checked: bool
    actor: int
    requester_nick: NotRequired[str]


class GroupInfo(TypedDict):
    """A group."""

    group_all_shut: NotRequired[int]
    group_remark: NotRequired[str]
    group_id: int
    group_name: str
    member_count: int
    max_member_count: int


class GroupMember(TypedDict):
    """A member of a group."""

    group_id: int
    user_id: int
    nickname: str
    card: str
    sex: str
    age: int
    area: str
    level: str
    qq_level: NotRequired[int]
    join_time: int
    last_sent_time: int
    title_expire_time: int
    unfriendly: bool
    card_changeable: bool
    is_robot: NotRequired[bool]
    shut_up_timestamp: NotRequired[int]
    role: NotRequired[str]
    title: str


class GroupNotice(TypedDict):
    """Group notice."""

    notice_id: str
    sender_id: int
    publish_time: int
    message: GroupNoticeMessage
    settings: NotRequired[dict[str, Any]]
    read_num: NotRequired[int]


class GroupNoticeMessage(TypedDict):
    """Group notice message."""

    text: str
    image: list[Any]
    images: list[Any]


class GroupSigner(TypedDict):
    """Group signer."""

    user_id: int
    nick: str
    time: int
    rank: int


class GroupSystemMessages(TypedDict):
    """Group system messages."""

    invited_requests: list[GroupSystemRequest]
    InvitedRequest: list[GroupSystemRequest]
    join_requests: list[GroupSystemRequest]


class GroupSystemRequest(TypedDict):
    """Group system request."""

    request_id: int
    invitor_uin: int
    invitor_nick: str
    group_id: int
    group_name: str
    message: str
    checked: bool
    actor: int
    requester_nick: str


class GuildMemberList(TypedDict):
    """Guild member list."""

    members: list[Any]
    finished: bool
    next_token: str | None


class GuildMessageSent(TypedDict):
    """Guild message sent."""

    message_id: str


class GuildRoleCreated(TypedDict):
    """Guild role created."""

    role_id: str


class KernelResult(TypedDict):
    """What the QQ client itself answers, unchecked."""

    result: NotRequired[int]
    errMsg: NotRequired[str]


class LoginInfo(TypedDict):
    """The account itself."""

    user_id: int
    nickname: str


class MessageInfo(TypedDict):
    """A message as it was, with the fields of its event."""

    message_id: int
    message: list[dict[str, Any]]
    message_type: str
    user_id: NotRequired[int]
    group_id: NotRequired[int]
    time: int
    sender: dict[str, Any]
    real_id: NotRequired[int]
    message_seq: NotRequired[int]
    real_seq: NotRequired[str]
    raw_message: NotRequired[str]
    sub_type: NotRequired[str]
    self_id: NotRequired[int]
    post_type: NotRequired[str]
    target_id: NotRequired[int]


class MessageSent(TypedDict):
    """What was sent; `message_ids` if it left as several messages."""

    message_id: int
    res_id: NotRequired[str]
    forward_id: NotRequired[str]
    message_ids: NotRequired[list[int]]


class Messages(TypedDict):
    """Messages, oldest first."""

    messages: list[MessageInfo]


class MiniAppArk(TypedDict):
    """Mini app ark."""

    data: Any


class ModelShow(TypedDict):
    """Model show."""

    variants: ModelVariants


class ModelVariants(TypedDict):
    """Model variants."""

    model_show: str
    need_pay: bool


class Ok(TypedDict):
    """Ok."""

    ok: bool


class PortraitSet(TypedDict):
    """Portrait set."""

    result: int
    errMsg: str


class ProfileFavorites(TypedDict):
    """Profile favorites."""

    userInfos: list[Any]
    total_count: int
    last_time: int
    today_count: int


class ProfileLikes(TypedDict):
    """Profile likes."""

    uid: str
    time: str
    favoriteInfo: ProfileFavorites
    voteInfo: ProfileVotes


class ProfileVotes(TypedDict):
    """Profile votes."""

    total_count: int
    new_count: int
    new_nearby_count: int
    last_visit_time: int
    userInfos: list[Any]


class QidianAccount(TypedDict):
    """Qidian account."""

    master_id: int
    ext_name: str
    create_time: int


class QunAlbumList(TypedDict):
    """Qun album list."""

    album_list: list[Any]
    attach_info: str
    has_more: bool


class QzonePosted(TypedDict):
    """Qzone posted."""

    tid: str


class RecentContact(TypedDict):
    """Recent contact."""

    lastestMsg: Any
    peerUin: str
    remark: str
    msgTime: str
    chatType: int
    msgId: str
    sendNickName: str
    sendMemberName: str
    peerName: str


class Rkey(TypedDict):
    """Rkey."""

    type: str
    rkey: str
    created_at: int
    ttl: int


class RkeyOld(TypedDict):
    """Rkey old."""

    rkey: str
    ttl: int
    time: int
    type: int


class RkeyServer(TypedDict):
    """Rkey server."""

    private_rkey: NotRequired[str]
    group_rkey: NotRequired[str]
    expired_time: NotRequired[int]
    name: str


class SpokenText(TypedDict):
    """Spoken text."""

    text: str


class Status(TypedDict):
    """Status."""

    online: bool
    good: bool
    stat: dict[str, Any]


class StrangerInfo(TypedDict):
    """Stranger info."""

    user_id: int
    uid: NotRequired[str]
    nickname: str
    age: NotRequired[int]
    qid: NotRequired[str]
    qqLevel: NotRequired[int]
    sex: str
    long_nick: NotRequired[str]
    reg_time: NotRequired[int]
    is_vip: NotRequired[bool]
    is_years_vip: NotRequired[bool]
    vip_level: NotRequired[int]
    remark: NotRequired[str]
    status: NotRequired[int]
    login_days: NotRequired[int]


class StreamedFile(TypedDict):
    """A file that came in parts, gathered by the bridge."""

    type: str
    file_name: NotRequired[str]
    file_size: NotRequired[int]
    chunk_size: NotRequired[int]
    width: NotRequired[int]
    height: NotRequired[int]
    out_format: NotRequired[str]
    size: NotRequired[int]
    total_chunks: NotRequired[int]
    total_bytes: NotRequired[int]
    message: NotRequired[str]
    data: bytes


class TestStream(TypedDict):
    """Test stream."""

    type: str
    data_type: str
    data: str


class Translation(TypedDict):
    """Translation."""

    words: list[str]


class UnidirectionalFriend(TypedDict):
    """Unidirectional friend."""

    uin: int
    uid: str
    nick_name: str
    age: int
    source: str


class UploadProgress(TypedDict):
    """What has come of a file so far."""

    type: str
    stream_id: str
    status: str
    received_chunks: int
    total_chunks: int
    file_path: NotRequired[str]
    file_size: NotRequired[int]
    sha256: NotRequired[str]


class Uploaded(TypedDict):
    """The file as the chat has it."""

    file_id: str | None


class UrlSafety(TypedDict):
    """Url safety."""

    level: int


class UserStatus(TypedDict):
    """User status."""

    status: int
    ext_status: int


class VersionInfo(TypedDict):
    """Version info."""

    app_name: str
    protocol_version: str
    app_version: str


class WordSlices(TypedDict):
    """Word slices."""

    slices: list[str]
