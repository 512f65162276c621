import { HoldfastError, uselessReply } from '../common/errors.ts';
import { type ErrorReply, errorReply, isReplyReason, kindOfStatus } from '../wire/error.ts';
import { trustSystem } from './system-trust.ts';

/** A server that asks for a longer wait is not believed. */
const longestRetryAfter = 3_600_000;

/** An answer that is not what was asked for, with what came along. */
export interface Refusal {
  readonly error: HoldfastError;
  readonly details: ErrorReply['error'] | null;
}

const plain: Partial<Record<HoldfastError['kind'], string>> = {
  refused: 'The server refused the request.',
  missing: 'The server does not have what was asked for.',
  conflict: 'Something has changed on the server in the meantime.',
  limit: 'The server says that this is too large.',
  version: 'The server needs a newer version of this app.',
  offline: 'The server cannot answer now.',
  usage: 'The server did not understand the request; is it a Holdfast server?',
};

/** Says only that it is gone: whether somebody deleted it, only a person can tell. */
export const vaultGone =
  'This vault was deleted on another device, or the server no longer has it. Your files stay where they are. Stop syncing the folder here; then you can add it with another vault.';

/** Of an answer that is none of the server's, which says more: a proxy's in front of it, or of whatever else has its address. */
function ofTheWay(kind: HoldfastError['kind'], status: number): string {
  if (status === 413)
    return 'What stands in front of the server lets nothing as large as this pass. Whoever runs it has to allow 16 MiB.';
  if (kind !== 'refused' && kind !== 'missing' && kind !== 'usage') return plain[kind] ?? 'The server failed.';
  return `What answers at the server’s address is no Holdfast server (status ${status}). Check the address, or what stands in front of the server.`;
}

/** Sentences for reasons that tell a person more than the kind does. */
const byReason: Partial<Record<string, string>> = {
  rate: 'Too many requests; wait a while.',
  busy: 'The server is busy; try again soon.',
  closing: 'The server is closing.',
  disk: 'The server cannot write to its disk now.',
  internal: 'The server failed; its log says more.',
  quota:
    'The account’s storage is full. Get more space, or delete a vault; files that you delete make room only weeks later, since they can be brought back until then.',
  count: 'This account has as many of these as the server allows.',
  origin: 'This server does not know the address you used for it; whoever runs it has to add that address.',
  'signup-closed': 'This server takes no new accounts.',
  vault: vaultGone,
};

/**
 * What an answer with another status than 2xx means. Nothing it says is more than a hint, and its own sentence is shown to nobody:
 * it would speak as this app does, to somebody who types a password and recovery words here.
 */
export function refusalOf(status: number, body: Uint8Array): Refusal {
  if (status >= 300 && status < 400) {
    const message = 'The server redirected this device, which does not follow; check the server’s address.';
    return { error: new HoldfastError('refused', message, { reason: 'redirect' }), details: null };
  }
  const parsed = errorReply.safeParse(parseJson(body));
  if (!parsed.success) {
    const kind = kindOfStatus(status);
    return { error: new HoldfastError(kind, ofTheWay(kind, status), { reason: `http-${status}` }), details: null };
  }
  const { kind, reason, retryAfter } = parsed.data.error;
  const known = isReplyReason(kind, reason) ? reason : null;
  const told = (known === null ? undefined : byReason[known]) ?? plain[kind] ?? 'The server failed.';
  const error = new HoldfastError(kind, told, {
    reason: known ?? kind,
    ...(retryAfter === undefined ? {} : { retryAfter: Math.min(retryAfter, longestRetryAfter) }),
  });
  return { error, details: parsed.data.error };
}

export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

/** The answer does not have the shape that it has to have. */
export const malformedReply = (): HoldfastError =>
  uselessReply('E_AUTH', 'The server’s answer is malformed; none of it was used.');

/** What was asked for and what was answered are not about the same thing. */
export const otherThanAsked = (): HoldfastError =>
  uselessReply('E_AUTH', 'The server answered something other than what was asked for; none of it was used.');

export const oversizedReply = (): HoldfastError =>
  uselessReply('E_LIMIT', 'The server’s answer is larger than it may be; none of it was used.');

/** What a person is told while `server`, an address, does not answer. */
const unreachable = (server: string): string => `The server ${server} cannot be reached.`;

/** Whatever goes wrong on the way to `server`, an address: names, connections, certificates, time-outs. */
export function transportFailure(server: string, cause: unknown): HoldfastError {
  if (cause instanceof HoldfastError) return cause;
  const inner = (cause as { cause?: unknown } | null)?.cause;
  if (inner instanceof HoldfastError) return inner;
  const code = (cause as { code?: unknown } | null)?.code;
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return oversizedReply();
  const isCertificate = typeof code === 'string' && /CERT|SELF_SIGNED|TLS_CERT|UNABLE_TO_VERIFY/.test(code);
  if (isCertificate) {
    const isTime = code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID';
    const message = isTime
      ? 'By this computer’s clock the server’s certificate is not valid now; nothing was sent. If the date here is right, whoever runs the server has to renew it.'
      : 'The server’s certificate is not trusted; nothing was sent. Check the address, and whether somebody intercepts the connection.';
    return new HoldfastError('refused', message, { reason: 'certificate', cause });
  }
  return new HoldfastError('offline', unreachable(server), { reason: 'network', cause });
}

/**
 * As {@link transportFailure}, for a try that can be repeated: where a certificate was not trusted because nobody had asked the
 * system yet whom it trusts, that is done now, and the failure is `offline`, for the next try may have another end.
 */
export function failureOfTry(server: string, cause: unknown): HoldfastError {
  const failure = transportFailure(server, cause);
  if (failure.reason !== 'certificate' || !trustSystem()) return failure;
  return new HoldfastError('offline', unreachable(server), { reason: 'network', cause });
}
