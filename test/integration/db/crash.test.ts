import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openIndex } from '../../../src/db/open-index.ts';
import { isDiverged, linuxRules, node } from '../../contract/index-fixtures.ts';
import { startNode } from '../../helpers/run.ts';
import { tempFolder } from '../../helpers/temp.ts';

const options = { rules: linuxRules, isDiverged };
const writer = join(import.meta.dirname, 'crash-writer.ts');

/** Lets the writer acknowledge that many times, then kills it as hard as can be. Returns the last acknowledged round. */
async function writeAndKill(path: string, acknowledgements: number): Promise<number> {
  const child = startNode([writer, path]);
  await child.line((line) => Number(line) === acknowledgements * 3);
  const { stdout } = await child.kill('SIGKILL');
  return Number(stdout.trimEnd().split('\n').at(-1));
}

test('after a kill in the middle of writing the index is whole and holds all that was acknowledged', async () => {
  const home = await tempFolder('crash');
  for (const acknowledgements of [1, 8, 40]) {
    const path = join(home, `${acknowledgements}.db`);
    const acknowledged = await writeAndKill(path, acknowledgements);
    const index = openIndex(path, options);
    const round = index.read.meta('round') as number;
    expect(acknowledged).toBeGreaterThanOrEqual(acknowledgements * 3);
    expect(round).toBeGreaterThanOrEqual(acknowledged);
    expect(index.integrityCheck()).toEqual([]);
    expect(index.read.counts()).toMatchObject({
      localNodes: 20,
      remoteNodes: round * 10,
      syncedFiles: round * 10,
      diverged: round * 10 - 20,
    });
    expect(index.read.local(node(round * 10 + 9))).not.toBeNull();
    expect(index.read.local(node(round * 10 + 10))).toBeNull();
    index.close();
  }
});
