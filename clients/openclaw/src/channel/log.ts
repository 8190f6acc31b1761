/** Lines of one account. What people said, and tokens, are never in them. */
export interface Log {
  debug(line: string): void;
  info(line: string): void;
  warn(line: string): void;
  error(line: string): void;
}

type Sink = Pick<Log, "info" | "warn" | "error"> & Partial<Pick<Log, "debug">>;

/** The host's log, with the account before each line; silent where the host has none. */
export function accountLog(sink: Sink | undefined, accountId: string): Log {
  const write =
    (level: keyof Log) =>
    (line: string): void =>
      sink?.[level]?.(`[${accountId}] ${line}`);
  return {
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
  };
}
