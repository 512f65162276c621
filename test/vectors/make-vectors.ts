/**
 * Makes the vectors in `formats/` from fixed randomness: `npx node test/vectors/make-vectors.ts`. A test fails if what it
 * makes differs from what is committed: formats do not change by accident.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { VectorFile } from './case.ts';
import { accountVectors } from './make-account.ts';
import { boxVectors } from './make-boxes.ts';
import { cborVectors } from './make-cbor.ts';
import { checkpointVectors } from './make-checkpoints.ts';
import { contentVectors } from './make-contents.ts';
import { historyVectors } from './make-histories.ts';
import { logVectors } from './make-log.ts';
import { treeVectors } from './make-trees.ts';
import { unlockVectors } from './make-unlock.ts';

export const formatsFolder = join(import.meta.dirname, 'formats');

/** One vector a line, so that a change shows as what it is. */
export function print(file: VectorFile): string {
  const cases = file.cases.map((item) => `    ${JSON.stringify(item)}`).join(',\n');
  const head = `  "format": ${JSON.stringify(file.format)},\n  "about": ${JSON.stringify(file.about)},`;
  return `{\n${head}\n  "cases": [\n${cases}\n  ]\n}\n`;
}

export async function makeVectors(): Promise<VectorFile[]> {
  return [
    ...cborVectors(),
    ...boxVectors(),
    ...(await accountVectors()),
    ...logVectors(),
    ...unlockVectors(),
    ...historyVectors(),
    ...treeVectors(),
    ...contentVectors(),
    ...checkpointVectors(),
  ];
}

if (import.meta.main) {
  for (const file of await makeVectors()) writeFileSync(join(formatsFolder, `${file.format}.json`), print(file));
}
