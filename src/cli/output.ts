import type { Failure } from '../rpc/failure.ts';

/**
 * What a command says. Results go to stdout: with `--json` exactly one JSON document, else text for people. Everything
 * else goes to stderr.
 */
export interface Output {
  readonly isJson: boolean;
  /** The command's result; `text` makes what people read of it. */
  result(document: object, text: () => string): void;
  /** A remark for people. */
  note(text: string): void;
  failure(failure: Failure): void;
}

interface Sink {
  write(text: string): unknown;
}

export function makeOutput(isJson: boolean, stdout: Sink, stderr: Sink): Output {
  return {
    isJson,
    result: (document, text) => {
      const shown = isJson ? JSON.stringify(document) : text();
      if (shown !== '') stdout.write(`${shown}\n`);
    },
    note: (text) => {
      stderr.write(`${text}\n`);
    },
    failure: (failure) => {
      if (isJson) stdout.write(`${JSON.stringify({ error: failure })}\n`);
      const code = failure.security === null ? '' : ` (${failure.security})`;
      stderr.write(`holdfast: ${failure.message}${code}\n`);
      if (failure.hint !== null) stderr.write(`${failure.hint}\n`);
    },
  };
}
