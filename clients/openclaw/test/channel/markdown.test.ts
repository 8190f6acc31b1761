import assert from "node:assert/strict";
import { test } from "node:test";
import { plainText } from "../../src/channel/markdown.ts";

/** Answers as models write them, and what somebody at QQ then reads. */
const ANSWERS: readonly (readonly [string, string, string])[] = [
  ["plain text", "今天天气不错，适合出去走走。", "今天天气不错，适合出去走走。"],
  ["plain lines", "第一行\n第二行\n\n新的一段", "第一行\n第二行\n\n新的一段"],
  ["headings", "# 总结\n\n## 一、背景\n正文", "总结\n\n一、背景\n正文"],
  [
    "emphasis within Chinese",
    "这是**重点**内容，含*斜体*和***两者***。",
    "这是重点内容，含斜体和两者。",
  ],
  ["emphasis beside Chinese punctuation", "**注意：**请看**“这里”**然后", "注意：请看“这里”然后"],
  ["emphasis in quotes", "“**引号内**”（*括号*）《**书名**》", "“引号内”（括号）《书名》"],
  ["questions and answers", "**Q:** 你好？\n**A:** 好。", "Q: 你好？\nA: 好。"],
  ["bold as headings", "**1. 准备**\n买菜\n\n**2. 开始**\n做饭", "1. 准备\n买菜\n\n2. 开始\n做饭"],
  ["emoji", "😀 **加粗😀** ✅ 完成", "😀 加粗😀 ✅ 完成"],
  ["struck out", "~~原价 99~~ 现价 59", "原价 99 现价 59"],
  ["tildes that are none", "好的~ 大约 10~20 元～", "好的~ 大约 10~20 元～"],
  ["a list", "- 苹果\n- 香蕉", "• 苹果\n• 香蕉"],
  [
    "a list with stars and bold",
    "* **要点一**：说明\n* **要点二**：说明",
    "• 要点一：说明\n• 要点二：说明",
  ],
  ["lists in lists", "- 一\n  - 甲\n    - 深\n- 二", "• 一\n  • 甲\n    • 深\n• 二"],
  ["numbers", "1. 打开\n2. 登录\n3. 完成", "1. 打开\n2. 登录\n3. 完成"],
  ["numbers that begin later", "3. 三\n4. 四", "3. 三\n4. 四"],
  ["a list in numbers", "1. 一\n   - 甲\n   - 乙\n2. 二", "1. 一\n  • 甲\n  • 乙\n2. 二"],
  ["Chinese numbers", "1）第一\n2）第二\n一、第三", "1）第一\n2）第二\n一、第三"],
  ["tasks", "- [x] 完成\n- [ ] 未完成", "• [x] 完成\n• [ ] 未完成"],
  ["code within a line", "用 `npm run a_b` 和 `2*3*4`。", "用 npm run a_b 和 2*3*4。"],
  [
    "a block of code",
    "试试：\n\n```python\ndef f(x):\n    return x ** 2  # _不是斜体_\n\n\n\nf(2)\n```\n\n就这样",
    "试试：\n\ndef f(x):\n    return x ** 2  # _不是斜体_\n\n\n\nf(2)\n\n就这样",
  ],
  ["a block without an end", "```js\nlet a_b = 1;", "let a_b = 1;"],
  [
    "Markdown within code",
    "```\n# 不是标题\n![a](https://e.com/a.png)\n```",
    "# 不是标题\n![a](https://e.com/a.png)",
  ],
  ["products and powers", "2*3*4=24，a*b*c，2 * 3，x**2", "2*3*4=24，a*b*c，2 * 3，x**2"],
  ["snake case", "变量 my_long_name 与 _私有_", "变量 my_long_name 与 私有"],
  ["names of Python", "__init__ 和 __main__.py", "__init__ 和 __main__.py"],
  ["a path of Windows", "在 C:\\Users\\me\\a_b 下", "在 C:\\Users\\me\\a_b 下"],
  ["escapes", "\\*不是斜体\\* \\# \\_a\\_", "*不是斜体* # _a_"],
  ["a link", "看[文档](https://e.com/a_b?x=1&y=2)。", "看文档 (https://e.com/a_b?x=1&y=2)。"],
  [
    "a link that is its own text",
    "[https://e.com](https://e.com) <https://a.com>",
    "https://e.com https://a.com",
  ],
  ["a bare address", "见 https://e.com/a*b*c_d_e 。", "见 https://e.com/a*b*c_d_e 。"],
  ["a link with brackets", "[x](https://e.com/x_(y))", "x (https://e.com/x_(y))"],
  ["a link by reference", "[文][1]\n\n[1]: https://e.com/r", "文 (https://e.com/r)"],
  ["a link within the page", "见[第二节](#two)", "见第二节"],
  ["a note", "如文[^1]。\n\n[^1]: 来源", "如文[^1]。\n\n[^1]: 来源"],
  ["a quote", "> 引用\n> 第二行\n\n答", "> 引用\n> 第二行\n\n答"],
  ["a rule", "前\n\n---\n\n后", "前\n\n────────\n\n后"],
  [
    "two columns",
    "| 项目 | 内容 |\n|---|---|\n| 时间 | **8 点** |\n| 地点 | [教室](https://e.com) |",
    "项目: 内容\n• 时间: 8 点\n• 地点: 教室 (https://e.com)",
  ],
  [
    "three columns",
    "价目：\n\n| 名称 | 价格 | 备注 |\n|---|---:|:---:|\n| 苹果 | 3 | |\n| 香蕉 | 5 | 特<br>价 |\n\n完",
    "价目：\n\n苹果\n• 价格: 3\n\n香蕉\n• 价格: 5\n• 备注: 特 价\n\n完",
  ],
  ["HTML", "<b>粗</b> a<br>b <u>线</u> x<sup>2</sup> H<sub>2</sub>O", "粗 a\nb 线 x^2 H2O"],
  ["a link of HTML", '<a href="https://e.com">点</a>', "点 (https://e.com)"],
  ["what folds", "<details>\n<summary>点开</summary>\n\n内容\n\n</details>", "点开\n\n内容"],
  [
    "what is to be filled in",
    "git clone <your-repo> && cd <dir>",
    "git clone <your-repo> && cd <dir>",
  ],
  ["comparisons and entities", "1 < 2 &amp;&amp; 3 > 2，a&nbsp;b", "1 < 2 && 3 > 2，a\u00a0b"],
  ["a comment", "<!-- 内部 -->可见", "可见"],
  ["a formula", "公式 $a_1 + b_2$ 和 $\\frac{1}{2}$", "公式 $a_1 + b_2$ 和 $\\frac{1}{2}$"],
  ["topics and sharps", "#话题# 你好，C# 和 F#", "#话题# 你好，C# 和 F#"],
  ["mentions", "**@10001** 你好，@小_明(10002) 也是", "@10001 你好，@小_明(10002) 也是"],
  ["lines that end hard", "行一  \n行二\\\n行三", "行一\n行二\n行三"],
  ["too many blank lines", "a\n\n\n\nb\n\n", "a\n\nb"],
  ["line ends of Windows", "# a\r\n\r\n- b\r\n- c", "a\n\n• b\n• c"],
  ["marks left open", "未闭合 **粗体 和 `代码", "未闭合 **粗体 和 `代码"],
  ["full width", "＊不是＊ ＃不是 １．不是", "＊不是＊ ＃不是 １．不是"],
  ["CQ codes", "[CQ:at,qq=all] 和 &#91;", "[CQ:at,qq=all] 和 ["],
  ["nothing", " \n ", ""],
];

