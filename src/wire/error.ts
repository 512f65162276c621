import { z } from 'zod';
import type { ErrorKind } from '../common/errors.ts';
import { countField, idsField } from './field.ts';
import { maxListIds, maxPageCount } from './limits.ts';
import { head, signedEvent, storedEntry } from './schema.ts';

/** Kinds that a server may answer with. Another kind is this client's own finding and never taken from a server. */
export const replyKind = z.enum(['usage', 'offline', 'refused', 'limit', 'missing', 'conflict', 'version']);
export type ReplyKind = z.infer<typeof replyKind>;

/**
 * `reason` is a stable word:
 * - `refused`: `session` (sign in again), `login`, `origin` (the server does not know the address that was dialled),
 *   `device` (not in the chain, or revoked), `signature`, `account`, `account-head`, `device-seq`, `epoch` (fetch and write anew),
 *   `object-differs` (this id is taken by other bytes), `password` (not given just now), `signup-closed`, `operator`
 * - `conflict`: `head-moved` (with `head`, and what is missing if it is small), `objects-missing` (with `missing`)
 * - `offline`: with `retryAfter` where it is known
 * - `usage`: `format` (something signed or sealed is not as FORMAT.md says); the others are of HTTP and of the schemas
 */
const replyReasons = {
  usage: [
    ...['format', 'schema', 'frames', 'request', 'event', 'id', 'epoch', 'range'],
    ...['content-length', 'content-type', 'method'],
  ],
  offline: ['rate', 'busy', 'closing', 'disk', 'internal'],
  refused: [
    ...['session', 'login', 'origin', 'device', 'signature', 'account', 'account-head', 'device-seq', 'epoch'],
    ...['object-differs', 'password', 'signup-closed', 'operator'],
  ],
  limit: ['too-large', 'quota', 'count'],
  missing: ['account', 'vault', 'object', 'epoch', 'checkpoint', 'route'],
  conflict: ['head-moved', 'objects-missing', 'email-taken', 'exists', 'checkpoint-old'],
  version: [],
} as const satisfies Record<ReplyKind, readonly string[]>;

export type ReplyReason<K extends ReplyKind> = (typeof replyReasons)[K][number];

/** Whether a server may say it: a client has words of its own besides, by which it goes, and a server is not to use them. */
export const isReplyReason = (kind: ReplyKind, reason: string): boolean =>
  (replyReasons[kind] as readonly string[]).includes(reason);

/** The body of every answer that is not 2xx. */
export const errorReply = z.object({
  error: z.object({
    kind: replyKind,
    reason: z.string().max(64),
    message: z.string().max(500),
    /** Milliseconds from now before which another try is in vain. */
    retryAfter: countField().optional(),
    head: head.optional(),
    entries: z.array(storedEntry).max(maxPageCount).optional(),
    events: z.array(signedEvent).max(maxPageCount).optional(),
    missing: idsField(maxListIds).optional(),
  }),
});
export type ErrorReply = z.infer<typeof errorReply>;

/** HTTP status for an answer. The body decides; the status is for proxies and people. */
export function errorStatus(kind: ReplyKind, reason: string): number {
  switch (kind) {
    case 'usage':
      return 400;
    case 'refused':
      return reason === 'session' || reason === 'login' ? 401 : 403;
    case 'missing':
      return 404;
    case 'conflict':
      return 409;
    case 'limit':
      return reason === 'quota' ? 507 : 413;
    case 'version':
      return 426;
    case 'offline':
      return reason === 'rate' ? 429 : 503;
  }
}

/** What an answer means when its body says nothing that can be read, as from a proxy on the way. */
export function kindOfStatus(status: number): ErrorKind {
  if (status === 401 || status === 403) return 'refused';
  if (status === 404) return 'missing';
  if (status === 409) return 'conflict';
  if (status === 413 || status === 507) return 'limit';
  if (status === 426) return 'version';
  if (status === 408 || status === 429 || status >= 500) return 'offline';
  return 'usage';
}
