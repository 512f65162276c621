import { isKind } from '../common/errors.ts';

/** Kinds of failure that leave things as they are: there is always another way, or another time. */
export const isPassing = (error: unknown): boolean =>
  isKind(error, 'offline') ||
  isKind(error, 'missing') ||
  isKind(error, 'conflict') ||
  isKind(error, 'limit') ||
  isKind(error, 'refused');
