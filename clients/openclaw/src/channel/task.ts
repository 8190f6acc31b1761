import type { Chat } from "../qq/types.ts";
import type { Ground } from "./administration.ts";
import type { Given } from "./params.ts";
import type { Requester } from "./requester.ts";

/** Something that a model or an operator asks for. */
export interface Task extends Ground {
  given: Given;
  /** The QQ chat in which it is asked for. */
  here: Chat | undefined;
  requester: Requester;
}
