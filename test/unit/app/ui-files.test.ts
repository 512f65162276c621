import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { uiFiles } from '../../../src/app/door/ui-files.ts';
import { tempFolder } from '../../helpers/temp.ts';

const pageOf = (folder: string): string | undefined => uiFiles(folder).get('/')?.read().toString();

it('whoever opens a window that is not built is told how to build it', async () => {
  const folder = join(await tempFolder('ui'), 'ui');
  expect(pageOf(folder)).toContain('npm run build');
  mkdirSync(folder);
  writeFileSync(join(folder, 'a.js'), '');
  expect(pageOf(folder)).toContain('npm run build');
  writeFileSync(join(folder, 'index.html'), 'the window');
  expect(pageOf(folder)).toBe('the window');
  expect([...uiFiles(folder).keys()].sort()).toEqual(['/', '/a.js', '/index.html']);
});
