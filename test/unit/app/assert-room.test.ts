import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { assertRoom } from '../../../src/app/home/atomic-file.ts';
import { tempFolder } from '../../helpers/temp.ts';

it('room is looked for in the name of the file that needs it, and nothing stays of that', async () => {
  const folder = await tempFolder('room');
  writeFileSync(join(folder, 'account.json.room'), 'of a process that was killed');
  assertRoom(join(folder, 'account.json'), 1000);
  expect(readdirSync(folder)).toEqual([]);
  expect(() => assertRoom(join(folder, 'gone', 'account.json'), 1000)).toThrow(
    '“account.json” cannot be written: it does not exist.',
  );
});
