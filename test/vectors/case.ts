import type { SecurityCode } from '../../src/common/errors.ts';

export type Json = number | string | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** One vector. Bytes are lower-case hex; ids too. A negative one has exactly one fault. */
export interface VectorCase {
  readonly name: string;
  /** The rule of FORMAT.md that it is about. */
  readonly rule: string;
  readonly input: { readonly [key: string]: Json };
  /** `ok` or the class of the refusal; `usage` for a person's mistake. */
  readonly expect: 'ok' | 'usage' | 'version' | SecurityCode;
  /** What a right reader gets; only with `ok`. */
  readonly output?: Json;
}

export interface VectorFile {
  readonly format: string;
  readonly about: string;
  readonly cases: readonly VectorCase[];
}
