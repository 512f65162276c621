import { HoldfastError } from '../../src/common/errors.ts';
import type { InputKind } from './mutate.ts';

/** One decoder, and what must hold whatever it is given. */
export interface Target {
  readonly name: string;
  readonly kind: InputKind;
  /** Of the language that it reads, for mutation. */
  readonly words?: readonly string[];
  seeds(): readonly Uint8Array[];
  /** Throws a `Violation` if a promise is broken; refusals are fine. */
  run(input: Uint8Array): unknown;
  /** Milliseconds of this process's time that one input may take; default 300. */
  readonly most?: number;
  close?(): Promise<void>;
}

/** A promise that was broken. */
class Violation extends Error {}

export function promise(isKept: boolean, what: string): asserts isKept {
  if (!isKept) throw new Violation(what);
}

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: string };

/** What `read` gives, or the class of its refusal, which has to be one of `allowed`: all else is a bug. */
export function outcome<T>(allowed: readonly string[], read: () => T): Outcome<T> {
  try {
    return { ok: true, value: read() };
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    const refusal = error.security ?? error.kind;
    if (!allowed.includes(refusal)) throw new Violation(`refused as ${refusal}: ${error.message}`);
    return { ok: false, refusal };
  }
}

export const sameRefusal = (a: Outcome<unknown>, b: Outcome<unknown>): boolean =>
  a.ok ? b.ok : !b.ok && a.refusal === b.refusal;

export const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
