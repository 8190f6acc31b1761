"""What actions give, as maps with known keys.

Made from schema/results.json by `python -m generate`: edit those.
"""

from __future__ import annotations

from typing import Any

from typing_extensions import NotRequired, TypedDict


class AiCharacter(TypedDict):
    """A made voice; `character_id` is what other actions take."""

    character_id: str
    character_name: str
    preview_url: str


class AiCharacterGroup(TypedDict):
    """Made voices of one kind."""

    type: str
    characters: list[AiCharacter]


class AiRecordSent(TypedDict):
    """What was sent; NapCat gives 0."""

    message_id: int


class CanSend(TypedDict):
    """Whether it can be sent."""

    yes: bool


class CategoryFriend(TypedDict):
    """A friend within a category."""

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
    """The key for sites of QQ."""

    clientkey: NotRequired[str]


class Cookies(TypedDict):
    """Cookies, and the number that QQ's sites want beside them."""

    cookies: str
    bkn: str


class Credentials(TypedDict):
    """Cookies and token."""

    cookies: str
    token: int


class CsrfToken(TypedDict):
    """The token for sites of QQ."""

    token: int


class DoubtfulFriendRequest(TypedDict):
    """A friend request that QQ holds to be doubtful."""

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
    """Where the file is on the implementation's disk."""

    file: str


class EmojiLikeUser(TypedDict):
    """Somebody who has reacted."""

    user_id: str
    nick_name: str


class EmojiLikeUsers(TypedDict):
    """Who has reacted."""

    emoji_like_list: list[EmojiLikeUser]


class EmojiLiker(TypedDict):
    """Somebody who has reacted, as the QQ client has it."""

    tinyId: str
    nickName: str
    headUrl: str


class EmojiLikers(TypedDict):
    """A page of who has reacted; `cookie` asks for the next."""

    emojiLikesList: list[EmojiLiker]
    cookie: str
    isLastPage: bool
    isFirstPage: bool
    result: int
    errMsg: str


class EssenceMessage(TypedDict):
    """A message that is marked as essence, by `operator_id`."""

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
    """The id of a flash transfer."""

    fileset_id: str


class FileUrl(TypedDict):
    """Where to download it."""

    url: NotRequired[str]


class FolderCreated(TypedDict):
    """What the QQ client says of the new folder."""

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
    """A category of friends, and who is in it."""

    categoryId: int
    categoryName: str
    categoryMbCount: int
    buddyList: list[CategoryFriend]


class GroupAtAllRemain(TypedDict):
    """How often all can still be mentioned, by the group and by the account."""

    can_at_all: bool
    remain_at_all_count_for_group: int
    remain_at_all_count_for_uin: int


class GroupFile(TypedDict):
    """A file of a group; sizes in bytes, times in seconds since 1970."""

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
    """The space for files of a group, in bytes."""

    file_count: int
    limit_count: int
    used_space: int
    total_space: int


class GroupFiles(TypedDict):
    """Files and folders."""

    files: list[GroupFile]
    folders: list[GroupFolder]


class GroupFolder(TypedDict):
    """A folder of a group's files."""

    group_id: int
    folder_id: str
    folder: str
    folder_name: str
    create_time: int
    creator: int
    creator_name: str
    total_file_count: int


class GroupHonor(TypedDict):
    """Who holds the honours that were asked for."""

    group_id: int
    current_talkative: NotRequired[dict[str, Any]]
    talkative_list: NotRequired[list[Any]]
    performer_list: NotRequired[list[Any]]
    legend_list: NotRequired[list[Any]]
    emotion_list: NotRequired[list[Any]]
    strong_newbie_list: NotRequired[list[Any]]


class GroupIgnoredNotifies(TypedDict):
    """What was filtered out; the first two lists are the same."""

    invited_requests: list[Any]
    InvitedRequest: list[Any]
    join_requests: list[Any]


