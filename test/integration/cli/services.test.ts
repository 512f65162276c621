import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repository, startNode } from '../../helpers/run.ts';
import { tempFolder } from '../../helpers/temp.ts';

/** What these pages say to put into a file of systemd. */
const pages = ['src/app/RUNNING.md', 'src/server/OPERATING.md'];
const units = pages.flatMap((page) =>
  [...readFileSync(join(repository, page), 'utf8').matchAll(/```ini\n([^`]*)```/g)].map(([, text = '']) => text),
);
const inPlace = (text: string, place = repository): string => text.replaceAll('/opt/holdfast/', place);
const commands = units.map((text) =>
  (/^ExecStart=((?:.*\\\n)*.*)$/m.exec(text)?.[1] ?? '').split(/[\s\\]+/).map((word) => inPlace(word)),
);

it('there is a service for a device and one for a server', () => {
  expect(commands.map(([, , name]) => name)).toEqual(['daemon', 'serve']);
});

it.each(commands.map((words) => [words.at(2), words] as const))(
  '%s runs what it says, and ends with 0 when it is told to',
  async (_, [node, program = '', ...words]) => {
    expect(existsSync(node ?? '')).toBe(true);
    const base = await tempFolder('service');
    const mine = words.map((word) => (word.startsWith('/var/lib/') ? join(base, 'data') : word.replace(':8470', ':0')));
    // As systemd starts a service of no user: its home is a folder that takes nothing.
    const env = { HOME: '/proc', XDG_CACHE_HOME: undefined, HOLDFAST_HOME: join(base, 'home') };
    const child = startNode([program, ...mine], { env });
    expect(await child.line()).toMatch(/http:/);
    expect(await child.kill('SIGTERM')).toMatchObject({ code: 0 });
  },
);

it.runIf(existsSync('/usr/bin/systemd-analyze'))('systemd takes them', async () => {
  const base = await tempFolder('units');
  for (const [i, text] of units.entries()) {
    const file = join(base, `holdfast-${i}.service`);
    writeFileSync(file, inPlace(text, repository.replaceAll(' ', '\\x20')));
    const words = [i === 0 ? '--user' : '--system', 'verify', file];
    const env = { ...process.env, XDG_RUNTIME_DIR: base };
    const { status, stderr } = spawnSync('/usr/bin/systemd-analyze', words, { env });
    const said = String(stderr)
      .split('\n')
      .filter((line) => line.includes('holdfast-'));
    expect({ status, said }).toEqual({ status: 0, said: [] });
  }
});
