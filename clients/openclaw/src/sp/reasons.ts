/** Why there is no connection, in words for who reads the log. */

const UNTRUSTED = "nobody who is trusted signed its certificate; give that of its authority (ca)";
const BROKEN = "the other side broke the connection off";

/** By the codes of the system, of Node and of its TLS. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "nobody listens there"],
  ["ENOENT", "there is no such socket"],
  ["EACCES", "the socket may not be opened by this user"],
  ["ENOTFOUND", "there is no such host"],
  ["EAI_AGAIN", "the host's name cannot be looked up now"],
  ["EHOSTUNREACH", "the host cannot be reached"],
  ["ENETUNREACH", "the host cannot be reached"],
  ["ETIMEDOUT", "the other side is silent"],
  ["ECONNRESET", BROKEN],
  ["EPIPE", BROKEN],
  ["ERR_INVALID_CHAR", "the token has characters that no header may have"],
  ["ERR_OSSL_PEM_NO_START_LINE", "what was given as certificate or key is no PEM"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "its certificate is for another name"],
  ["CERT_HAS_EXPIRED", "its certificate has expired"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", UNTRUSTED],
  ["SELF_SIGNED_CERT_IN_CHAIN", UNTRUSTED],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", UNTRUSTED],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", UNTRUSTED],
  ["ERR_SSL_WRONG_VERSION_NUMBER", "it does not speak TLS"],
  ["ERR_SSL_PACKET_LENGTH_TOO_LONG", "it does not speak TLS"],
]);

/** An error of a socket, as an error that says what it means. */
export function inWords(error: Error): Error {
  const code = "code" in error ? String(error.code) : "";
  const words = WORDS.get(code);
  if (words === undefined) return error.message === "" ? new Error(code, { cause: error }) : error;
  // That of several addresses at once has no text of its own.
  return new Error(`${words} (${error.message || code})`, { cause: error });
}

/** A WebSocket's upgrade was answered by something else. */
export function refusal(status: number, hasToken: boolean): Error {
  switch (status) {
    case 400:
      return new Error(
        "refused with 400: another protocol is spoken there; are the addresses of events and actions mixed up?",
      );
    case 401:
    case 403:
      return new Error(`refused with ${status}: ${tokenHint(hasToken)}`);
    case 404:
      return new Error(
        "refused with 404: the path is another, or the host's name is not the one that it listens on (one on ws://0.0.0.0:… takes any)",
      );
    default:
      return new Error(`refused with HTTP status ${status}`);
  }
}

const NORMAL = 1000;
const TOO_BIG = 1009;

/** A WebSocket's close, by its code. `atOnce`: right after the upgrade, without a word. */
export function closure(code: number, atOnce: boolean, hasToken: boolean): Error {
  // NNG looks at the token when the upgrade is through, and then can only hang up.
  if (atOnce && code === NORMAL) return new Error(`closed at once: ${tokenHint(hasToken)}`);
  if (code === TOO_BIG) {
    return new Error(`a message was larger than the other side takes (${code})`);
  }
  return new Error(`the other side closed the connection (${code})`);
}

function tokenHint(hasToken: boolean): string {
  return hasToken ? "is the token one that may do this?" : "it may want a token";
}