class GroupIgnoredRequest(TypedDict):
    """A request to join that was filtered out."""

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
    """A notice of a group."""

    notice_id: str
    sender_id: int
    publish_time: int
    message: GroupNoticeMessage
    settings: NotRequired[dict[str, Any]]
    read_num: NotRequired[int]


class GroupNoticeMessage(TypedDict):
    """What a notice says; both lists of pictures are the same."""

    text: str
    image: list[Any]
    images: list[Any]


class GroupSigner(TypedDict):
    """Somebody who has signed in."""

    user_id: int
    nick: str
    time: int
    rank: int


class GroupSystemMessages(TypedDict):
    """Requests and invitations; the first two lists are the same."""

    invited_requests: list[GroupSystemRequest]
    InvitedRequest: list[GroupSystemRequest]
    join_requests: list[GroupSystemRequest]


class GroupSystemRequest(TypedDict):
    """A request or an invitation; `request_id` may be rounded."""

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
    """A page of members; `next_token` asks for the next."""

    members: list[Any]
    finished: bool
    next_token: str | None


class GuildMessageSent(TypedDict):
    """What was sent."""

    message_id: str


class GuildRoleCreated(TypedDict):
    """The new role."""

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
    """The card."""

    data: Any


class ModelShow(TypedDict):
    """Names for a device."""

    variants: ModelVariants


class ModelVariants(TypedDict):
    """A name for a device."""

    model_show: str
    need_pay: bool


class Ok(TypedDict):
    """Whether it was done."""

    ok: bool


class PortraitSet(TypedDict):
    """What the QQ client says; 0 is well."""

    result: int
    errMsg: str


class ProfileFavorites(TypedDict):
    """Who has the profile among their favourites."""

    userInfos: list[Any]
    total_count: int
    last_time: int
    today_count: int


class ProfileLikes(TypedDict):
    """Likes of a profile."""

    uid: str
    time: str
    favoriteInfo: ProfileFavorites
    voteInfo: ProfileVotes


class ProfileVotes(TypedDict):
    """Who has liked a profile."""

    total_count: int
    new_count: int
    new_nearby_count: int
    last_visit_time: int
    userInfos: list[Any]


class QidianAccount(TypedDict):
    """The account's data of QQ for enterprises."""

    master_id: int
    ext_name: str
    create_time: int


class QunAlbumList(TypedDict):
    """A page of albums; `attach_info` asks for the next."""

    album_list: list[Any]
    attach_info: str
    has_more: bool


class QzonePosted(TypedDict):
    """The new post."""

    tid: str


class RecentContact(TypedDict):
    """A chat and its latest message."""

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
    """A key for addresses of media; `ttl` in seconds."""

    type: str
    rkey: str
    created_at: int
    ttl: int


class RkeyOld(TypedDict):
    """A key for addresses of media, in the older form."""

    rkey: str
    ttl: int
    time: int
    type: int


class RkeyServer(TypedDict):
    """Keys for addresses of media, and when they end."""

    private_rkey: NotRequired[str]
    group_rkey: NotRequired[str]
    expired_time: NotRequired[int]
    name: str


class SpokenText(TypedDict):
    """What was said."""

    text: str


class Status(TypedDict):
    """Whether the account is online, and the implementation well."""

    online: bool
    good: bool
    stat: dict[str, Any]


class StrangerInfo(TypedDict):
    """A user."""

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
    """The last frame of the test."""

    type: str
    data_type: str
    data: str


class Translation(TypedDict):
    """The words in Chinese."""

    words: list[str]


class UnidirectionalFriend(TypedDict):
    """A one-sided friend."""

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
    """1 safe, 2 not known, 3 dangerous."""

    level: int


class UserStatus(TypedDict):
    """An online status, as QQ numbers it."""

    status: int
    ext_status: int


class VersionInfo(TypedDict):
    """What the implementation is."""

    app_name: str
    protocol_version: str
    app_version: str


class WordSlices(TypedDict):
    """The words."""

    slices: list[str]
