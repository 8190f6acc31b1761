/** Agent tools. The manifest has to name each before it can be had. */
export const TOOL_NAMES = ["qq_send", "qq_info", "qq_file", "qq_group", "qq_friend"] as const;

export type ToolName = (typeof TOOL_NAMES)[number];
