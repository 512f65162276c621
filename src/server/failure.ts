import { HoldfastError } from '../common/errors.ts';
import type { ReplyKind, ReplyReason } from '../wire/error.ts';

/** An answer that is not what was asked for. The message is for whoever looks at the line, without secrets. */
export const failure = <K extends ReplyKind>(
  kind: K,
  reason: ReplyReason<K>,
  message: string,
  retryAfter?: number,
): HoldfastError => new HoldfastError(kind, message, { reason, ...(retryAfter === undefined ? {} : { retryAfter }) });

export const overQuota = (): HoldfastError =>
  failure(
    'limit',
    'quota',
    'The account’s storage is full. Get more space, or delete a vault; files that you delete make room only weeks later, since they can be brought back until then.',
  );

/** Something signed or encoded is not as FORMAT.md says. */
export const malformed = (what: string): HoldfastError =>
  failure('usage', 'format', `The ${what} does not have the format that is required.`);

/** Runs a check from crypto, whose failures are the client's fault here: its own data, not someone's attack on it. */
export function judged<T>(what: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof HoldfastError && error.kind === 'security') throw malformed(what);
    throw error;
  }
}
