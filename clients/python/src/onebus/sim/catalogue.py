"""All actions there are: who knows them, and answers of the right shape.

What `actions` plays in depth it registers itself.  The rest answers from a row
here: its parameters are checked, nothing happens in the world, and the data is
that of a QQ where there is nothing of the kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from .answers import ABSENT
from .params import (
    Convert,
    Param,
    anything,
    boolean,
    boolean_or_text,
    number,
    number_or_text,
    text,
    texts,
)

DONE = {"result": 0, "errMsg": ""}
"""What the QQ client gives for a success; NapCat hands it on as it is."""

# The standard, NapCat, go-cqhttp, Lagrange, LLBot.
_KNOWN_TO: Mapping[str, str] = {
    "ONGLB": (
        "send_private_msg send_group_msg send_msg delete_msg get_msg "
        "get_forward_msg can_send_image can_send_record set_group_kick "
        "set_group_ban set_group_whole_ban set_group_admin set_group_card "
        "set_group_name set_group_leave set_group_special_title "
        "set_group_add_request get_group_info get_group_list "
        "get_group_member_info get_group_member_list get_group_honor_info "
        "set_friend_add_request get_friend_list get_stranger_info "
        "get_login_info get_status get_version_info "
    ),
    "NGLB": (
        "send_forward_msg send_group_forward_msg send_private_forward_msg "
        "mark_msg_as_read get_group_msg_history ocr_image set_group_portrait "
        "set_essence_msg delete_essence_msg _send_group_notice "
        "_get_group_notice get_essence_msg_list delete_friend upload_group_file "
        "upload_private_file delete_group_file create_group_file_folder "
        "get_group_root_files get_group_files_by_folder get_group_file_url "
    ),
    "NB": (
        "forward_friend_single_msg forward_group_single_msg set_msg_emoji_like "
        "fetch_emoji_like set_group_remark get_group_ignore_add_request "
        "get_group_shut_list get_group_signed_list get_group_album_media_list "
        "set_friend_remark get_friends_with_category "
        "get_doubt_friends_add_request set_doubt_friends_add_request "
        "get_profile_like get_file rename_group_file set_online_status "
        "set_input_status get_robot_uin_range "
    ),
    "N": (
        "mark_private_msg_as_read mark_group_msg_as_read _mark_all_as_read "
        "get_emoji_likes fetch_ptt_text get_recent_contact "
        "click_inline_keyboard_button get_mini_app_ark ArkSharePeer "
        "ArkShareGroup send_ark_share send_group_ark_share "
        "fetch_custom_face_detail add_custom_face delete_custom_face "
        "set_custom_face_desc set_group_kick_members set_group_sign "
        "set_group_todo complete_group_todo cancel_group_todo "
        "set_group_add_option set_group_robot_add_option set_group_search "
        "set_group_member_invite_policy set_group_member_permissions "
        "set_group_new_member_history_visibility get_group_info_ex "
        "get_group_detail_info get_group_ignored_notifies get_qun_album_list "
        "upload_image_to_qun_album del_group_album_media do_group_album_comment "
        "set_group_album_media_like cancel_group_album_media_like "
        "nc_get_user_status trans_group_file create_flash_task send_flash_msg "
        "get_share_link download_fileset get_fileset_info get_flash_file_list "
        "get_flash_file_url get_fileset_id send_online_file send_online_folder "
        "get_online_file_msg receive_online_file refuse_online_file "
        "cancel_online_file upload_file_stream download_file_stream "
        "download_file_record_stream download_file_image_stream "
        "test_download_stream clean_stream_temp_file set_self_longnick "
        "set_diy_online_status send_qzone_msg delete_qzone_msg "
        "create_collection get_collection_list bot_exit get_clientkey "
        "get_rkey_server nc_get_rkey nc_get_packet_status send_packet "
        "translate_en2zh test_auto_register_01 test_auto_register_02 "
    ),
    "NLB": (
        "get_friend_msg_history send_poke group_poke friend_poke "
        "get_ai_characters send_group_ai_record fetch_custom_face "
        "get_private_file_url move_group_file set_qq_avatar get_rkey "
    ),
    "ONB": (
        "get_record clean_cache "
    ),
    "ONGB": (
        "get_image .handle_quick_operation "
    ),
    "NGL": (
        ".ocr_image _del_group_notice "
    ),
    "NL": (
        "get_ai_record "
    ),
    "OG": (
        "set_group_anonymous_ban set_group_anonymous "
    ),
    "NGB": (
        "send_group_sign get_group_system_msg get_group_at_all_remain "
        "delete_group_folder get_group_file_system_info download_file "
        "set_qq_profile get_guild_list "
    ),
    "ONLB": (
        "send_like set_restart get_cookies get_csrf_token get_credentials "
    ),
    "NG": (
        "get_unidirectional_friend_list get_online_clients _get_model_show "
        "_set_model_show check_url_safely get_guild_service_profile "
    ),
    "G": (
        "qidian_get_account_info get_guild_meta_by_guest get_guild_channel_list "
        "get_guild_member_list get_guild_member_profile get_guild_roles "
        "create_guild_role delete_guild_role set_guild_member_role "
        "update_guild_role get_topic_channel_feeds send_guild_channel_msg "
        "get_guild_msg delete_unidirectional_friend .get_word_slices "
        "reload_event_filter "
    ),
}

_PACKET = frozenset(
    (
        "send_poke group_poke friend_poke get_mini_app_ark get_ai_characters "
        "get_ai_record send_group_ai_record set_group_special_title "
        "set_group_sign send_group_sign set_group_todo complete_group_todo "
        "cancel_group_todo nc_get_user_status get_group_file_url "
        "get_private_file_url move_group_file rename_group_file "
        "trans_group_file get_rkey get_rkey_server nc_get_rkey "
        "nc_get_packet_status send_packet "
    ).split()
)

_ROWS: tuple[tuple[str, str, Any], ...] = (
    ("forward_friend_single_msg", "message_id!:id group_id user_id!", None),
    ("forward_group_single_msg", "message_id!:id group_id! user_id", None),
    (
        "fetch_emoji_like",
        "message_id!:id emojiId!:id emojiType!:id count:id cookie",
        {
            "emojiLikesList": [],
            "cookie": "",
            "isLastPage": True,
            "isFirstPage": True,
            "result": 0,
            "errMsg": "",
        },
    ),
    (
        "get_emoji_likes",
        "group_id message_id!:id emoji_id! emoji_type count:number",
        {"emoji_like_list": []},
    ),
    ("fetch_ptt_text", "message_id!:id", {"text": ""}),
    ("get_recent_contact", "count:id", []),
    ("ocr_image", "image!", DONE),
    (".ocr_image", "image!", DONE),
    (
        "click_inline_keyboard_button",
        "group_id! bot_appid! button_id callback_data msg_seq",
        DONE,
    ),
    (
        "get_mini_app_ark",
        "type title! desc! picUrl! jumpUrl! webUrl rawArkData iconUrl appId scene "
        "templateType businessType verType shareType versionId sdkId "
        "withShareTicket",
        {"data": None},
    ),
    ("get_ai_characters", "group_id! chat_type:id", []),
    ("get_ai_record", "character! group_id! text!", ""),
    ("send_group_ai_record", "character! group_id! text!", {"message_id": 0}),
    ("ArkSharePeer", "user_id group_id phone_number", DONE),
    ("ArkShareGroup", "group_id!", ""),
    ("send_ark_share", "user_id group_id phone_number", DONE),
    ("send_group_ark_share", "group_id!", ""),
    ("fetch_custom_face", "count:id", []),
    ("fetch_custom_face_detail", "count:id", DONE),
    (
        "add_custom_face",
        "file! emoji_id:id package_id:id file_name file_size:id md5 "
        "is_mark_face:bool is_origin:bool",
        DONE,
    ),
    ("delete_custom_face", "res_id:any id:any ids:texts md5:any", DONE),
    ("set_custom_face_desc", "emoji_id!:id res_id! md5! desc!", DONE),
    (
        "set_group_anonymous_ban",
        "group_id!:number anonymous:any anonymous_flag flag duration:number",
        None,
    ),
    ("set_group_anonymous", "group_id!:number enable:bool", None),
    ("set_group_portrait", "file! group_id!", DONE),
    ("delete_essence_msg", "message_id:id msg_seq msg_random group_id", DONE),
    (
        "_send_group_notice",
        "group_id! content! image pinned:id type:id confirm_required:id "
        "is_show_edit_card:id tip_window_type:id",
        ABSENT,
    ),
    ("_get_group_notice", "group_id!", []),
    ("_del_group_notice", "group_id! notice_id!", DONE),
    ("set_group_remark", "group_id! remark!", None),
    ("set_group_sign", "group_id!", ABSENT),
    ("send_group_sign", "group_id!", ABSENT),
    ("set_group_todo", "group_id! message_id:id message_seq", ABSENT),
    ("complete_group_todo", "group_id! message_id:id message_seq", ABSENT),
    ("cancel_group_todo", "group_id! message_id:id message_seq", ABSENT),
    (
        "set_group_add_option",
        "group_id! add_type!:number group_question group_answer",
        None,
    ),
    (
        "set_group_robot_add_option",
        "group_id! robot_member_switch:number robot_member_examine:number",
        None,
    ),
    (
        "set_group_search",
        "group_id! no_code_finger_open:number no_finger_open:number",
        None,
    ),
    ("set_group_member_invite_policy", "group_id! policy!", None),
    (
        "set_group_member_permissions",
        "group_id! allow_member_upload_album:bool "
        "allow_member_temporary_session:bool allow_member_create_group:bool",
        None,
    ),
    ("set_group_new_member_history_visibility", "group_id! visible!:bool", None),
    (
        "get_group_honor_info",
        "group_id! type",
        {
            "group_id": 0,
            "current_talkative": {},
            "talkative_list": [],
            "performer_list": [],
            "legend_list": [],
            "emotion_list": [],
            "strong_newbie_list": [],
        },
    ),
    ("get_group_info_ex", "group_id!", DONE),
    (
        "get_group_system_msg",
        "count:id",
        {"invited_requests": [], "InvitedRequest": [], "join_requests": []},
    ),
    (
        "get_group_ignored_notifies",
        "",
        {"invited_requests": [], "InvitedRequest": [], "join_requests": []},
    ),
    ("get_group_ignore_add_request", "", []),
    ("get_essence_msg_list", "group_id!", []),
    (
        "get_group_at_all_remain",
        "group_id!",
        {
            "can_at_all": False,
            "remain_at_all_count_for_group": 0,
            "remain_at_all_count_for_uin": 0,
        },
    ),
    ("get_group_signed_list", "group_id!", []),
    (
        "get_qun_album_list",
        "group_id! attach_info",
        {"album_list": [], "attach_info": "", "has_more": False},
    ),
    ("get_group_album_media_list", "group_id! album_id! attach_info", DONE),
    ("upload_image_to_qun_album", "group_id! album_id! album_name! file!", DONE),
    ("del_group_album_media", "group_id! album_id! lloc!", DONE),
    ("do_group_album_comment", "group_id! album_id! lloc! content!", DONE),
    ("set_group_album_media_like", "group_id! album_id! batch_id! lloc", DONE),
    ("cancel_group_album_media_like", "group_id! album_id! batch_id! lloc", DONE),
    ("get_friends_with_category", "", []),
    ("get_unidirectional_friend_list", "", []),
    ("get_doubt_friends_add_request", "count:number", []),
    ("set_doubt_friends_add_request", "flag! approve:bool", ABSENT),
    (
        "get_profile_like",
        "user_id start:id count:id",
        {
            "uid": "",
            "time": "",
            "favoriteInfo": {
                "userInfos": [],
                "total_count": 0,
                "last_time": 0,
                "today_count": 0,
            },
            "voteInfo": {
                "total_count": 0,
                "new_count": 0,
                "new_nearby_count": 0,
                "last_visit_time": 0,
                "userInfos": [],
            },
        },
    ),
    ("nc_get_user_status", "user_id!", {"status": 0, "ext_status": 0}),
    (
        "create_group_file_folder",
        "group_id! folder_name name",
        {"result": {}, "groupItem": {}},
    ),
    ("delete_group_folder", "group_id! folder_id folder", DONE),
    (
        "get_group_file_system_info",
        "group_id!",
        {"file_count": 0, "limit_count": 0, "used_space": 0, "total_space": 0},
    ),
    (
        "move_group_file",
        "group_id! file_id! current_parent_directory! target_parent_directory!",
        {"ok": True},
    ),
    (
        "rename_group_file",
        "group_id! file_id! current_parent_directory! new_name!",
        {"ok": True},
    ),
    ("trans_group_file", "group_id! file_id!", {"ok": True}),
    ("create_flash_task", "files!:any name thumb_path", DONE),
    ("send_flash_msg", "fileset_id! user_id group_id", DONE),
    ("get_share_link", "fileset_id!", DONE),
    ("download_fileset", "fileset_id!", DONE),
    ("get_fileset_info", "fileset_id!", DONE),
    ("get_flash_file_list", "fileset_id!", DONE),
    ("get_flash_file_url", "fileset_id! file_name file_index:number", DONE),
    ("get_fileset_id", "share_code!", {"fileset_id": ""}),
    ("send_online_file", "user_id! file_path! file_name", DONE),
    ("send_online_folder", "user_id! folder_path! folder_name", DONE),
    ("get_online_file_msg", "user_id!", DONE),
    ("receive_online_file", "user_id! msg_id! element_id!", DONE),
    ("refuse_online_file", "user_id! msg_id! element_id!", DONE),
    ("cancel_online_file", "user_id! msg_id!", DONE),
    ("set_qq_profile", "nickname! personal_note sex:id", DONE),
    ("set_qq_avatar", "file!", None),
    ("set_self_longnick", "longNick!", DONE),
    ("set_online_status", "status!:id ext_status!:id battery_status!:id", None),
    ("set_diy_online_status", "face_id!:id face_type:id wording", ""),
    ("set_input_status", "user_id! event_type!:number", DONE),
    ("get_online_clients", "", []),
    ("_get_model_show", "model", []),
    ("_set_model_show", "", ABSENT),
    (
        "send_qzone_msg",
        "content! images:texts ugc_right:id target_uins:any",
        {"tid": ""},
    ),
    ("delete_qzone_msg", "tid!", ABSENT),
    ("create_collection", "rawData! brief!", DONE),
    ("get_collection_list", "category! count", DONE),
    ("get_cookies", "domain!", {"cookies": "", "bkn": ""}),
    ("get_csrf_token", "", {"token": 0}),
    ("get_credentials", "domain!", {"cookies": "", "token": 0}),
    ("get_clientkey", "", {}),
    ("get_rkey", "", []),
    ("get_rkey_server", "", {"name": ""}),
    ("get_robot_uin_range", "", []),
    ("check_url_safely", "url!", {"level": 1}),
    ("get_guild_list", "", ABSENT),
    ("get_guild_service_profile", "", ABSENT),
    ("send_packet", "cmd! data! rsp:flag", ""),
    ("translate_en2zh", "words!:texts", {"words": []}),
    ("test_auto_register_01", "", ""),
    ("test_auto_register_02", "", ""),
    ("qidian_get_account_info", "", {"master_id": 0, "ext_name": "", "create_time": 0}),
    ("get_guild_meta_by_guest", "guild_id!", DONE),
    ("get_guild_channel_list", "guild_id! no_cache:bool", []),
    (
        "get_guild_member_list",
        "guild_id! next_token",
        {"members": [], "finished": False, "next_token": None},
    ),
    ("get_guild_member_profile", "guild_id! user_id!", DONE),
    ("get_guild_roles", "guild_id!", []),
    (
        "create_guild_role",
        "guild_id! name! color:number independent:bool initial_users:any",
        {"role_id": ""},
    ),
    ("delete_guild_role", "guild_id! role_id!", None),
    ("set_guild_member_role", "guild_id! set:bool role_id! users!:any", None),
    ("update_guild_role", "guild_id! role_id! name color:number indepedent:bool", None),
    ("get_topic_channel_feeds", "guild_id! channel_id!", []),
    (
        "send_guild_channel_msg",
        "guild_id! channel_id! message!:any auto_escape:bool",
        {"message_id": ""},
    ),
    ("get_guild_msg", "message_id! no_cache:bool", DONE),
    ("delete_unidirectional_friend", "user_id!:number", None),
    (".get_word_slices", "content!", {"slices": []}),
    ("reload_event_filter", "file", None),
)

_KINDS: Mapping[str, Convert] = {
    "": text,
    "id": number_or_text,
    "number": number,
    "bool": boolean,
    "flag": boolean_or_text,
    "texts": texts,
    "any": anything,
}

KNOWN: Mapping[str, str] = {
    name: letters for letters, names in _KNOWN_TO.items() for name in names.split()
}
"""By name, the letters of those who know an action."""

STREAMS = frozenset(name for name in KNOWN if name.endswith("_stream"))
"""The actions whose answers say `stream-action`."""


def needs_packet(name: str) -> bool:
    """Whether NapCat wants its packet backend for it."""
    return name in _PACKET


def rows() -> dict[str, tuple[tuple[Param, ...], Any]]:
    """Parameters and data by name, of what has no handler of its own."""
    return {name: (_params(params), data) for name, params, data in _ROWS}


def _params(written: str) -> tuple[Param, ...]:
    """``name!:kind`` each; `!`: required; without a kind it is text."""
    made: list[Param] = []
    for piece in written.split():
        name, _, kind = piece.partition(":")
        required = name.endswith("!")
        made.append(Param(name.removesuffix("!"), _KINDS[kind], optional=not required))
    return tuple(made)


def fresh(data: Any) -> Any:
    """The data of a row, to be changed by whoever gets it."""
    return data if data is ABSENT else deepcopy(data)
