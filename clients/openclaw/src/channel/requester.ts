/** Who has asked for something to be done, as the host says; never as the model does. */
export interface Requester {
  senderIsOwner?: boolean | undefined;
  /** Who spoke; none in scheduled runs and in the host's own. */
  requesterSenderId?: string | null | undefined;
  /** `direct-operator`: somebody at the command line, or with the operator's key. */
  conversationReadOrigin?: "delegated" | "direct-operator" | undefined;
}

/** Something that this requester may not have done; the text is for the model and for people. */
export class NotAllowed extends Error {
  override readonly name = "NotAllowed";
}

/** An owner who is there: the host's word alone is not enough where nobody spoke. */
export function isOwner(requester: Requester): boolean {
  return requester.senderIsOwner === true && (isPresent(requester) || isOperator(requester));
}

export function isOperator({ conversationReadOrigin }: Requester): boolean {
  return conversationReadOrigin === "direct-operator";
}

/** @throws NotAllowed */
export function requireOwner(requester: Requester, what: string): void {
  if (isOwner(requester)) return;
  const why =
    isPresent(requester) || isOperator(requester)
      ? "whoever asks is not among them"
      : "nobody who asks is known here: a scheduled run has no owner's word";
  throw new NotAllowed(
    `${what}: only an owner (commands.ownerAllowFrom) may have that done; ${why}`,
  );
}

function isPresent({ requesterSenderId }: Requester): boolean {
  return Boolean(requesterSenderId?.trim());
}
