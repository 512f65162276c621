import { mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { replaceFile } from '../../../src/app/home/replace-file.ts';
import { openOutput } from '../../../src/app/rescue/output.ts';
import { tempFolder } from '../../helpers/temp.ts';

it('a file that a virus scanner of Windows holds for a moment does not end the rescue', async () => {
  const folder = await tempFolder('rescue-output');
  const data = join(folder, 'data');
  mkdirSync(data);
  let isHeld = true;
  const rename = (from: string, to: string): void => {
    if (isHeld) {
      isHeld = false;
      throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
    }
    renameSync(from, to);
  };
  const output = await openOutput(join(folder, 'out'), data, (from, to) =>
    replaceFile(from, to, 'win32', rename as typeof renameSync),
  );
  const pieces = async function* () {
    yield new TextEncoder().encode('content');
  };
  await output.writeFile(output.root, 'f', { mtimeUs: 0, exec: false }, pieces());
  await output.close();
  expect(readdirSync(output.root)).toEqual(['f']);
  expect(readFileSync(join(output.root, 'f'), 'utf8')).toBe('content');
});
