import { HoldfastError } from '../../common/errors.ts';

const ofOnePair: ReadonlySet<HoldfastError['kind']> = new Set(['io', 'version', 'corrupt', 'security']);

/** Whether what kept a pair from being opened is its own trouble, shown as its one issue; else it concerns all, or is a bug. */
export const isOfOnePair = (error: unknown): error is HoldfastError =>
  error instanceof HoldfastError && ofOnePair.has(error.kind);
