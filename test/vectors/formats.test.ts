import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HoldfastError } from '../../src/common/errors.ts';
import type { Json, VectorCase, VectorFile } from './case.ts';
import { formatsFolder, makeVectors, print } from './make-vectors.ts';
import { readers, toJson } from './run-case.ts';
import type { Tell } from './run-history.ts';
import { referenceReaders } from './run-reference.ts';

/** cborg drops a leading U+FEFF, although RFC 8949 makes it part of the text. */
const cborgFlaw = 'text with a leading U+FEFF';

const names = readdirSync(formatsFolder).sort();
const contentOf = (name: string): string => readFileSync(join(formatsFolder, name), 'utf8');

async function classOf(
  { input }: VectorCase,
  read: (input: VectorCase['input'], tell?: Tell) => unknown,
  tell?: Tell,
): Promise<string> {
  try {
    await read(input, tell);
    return 'ok';
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    return error.security ?? error.kind;
  }
}

describe('formats of suite 1', () => {
  it('are written today as they were when they were frozen', async () => {
    const made = await makeVectors();
    expect(made.map(({ format }) => `${format}.json`).sort()).toEqual(names);
    for (const file of made) expect(print(file), file.format).toBe(contentOf(`${file.format}.json`));
  });

  it('have at least 150 negative vectors', () => {
    const files = names.map((name) => JSON.parse(contentOf(name)) as VectorFile);
    expect(files.flatMap(({ cases }) => cases).filter(({ expect: wanted }) => wanted !== 'ok').length).toBeGreaterThan(
      150,
    );
  });
});

it('F-SUITE-4: whatever is not authentic, the refusal is the same', async () => {
  const refusals = new Set<string>();
  for (const name of names) {
    const { format, cases } = JSON.parse(contentOf(name)) as VectorFile;
    for (const vector of cases.filter(({ expect: wanted }) => wanted === 'E_AUTH')) {
      const failure = await Promise.resolve()
        .then(() => readers[format]?.(vector.input))
        .catch((error: HoldfastError) => error);
      const { message, kind, reason, hint, cause } = failure as HoldfastError;
      refusals.add(JSON.stringify([message, kind, reason, hint, String(cause)]));
    }
  }
  expect([...refusals]).toEqual([[...refusals][0]]);
});

describe.each(names)('%s', (name) => {
  const file = JSON.parse(contentOf(name)) as VectorFile;
  const read = readers[file.format];
  if (read === undefined) throw new Error(`no reader for ${file.format}`);
  const refRead = referenceReaders[file.format];

  it.each(file.cases)('$rule $name: $expect', async (vector) => {
    let released: Json | undefined;
    const got = await classOf(vector, read, (given) => {
      released = given;
    });
    expect(got).toBe(vector.expect);
    // What is authentic may be given out as it is found; what comes after a refusal never is.
    if (vector.expect !== 'ok') expect(released ?? null).toEqual(vector.released ?? null);
    if (vector.expect === 'ok') expect(toJson(await read(vector.input)) ?? null).toEqual(vector.output ?? null);
  });

  if (refRead === undefined) return;

  it.each(file.cases.filter(({ name: title }) => title !== cborgFlaw))(
    'the second implementation agrees: $name',
    (vector) => {
      if (vector.expect !== 'ok') {
        expect(() => refRead(vector.input)).toThrow();
        return;
      }
      const output = refRead(vector.input);
      if (output !== undefined) expect(output).toEqual(vector.output);
    },
  );
});
