import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mountSmallVolume } from '../../contract/node-disk.ts';
import { cliDevice, startCliServer } from '../../helpers/cli.ts';
import { type Child, repository } from '../../helpers/run.ts';
import { tempFolder } from '../../helpers/temp.ts';

let url: string;
let server: Child;

beforeAll(async () => {
  ({ url, child: server } = await startCliServer());
});
afterAll(() => server.kill());

describe('a disk that does not take what comes', () => {
  it('is told of with exit code 2; the rest syncs, and once there is room a sync brings what was missing', async (context) => {
    const base = await tempFolder('small');
    const [full, small] = [join(base, 'full'), join(base, 'small')];
    mkdirSync(small);
    const volume = mountSmallVolume(small, '1m');
    if (volume === null) return context.skip('no volume can be mounted here');
    const remount = (options: string) => execFileSync('mount', ['-o', `remount,${options}`, small]);
    const [a, b] = [await cliDevice('A'), await cliDevice('B')];
    try {
      await a.run(['signup', '--server', url, '--email', 'full@example.org']);
      await a.run(['add', full, '--vault', 'v']);
      writeFileSync(join(full, 'large'), Buffer.alloc(2_000_000, 7));
      writeFileSync(join(full, 'little'), 'little');
      expect((await a.run(['sync'])).code).toBe(0);
      await b.run(['login', '--server', url, '--email', 'full@example.org']);
      expect((await b.run(['add', small, '--vault', 'v'])).code).toBe(0);

      const tight = await b.run(['sync']);
      expect(tight).toMatchObject({ code: 2 });
      expect(tight.json.converged).toBe(false);
      // While the large one was under way, there may have been no room for the little one.
      expect(await b.run(['sync'])).toMatchObject({ code: 2 });
      const { issues } = (await b.run(['issues'])).json;
      expect(issues).toContainEqual(expect.objectContaining({ kind: 'disk-full', path: 'large' }));
      expect(existsSync(join(small, 'large'))).toBe(false);

      remount('size=8m');
      expect(await b.run(['sync'])).toMatchObject({ code: 0 });
      expect(readFileSync(join(small, 'little'), 'utf8')).toBe('little');
      expect(statSync(join(small, 'large')).size).toBe(2_000_000);

      remount('ro');
      rmSync(join(full, 'little'));
      await a.run(['sync']);
      const refused = await b.run(['sync']);
      expect(refused).toMatchObject({ code: 2 });
      expect((await b.run(['issues'])).json.issues).toMatchObject([{ message: 'little: the disk is read-only' }]);
      expect((await b.run(['why', 'little'])).json.rule).toContain('deleted on another device');
      expect(existsSync(join(small, 'little'))).toBe(true);
      remount('rw');
      expect(await b.run(['sync'])).toMatchObject({ code: 0 });
      expect(existsSync(join(small, 'little'))).toBe(false);
      expect((await b.run(['issues'])).json.issues).toEqual([]);
    } finally {
      volume.unmount();
    }
  });

  it.runIf(existsSync('/dev/full'))('that is to take what a command says: the command fails, and tells', async () => {
    const main = join(repository, 'src/cli/holdfast.mjs');
    const words = ['-c', `exec "$0" "$@" > /dev/full`, process.execPath, main, 'status', '--home', await tempFolder()];
    const { status, stderr } = spawnSync('sh', words, { encoding: 'utf8' });
    expect(stderr).toMatch(/cannot be written/);
    expect(status).toBe(4);
  });

  it('a settings file of a newer app is refused with exit code 4, untouched', async () => {
    const device = await cliDevice('newer');
    await device.run(['signup', '--server', url, '--email', 'newer@example.org']);
    await device.run(['add', join(await tempFolder('newer'), 'f')]);
    for (const name of ['config.json', 'account.json']) {
      const path = join(device.home, name);
      const before = readFileSync(path, 'utf8');
      const newer = before.replace(/"format": *\d+/, '"format": 99');
      expect(newer).not.toBe(before);
      writeFileSync(path, newer);
      const answer = await device.run(['sync']);
      expect(answer).toMatchObject({ code: 4 });
      expect(answer.json.error).toMatchObject({ kind: 'version', message: expect.stringContaining(name) });
      expect(readFileSync(path, 'utf8')).toBe(newer);
      writeFileSync(path, before);
    }
    expect(await device.run(['sync'])).toMatchObject({ code: 0 });
  });
});
