/** The request never left: the same may be asked again. The text says why. */
export class NotSent extends Error {
  override readonly name = "NotSent";
  readonly code = "SP_NOT_SENT";
}

/** The request left, and there is no reply: what was asked may have happened. */
export class NoReply extends Error {
  override readonly name = "NoReply";
  readonly code = "SP_NO_REPLY";
}

/** A URL that is none of a bus; the text says what is allowed. */
export class AddressError extends Error {
  override readonly name = "AddressError";
  readonly code = "SP_ADDRESS";
}
