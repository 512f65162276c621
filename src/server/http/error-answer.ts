import { z } from 'zod';
import { HoldfastError } from '../../common/errors.ts';
import { type ErrorReply, errorReply, errorStatus, type ReplyKind, replyKind } from '../../wire/error.ts';

type Details = Omit<ErrorReply['error'], 'kind' | 'reason' | 'message'>;

/** An answer that a handler returns, and that is not what was asked for. */
export interface ErrorAnswer {
  readonly status: number;
  readonly error: ErrorReply['error'];
}

export const errorAnswer = (kind: ReplyKind, reason: string, message: string, details: Details = {}): ErrorAnswer => ({
  status: errorStatus(kind, reason),
  error: { kind, reason, message, ...details },
});

export const isErrorAnswer = (value: unknown): value is ErrorAnswer =>
  typeof value === 'object' && value !== null && 'error' in value && 'status' in value;

export const encodeError = (answer: ErrorAnswer): string =>
  JSON.stringify(z.encode(errorReply, { error: answer.error }));

/** What Fastify finds wrong before a handler runs, by its status. */
const early: Record<number, readonly [ReplyKind, string, string]> = {
  400: ['usage', 'request', 'The request cannot be read.'],
  404: ['missing', 'route', 'There is nothing at this address.'],
  405: ['usage', 'method', 'This address does not take that method.'],
  413: ['limit', 'too-large', 'The body is too large.'],
  414: ['limit', 'too-large', 'The address is too long.'],
  415: ['usage', 'content-type', 'The body has a content type that is not taken here.'],
};

/** The answer for anything that was thrown. What is unexpected goes to the log alone, by `onUnexpected`. */
export function answerFor(error: unknown, onUnexpected: (error: unknown) => void): ErrorAnswer {
  if (error instanceof z.ZodError) {
    const where = error.issues.slice(0, 3).map((issue) => issue.path.join('.') || 'body');
    return errorAnswer('usage', 'schema', `The request is not as declared: ${where.join(', ').slice(0, 200)}.`);
  }
  if (error instanceof HoldfastError) {
    const kind = replyKind.safeParse(error.kind);
    if (kind.success) {
      const details = error.retryAfter === undefined ? {} : { retryAfter: error.retryAfter };
      return errorAnswer(kind.data, error.reason ?? kind.data, error.message, details);
    }
    onUnexpected(error);
    if (error.kind === 'io') {
      return errorAnswer('offline', 'disk', 'The server cannot write to its disk now.', { retryAfter: 30_000 });
    }
    return internal();
  }
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  const known = typeof status === 'number' ? early[status] : undefined;
  if (known !== undefined) return errorAnswer(...known);
  onUnexpected(error);
  return internal();
}

const internal = (): ErrorAnswer =>
  errorAnswer('offline', 'internal', 'The server failed; its log says more.', { retryAfter: 5000 });