test("answers of models read well as plain text", () => {
  for (const [what, markdown, text] of ANSWERS) {
    assert.equal(plainText(markdown).text, text, what);
  }
});

test("pictures are taken out, in their order, and none from code", () => {
  const { text, images } = plainText(
    '看 ![一](https://e.com/1.png) 和\n\n![](<https://e.com/(2).png> "t")\n\n`![x](https://e.com/x.png)`\n<img alt="" src="https://e.com/3.png"/>完',
  );
  assert.deepEqual(images, ["https://e.com/1.png", "https://e.com/(2).png", "https://e.com/3.png"]);
  assert.equal(text, "看 和\n\n![x](https://e.com/x.png)\n完");
  assert.deepEqual(plainText("![a](https://e.com/a.png)"), {
    text: "",
    images: ["https://e.com/a.png"],
  });
  assert.deepEqual(plainText("![a](file:///etc/passwd)").images, []);
});

test("text made to be slow is not", () => {
  const hard = [
    "![",
    "](https://",
    "**",
    "__a",
    "[^",
    "<a href=",
    "|a",
    "> ",
    "`",
    "<!--",
    "(",
    "\\",
  ];
  for (const piece of hard) {
    const started = performance.now();
    plainText(piece.repeat(3000));
    assert.ok(performance.now() - started < 5000, piece);
  }
});
