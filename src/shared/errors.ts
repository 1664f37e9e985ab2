/**
 * Every failure that Sluice names, in one table: its code, the HTTP status a client sees when nothing has been
 * sent yet, and whether trying again can help. Handlers decide by code, never by message.
 */

interface ErrorKind {
  readonly status: number;
  readonly retryable: boolean;
}

const kinds = {
  /** Input that cannot be accepted; the message names the field, the value and what is allowed. */
  INVALID_INPUT: { status: 400, retryable: false },
  /** The caller did not say who it is, or not so that it is known: a token is missing, wrong or removed. */
  UNAUTHENTICATED: { status: 401, retryable: false },
  /** The caller may not do this (Host or Origin not ours, or its role is not enough). */
  FORBIDDEN: { status: 403, retryable: false },
  /** The store takes no writes, whoever asks. */
  READ_ONLY: { status: 403, retryable: false },
  /** Nothing is stored under this name. */
  NOT_FOUND: { status: 404, retryable: false },
  /** A condition of a write does not hold (RFC 9110, section 13); reads answer 412 without an error. */
  PRECONDITION_FAILED: { status: 412, retryable: false },
  /** The body is larger than this server or store takes. */
  TOO_LARGE: { status: 413, retryable: false },
  /** Too many wrong tokens came from this address. */
  TOO_MANY_FAILURES: { status: 429, retryable: true },
  /** The pinned revision is gone: the object was replaced or deleted. Final; bytes are never spliced. */
  REVISION_CHANGED: { status: 503, retryable: false },
  /** Admission: every transfer slot is taken. */
  BUSY: { status: 503, retryable: true },
  /** The store did not answer, broke off, or answered with a server error. */
  STORE_UNAVAILABLE: { status: 502, retryable: true },
  /** The store answered something that contradicts the request (length, range, validator). */
  STORE_MISBEHAVED: { status: 502, retryable: true },
  /** The store refused (credentials, bucket, permission), or cannot be read in ranges that belong together. */
  STORE_REFUSED: { status: 502, retryable: false },
  /** A first byte or the next byte did not arrive in time. */
  STORE_STALLED: { status: 504, retryable: true },
  /** The upload's body ended before it was complete. */
  UPLOAD_ABORTED: { status: 400, retryable: false },
  /** The work was cancelled by its owner: client gone or shutdown. */
  ABORTED: { status: 499, retryable: false },
  /** A program that Sluice runs (git, tar, zstd) failed. */
  PROCESS_FAILED: { status: 500, retryable: false },
  /** A rule of Sluice's own was broken: a bug. */
  INVARIANT: { status: 500, retryable: false },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof kinds;

interface SluiceErrorOptions extends ErrorOptions {
  /** How long whoever refused wants to be left alone, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
}

/** The one error class. `message` is a sentence for people; `code` is for programs. */
export class SluiceError extends Error {
  readonly code: ErrorCode;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, options?: SluiceErrorOptions) {
    super(message, options);
    this.name = 'SluiceError';
    this.code = code;
    this.retryAfterMs = options?.retryAfterMs;
  }

  get status(): number {
    return kinds[this.code].status;
  }

  get retryable(): boolean {
    return kinds[this.code].retryable;
  }
}

/** True when `error` is a SluiceError, of the given code if one is named. */
export function isSluiceError(error: unknown, code?: ErrorCode): error is SluiceError {
  return error instanceof SluiceError && (code === undefined || error.code === code);
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
