import { HoldfastError } from '../common/errors.ts';
import { type AnyId, isId } from '../common/ids.ts';

/** Readers of what this device stored as JSON. Each throws `corrupt`. */
const damaged = (): HoldfastError =>
  new HoldfastError('corrupt', 'What this device stored about an account or vault is damaged.');

export function objectIn(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw damaged();
  return value as Readonly<Record<string, unknown>>;
}

export function arrayIn(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw damaged();
  return value;
}

export function textIn(value: unknown): string {
  if (typeof value !== 'string') throw damaged();
  return value;
}

export function integerIn(value: unknown): number {
  if (!Number.isSafeInteger(value)) throw damaged();
  return value as number;
}

export function countIn(value: unknown, least = 0): number {
  const count = integerIn(value);
  if (count < least) throw damaged();
  return count;
}

export function idIn<T extends AnyId>(value: unknown): T {
  if (!isId(value)) throw damaged();
  return value as T;
}

/** SHA-256 in hex. */
export function hashIn(value: unknown): string {
  const text = textIn(value);
  if (!/^[0-9a-f]{64}$/.test(text)) throw damaged();
  return text;
}
