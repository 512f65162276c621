import { HoldfastError } from '../../common/errors.ts';

export const diskError = (cause: unknown): HoldfastError =>
  cause instanceof HoldfastError
    ? cause
    : new HoldfastError('io', 'The server could not write to its disk; it may be full.', { reason: 'disk', cause });
