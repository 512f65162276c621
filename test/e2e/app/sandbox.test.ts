import { spawnSync } from 'node:child_process';
import { chownSync } from 'node:fs';
import { chmod, cp, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { roleOf, withDescendants } from '../../bench/app/processes.ts';
import { type StartedApp, startApp } from '../../bench/app/started-app.ts';
import { eventually } from '../../helpers/eventually.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { type Desktop, openDesktop } from './desktop.ts';
import { buildForTest, electronFolder, whyNoApp } from './electron.ts';

const nobody = 65_534;
const isRoot = process.getuid?.() === 0;

/** Chromium has no sandbox for root: as root, the app is run as somebody who owns nothing. */
const asUser: readonly string[] = isRoot
  ? ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', '--']
  : [];

function whyNoSandbox(): string | null {
  const why = whyNoApp();
  if (why !== null) return why;
  const can = (...words: readonly string[]): boolean => {
    const [program = '', ...rest] = [...asUser, ...words];
    return spawnSync(program, rest, { stdio: 'ignore' }).status === 0;
  };
  const found = !can('true')
    ? 'no program can be run as another user'
    : !can('unshare', '--user', 'true')
      ? 'this system gives its users no namespaces, which the sandbox is made of'
      : can(process.execPath, '--version')
        ? null
        : 'the user that it would run as reaches no Node';
  if (found !== null) process.stderr.write(`SKIPPED: the sandbox was not looked at, since ${found}.\n`);
  return found;
}

describe.skipIf(whyNoSandbox() !== null)('the desktop app, as a user who is not root', () => {
  let desktop: Desktop | undefined;
  let app: StartedApp | undefined;
  afterAll(async () => {
    await app?.close();
    await desktop?.close();
  });

  it('runs its pages and its graphics in Chromium’s sandbox', async () => {
    const [open, root, electron, base] = await Promise.all([
      openDesktop(asUser),
      buildForTest(),
      tempFolder('electron'),
      tempFolder('sandbox'),
    ]);
    desktop = open;
    await cp(electronFolder, electron, { recursive: true });
    for (const folder of [root, electron, base]) await chmod(folder, 0o755);
    if (isRoot) chownSync(base, nobody, nobody);

    const [program = '', ...words] = [...asUser, join(electron, 'electron'), root];
    const environment = { ...desktop.environment, XDG_CONFIG_HOME: join(base, 'config') };
    app = await startApp({ program, words }, join(base, 'home'), environment);
    await app.page.getByRole('heading', { name: 'Where should your files be kept?' }).waitFor();

    const { pid } = app;
    const ofRole = (role: string) => withDescendants(pid).filter((each) => roleOf(each) === role);
    const renderers = await eventually(() => (ofRole('renderer').length > 0 ? ofRole('renderer') : null));
    for (const each of [pid, ...renderers]) {
      expect(await readFile(`/proc/${each}/cmdline`, 'utf8')).not.toContain('--no-sandbox');
    }
    const outside = await readlink(`/proc/${pid}/ns/user`);
    for (const renderer of renderers) {
      // Its system calls are filtered, it gets no rights by any program, and it sees neither our processes nor a network.
      const status = await readFile(`/proc/${renderer}/status`, 'utf8');
      expect(status).toMatch(/^Seccomp:\t2$/m);
      expect(status).toMatch(/^NoNewPrivs:\t1$/m);
      expect(status).toMatch(/^CapEff:\t0+$/m);
      expect(await readlink(`/proc/${renderer}/ns/user`)).not.toBe(outside);
      for (const space of ['pid', 'net']) {
        expect(await readlink(`/proc/${renderer}/ns/${space}`)).not.toBe(await readlink(`/proc/${pid}/ns/${space}`));
      }
    }
    const [graphics] = ofRole('gpu-process');
    expect(await readFile(`/proc/${graphics}/status`, 'utf8')).toMatch(/^Seccomp:\t2$/m);
  });
});
