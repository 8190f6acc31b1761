import { CallError } from "../../src/bus/errors.ts";
import type { Caller, CallOptions, ErrorClass, Params } from "../../src/bus/types.ts";

export interface Called {
  action: string;
  params: Params;
}

/** A peer that answers from a table; what it has none for fails like an unknown action. */
export interface FakeCaller extends Caller {
  readonly calls: Called[];
  /** What came with each of them. */
  readonly options: CallOptions[];
  /** The names of what was called, in order. */
  names(): string[];
}

type Answer = unknown | ((params: Params) => unknown);

export function fakeCaller(answers: Readonly<Record<string, Answer>> = {}): FakeCaller {
  const calls: Called[] = [];
  const allOptions: CallOptions[] = [];
  return {
    calls,
    options: allOptions,
    names: () => calls.map(({ action }) => action),
    call: async <T>(action: string, params: Params = {}, options: CallOptions = {}) => {
      calls.push({ action, params });
      allOptions.push(options);
      if (!Object.hasOwn(answers, action)) throw failing("unknown_action", action);
      const answer = answers[action];
      const data = typeof answer === "function" ? answer(params) : answer;
      return { data: data as T, warnings: [] };
    },
  };
}

export function failing(error: ErrorClass, action = "any", data?: unknown): CallError {
  return new CallError({ action, account: "default" }, { error, message: "told so", data });
}
