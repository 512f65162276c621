import { z } from 'zod';
import { errorKinds, HoldfastError, securityCodes } from '../common/errors.ts';

export const securityCode = z.enum(securityCodes);

/** An error as it crosses the UI's border: sentences and stable words, never a stack or a secret. */
export const failure = z.object({
  kind: z.enum(errorKinds),
  reason: z.string().nullable(),
  message: z.string(),
  hint: z.string().nullable(),
  security: securityCode.nullable(),
});

export type Failure = z.output<typeof failure>;

/** Whatever was thrown, as a failure. What is no HoldfastError is a bug, and its text (which may hold anything) stays here. */
export function failureFrom(error: unknown): Failure {
  if (!(error instanceof HoldfastError)) {
    return {
      kind: 'bug',
      reason: null,
      message: 'Holdfast met an unexpected error.',
      hint: null,
      security: null,
    };
  }
  return {
    kind: error.kind,
    reason: error.reason ?? null,
    message: error.message,
    hint: error.hint ?? null,
    security: error.security ?? null,
  };
}

/** The failure as an error again, on the caller's side of the border. */
export const errorFrom = (from: Failure): HoldfastError =>
  new HoldfastError(from.kind, from.message, {
    ...(from.reason === null ? {} : { reason: from.reason }),
    ...(from.hint === null ? {} : { hint: from.hint }),
    ...(from.security === null ? {} : { security: from.security }),
  });
