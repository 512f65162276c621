/**
 * Why something failed, as a closed set. Each kind tells the caller what to do:
 * - `usage`: the request makes no sense; do not retry, tell the person what to change.
 * - `offline`: the server cannot be reached or is overloaded; retry later with back-off.
 * - `refused`: not signed in, no right, or wrong password; retry only after a person acted.
 * - `security`: something unauthenticated or contradictory was received; freeze, never repair.
 * - `limit`: a declared limit or quota is exceeded; do not retry unchanged.
 * - `missing`: the thing named does not exist.
 * - `conflict`: the state moved on (compare-and-swap lost, precondition gone); observe again.
 * - `io`: the local disk or file system failed (full, read-only, locked); retry with back-off.
 * - `corrupt`: local state cannot be read; rebuild it from what is authenticated.
 * - `version`: a newer format or protocol; refuse and leave untouched.
 * - `bug`: cannot happen; report it.
 */
export const errorKinds = [
  'usage',
  'offline',
  'refused',
  'security',
  'limit',
  'missing',
  'conflict',
  'io',
  'corrupt',
  'version',
  'bug',
] as const;
export type ErrorKind = (typeof errorKinds)[number];

/** What kinds of security stop there are. A person sees a plain sentence; tests and scripts see the code. */
export const securityCodes = [
  'E_AUTH',
  'E_ROLLBACK',
  'E_FORK',
  'E_KEYCHANGE',
  'E_DOWNGRADE',
  'E_MEMBER',
  'E_PATH',
  'E_LIMIT',
] as const;
export type SecurityCode = (typeof securityCodes)[number];

export interface ErrorDetails {
  /** What a person can do about it, as a sentence. */
  readonly hint?: string;
  readonly security?: SecurityCode;
  /** A stable word for scripts, finer than the kind: `quota`, `disk-full`, `objects-missing`, … */
  readonly reason?: string;
  readonly cause?: unknown;
  /** Earliest time to try again, in milliseconds from now. */
  readonly retryAfter?: number;
}

/** Every error that crosses a module border. The message is a clear sentence and holds no secret. */
export class HoldfastError extends Error {
  override readonly name = 'HoldfastError';
  readonly kind: ErrorKind;
  readonly hint: string | undefined;
  readonly security: SecurityCode | undefined;
  readonly reason: string | undefined;
  readonly retryAfter: number | undefined;

  constructor(kind: ErrorKind, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.kind = kind;
    this.hint = details.hint;
    this.security = details.security;
    this.reason = details.reason;
    this.retryAfter = details.retryAfter;
  }
}

/** A security stop: the vault or account it concerns is frozen, read-only. */
export const securityError = (security: SecurityCode, message: string): HoldfastError =>
  new HoldfastError('security', message, { security });

/** The reason of a `security` error about an answer that is none: see {@link uselessReply}. */
const uselessReason = 'malformed';

/**
 * The server's answer does not have the shape, size or subject of an answer. None of it was used. Nothing signed was in it, so
 * unlike other security errors it accuses nobody and freezes nothing: a broken proxy answers so, too.
 */
export const uselessReply = (security: SecurityCode, message: string): HoldfastError =>
  new HoldfastError('security', message, { security, reason: uselessReason });

export const isUselessReply = (error: HoldfastError): boolean =>
  error.kind === 'security' && error.reason === uselessReason;

/** For states that the types rule out. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new HoldfastError('bug', message);
}

/** The end of an exhaustive switch. */
export function unreachable(value: never): never {
  throw new HoldfastError('bug', `unexpected case: ${JSON.stringify(value)}`);
}

/** The value, which the caller knows to be there. */
export function must<T>(value: T | null | undefined, message = 'a value is missing'): T {
  if (value === null || value === undefined) throw new HoldfastError('bug', message);
  return value;
}

export const isKind = (error: unknown, kind: ErrorKind): error is HoldfastError =>
  error instanceof HoldfastError && error.kind === kind;
