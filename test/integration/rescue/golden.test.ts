import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository } from '../../helpers/run.ts';
import { exactTree, rescue, snapshot } from './rescue-world.ts';

const goldens = join(repository, 'test/vectors/golden-server');
const names = readdirSync(goldens).filter((name) => !name.startsWith('.'));

describe('data folders of every format that was released', () => {
  it('are here', () => expect(names).toContain('format-1'));

  it.each(names)('%s is rescued as on its first day, and left untouched', async (name) => {
    const { words, email, tree, files } = JSON.parse(readFileSync(join(goldens, name, 'expected.json'), 'utf8'));
    const data = join(goldens, name, 'data');
    const before = snapshot(data);
    const { out, report } = await rescue(data, words, { withDeleted: true, withVersions: true });
    expect(exactTree(out)).toEqual(tree);
    expect(report).toMatchObject({ email, files, problems: [] });
    expect(snapshot(data)).toEqual(before);
  });
});
