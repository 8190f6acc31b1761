/** The request never left: the same may be asked again. The text says why. */
export class NotSent extends Error {
  override readonly name = "NotSent";
}

/** The request left, and there is no reply: what was asked may have happened. */
export class NoReply extends Error {
  override readonly name = "NoReply";
}

/** A URL that is none of a bus; the text says what is allowed. */
export class AddressError extends Error {
  override readonly name = "AddressError";
}
