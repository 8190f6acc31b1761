/**
 * QQ's built-in faces by name, and the ids reactions go by: that of a face, or the
 * decimal code point of an emoji.
 */

/** Runs of ids that follow each other; `<id>=` before the first of each. */
const TABLE = `
0=惊讶 撇嘴 色 发呆 得意 流泪 害羞 闭嘴 睡 大哭 尴尬 发怒 调皮 呲牙 微笑 难过 酷 18=抓狂 吐 偷笑
可爱 白眼 傲慢 饥饿 困 惊恐 流汗 憨笑 悠闲 奋斗 咒骂 疑问 嘘 晕 折磨 衰 骷髅 敲打 再见 41=发抖
爱情 跳跳 46=猪头 49=拥抱 53=蛋糕 55=炸弹 刀 59=便便 咖啡 63=玫瑰 凋谢 66=爱心 心碎
74=太阳 月亮 赞 踩 握手 胜利 85=飞吻 怄火 89=西瓜 96=冷汗 擦汗 抠鼻 鼓掌 糗大了 坏笑 左哼哼
右哼哼 哈欠 鄙视 委屈 快哭了 阴险 左亲亲 吓 可怜 菜刀 114=篮球 116=示爱 118=抱拳 勾引 拳头
差劲 爱你 NO OK 转圈 129=挥手 137=鞭炮 144=喝彩 146=爆筋 棒棒糖 喝奶 169=手枪
171=茶 眨眼睛 泪奔 无奈 卖萌 小纠结 喷血 斜眼笑 doge 惊喜 戳一戳 笑哭 我最美 185=羊驼
187=幽灵 193=大笑 不开心 198=呃 200=求求 点赞 无聊 托脸 吃 206=害怕 210=飙泪 我不看
托腮 214=啵啵 糊脸 拍头 扯一扯 舔一舔 蹭一蹭 221=顶呱呱 抱抱 暴击 开枪 撩一撩 拍桌 拍手
229=干杯 嘲讽 哼 佛系 掐一掐 235=颤抖 237=偷看 扇脸 原谅 喷脸 生日快乐 243=甩头 扔狗
262=脑阔疼 沧桑 捂脸 辣眼睛 哦哟 头秃 问号脸 暗中观察 emm 吃瓜 呵呵哒 我酸了 277=汪汪 汗
281=无眼笑 敬礼 狂笑 面无表情 摸鱼 魔鬼笑 哦 请 睁眼 敲开心 292=让我康康 摸锦鲤 期待 拿到红包
297=拜谢 元宝 牛啊 胖三斤 好闪 左拜年 右拜年 305=右亲亲 牛气冲天 喵喵 311=打call 变形
314=仔细分析 317=菜汪 崇拜 比心 庆祝 322=拒绝 嫌弃 吃糖 惊吓 生气 332=举牌牌 烟花 虎虎生威
336=豹富 花朵脸 我想开了 舔屏 341=打招呼 酸Q 我方了 大怨种 红包多多 你真棒棒 大展宏兔 福萝卜 坚强
贴贴 敲敲 咦 拜托 尊嘟假嘟 耶 666 裂开 骰子 包剪锤 亲亲 狗狗笑哭 好兄弟 狗狗可怜 超级赞 狗狗生气 芒狗
狗狗疑问 奥特笑哭 彩虹 祝贺 冒泡 气呼呼 忙 波波流泪 超级鼓掌 跺脚 嗨 企鹅笑哭 企鹅流泪 真棒 路过 emo
企鹅爱心 晚安 太气了 呜呜呜 太好笑 太头疼 太赞了 太头秃 太沧桑 龙年快乐 新年中龙 新年大龙 略略略 狼狗
抛媚眼 超级ok tui 快乐 超级转圈 别说话 出去玩 闪亮登场 好运来 姐是女王 我听听 臭美 送你花花 么么哒
一起嗨 开心 摇起来 415=划龙舟 中龙舟 大龙舟 419=火车 中火车 大火车 粽于等到你 复兴号 续标识 求放过
玩火 偷感 收到 蛇年快乐 蛇身 蛇尾 灵蛇献瑞 450=撇嘴 色 微笑 发呆 得意 害羞 闭嘴 睡 我吗 优雅 硬撑
宕机 无语 新年快乐 马上到 拆红包 羞羞哒 摇花手 失眠 坚毅 马到成功 472=心动 474=给你一拳 干饭 不是吧
你懂的 对的对的 不对不对 散味儿 学习 热化了 略 比爱心
`;

const NAMES: ReadonlyMap<string, string> = readTable();
/** Of faces that share a name the one that was there first: old clients show it, too. */
const IDS: ReadonlyMap<string, string> = new Map(
  [...NAMES].reverse().map(([id, name]) => [name, id]),
);

/** Emoji that people react with and QQ has as faces: those show for everybody. */
const FACE_OF_EMOJI: ReadonlyMap<string, string> = new Map([
  ["👍", "76"],
  ["👎", "77"],
  ["❤", "66"],
  ["💔", "67"],
  ["👌", "124"],
  ["👏", "99"],
  ["🌹", "63"],
  ["🎉", "144"],
  ["😂", "182"],
]);

/** As faces stand in the text of messages that came in, and so in answers of models. */
export const FACE = /\[face: ([^\]\n]{1,20}?)(?: ×\d{1,3})?\]/g;

/** `斜眼笑` of `178`; undefined where the table has none. */
export function faceName(id: string): string | undefined {
  return NAMES.get(id);
}

/** `178` of `斜眼笑`, or of `178`; undefined where the table has none. */
export function faceId(name: string): string | undefined {
  return IDS.get(name) ?? (NAMES.has(name) ? name : undefined);
}

/** What a reaction shows: a face's name or the emoji itself, else its id. */
export function reactionName(id: string): string {
  const face = NAMES.get(id);
  if (face !== undefined) return face;
  const point = /^\d{4,7}$/.test(id) ? Number(id) : 0;
  return point >= 0x203c && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff)
    ? String.fromCodePoint(point)
    : id;
}

/** The id for `赞`, `/赞`, `👍`, or an id as it is; undefined for what is no reaction. */
export function reactionId(text: string): string | undefined {
  const plain = text.trim().replace(/\uFE0F/g, "");
  if (/^\d{1,7}$/.test(plain)) return plain;
  const named = IDS.get(plain.replace(/^\/|^\[|\]$/g, ""));
  const face = named ?? FACE_OF_EMOJI.get(plain);
  if (face !== undefined) return face;
  return /^\p{Extended_Pictographic}/u.test(plain) ? String(plain.codePointAt(0)) : undefined;
}

function readTable(): Map<string, string> {
  const names = new Map<string, string>();
  let id = 0;
  for (const entry of TABLE.trim().split(/\s+/)) {
    const start = /^(\d+)=(.+)$/.exec(entry);
    if (start) id = Number(start[1]);
    names.set(String(id++), start?.[2] ?? entry);
  }
  return names;
}
