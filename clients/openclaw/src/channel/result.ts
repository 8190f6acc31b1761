import type { AgentToolResult } from "openclaw/plugin-sdk/tool-results";

export type ToolResult = AgentToolResult<unknown>;

/** What was done, for the model to read; `details` for the host's log and pages. */
export function done(text: string, details: Record<string, unknown> = {}): ToolResult {
  return { content: [{ type: "text", text }], details: { ok: true, ...details } };
}

/** Something to read that others have written: it is data, and the model is told so. */
export function shown(title: string, lines: readonly string[], details: unknown): ToolResult {
  const body = lines.length === 0 ? "(none)" : lines.join("\n");
  return { content: [{ type: "text", text: `${title}\n${body}` }], details };
}
