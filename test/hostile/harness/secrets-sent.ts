import type { Asked } from './liar.ts';

interface Knowing {
  /** Those of the person's secrets that these bytes show, in any form. */
  secretsIn(bytes: Uint8Array): readonly string[];
}

/** Those that a request shows, in its head or in its body. */
export const secretsSent = (world: Knowing, { method, path, headers, body }: Asked): readonly string[] => [
  ...world.secretsIn(Buffer.from(`${method} ${path} ${JSON.stringify(headers)}`)),
  ...world.secretsIn(body),
];
