import { readSecretFileSync } from "openclaw/plugin-sdk/secret-file";
import { resolveSecretInputString } from "openclaw/plugin-sdk/secret-input";
import type { AccountConfig } from "./config.ts";

/** Files of certificates hold chains and whole stores. */
const CA_MAX = 4 * 1024 * 1024;

/** What opens the bridge, read from where the settings say it is. */
export interface Credentials {
  token?: string;
  /** PEM. */
  ca?: string;
  /** What could not be read, by the settings' name for it; nothing of its content. */
  problems: readonly string[];
}

/** `path` is where the settings are, for people. */
export function readCredentials(config: AccountConfig, path: string): Credentials {
  const problems: string[] = [];
  const token = readToken(config, path, problems);
  const ca = readFile(config.busCa, `${path}.busCa`, problems, CA_MAX);
  return { ...(token && { token }), ...(ca && { ca }), problems };
}

function readToken(config: AccountConfig, path: string, problems: string[]): string | undefined {
  if (config.busToken !== undefined && config.busTokenFile !== undefined) {
    problems.push(`${path}: busToken and busTokenFile are both set; one of them is enough`);
  }
  const inline = resolveSecretInputString({
    value: config.busToken,
    path: `${path}.busToken`,
    mode: "inspect",
  });
  if (inline.status === "available") return inline.value;
  if (inline.status === "configured_unavailable") {
    problems.push(`${path}.busToken: the secret it refers to is not to be had`);
    return undefined;
  }
  return readFile(config.busTokenFile, `${path}.busTokenFile`, problems);
}

function readFile(
  file: string | undefined,
  path: string,
  problems: string[],
  maxBytes?: number,
): string | undefined {
  if (!file?.trim()) return undefined;
  try {
    return readSecretFileSync(file, path, maxBytes ? { maxBytes } : {});
  } catch (error) {
    problems.push(error instanceof Error ? error.message : `${path}: cannot be read`);
    return undefined;
  }
}
