import type { SecurityCode } from '../../src/common/errors.ts';

export type Json = number | string | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** One vector. Bytes are lower-case hex; ids too. A negative one has exactly one fault. */
export interface VectorCase {
  readonly name: string;
  /** The rule of FORMAT.md that it is about. */
  readonly rule: string;
  readonly input: { readonly [key: string]: Json };
  /** `ok` or the class of the refusal; `usage` for a person's mistake, `missing` for what is not there now. */
  readonly expect: 'ok' | 'usage' | 'version' | 'missing' | SecurityCode;
  /** What a right reader gets; only with `ok`. */
  readonly output?: Json;
  /** What a right reader has given out before it refused; nothing if it is not there. */
  readonly released?: Json;
}

export interface VectorFile {
  readonly format: string;
  readonly about: string;
  readonly cases: readonly VectorCase[];
}
