import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, openUpdateFeed, type UpdateFeed } from '../../fakes/update-feed.ts';
import { eventually } from '../../helpers/eventually.ts';
import { ann, bea, mallory, release, signedBy, statementOf } from '../../helpers/release.ts';
import { repository } from '../../helpers/run.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { buildProgram } from './build-program.ts';
import { type Desktop, openDesktop } from './desktop.ts';
import { electronProgram, switches, whyNoApp } from './electron.ts';

const installer = Buffer.from('#!/bin/sh\necho "$@" > "$0.ran"\n');
const list = 'latest.yml';
const statementPath = 'holdfast-win32-x64.update';
const name = 'Holdfast-Setup.exe';

/** electron-updater's own code for Windows, in a real Electron, by its own network: all but the installer and its signature. */
describe.skipIf(whyNoApp() !== null)('[P9] the updater, in a real Electron', () => {
  let desktop: Desktop;
  let root: string;
  let feed: UpdateFeed;
  const installed = () => join(root, 'updater', 'pending', `${name}.ran`);

  beforeAll(async () => {
    [desktop, root, feed] = await Promise.all([openDesktop(), tempFolder('updater'), openUpdateFeed()]);
    await symlink(join(repository, 'node_modules'), join(root, 'node_modules'));
    await writeFile(join(root, 'package.json'), JSON.stringify({ type: 'module', main: 'main.js', version: '1.2.2' }));
    const config = `provider: generic\nurl: ${feed.url}\nupdaterCacheDirName: updater\n`;
    await writeFile(join(root, 'app-update.yml'), `${config}publisherName:\n  - Example\n`);
    // Who has to have signed is asked of Windows alone.
    await writeFile(join(root, 'dev-app-update.yml'), config);
    const main = join(repository, 'test/e2e/app/updater/main.ts');
    await buildProgram(root, { main }, ['electron', 'electron-updater']);
  }, 120_000);
  afterAll(async () => {
    await feed?.[Symbol.asyncDispose]();
    await desktop?.close();
  });

  /** Puts an update on the feed. */
  function publish(keys = [ann, bea]): void {
    const statement = statementOf(installer, { platform: 'win32-x64' });
    const sha512 = createHash('sha512').update(installer).digest('base64');
    feed.files.set(name, installer);
    feed.files.set(list, Buffer.from(`version: 1.2.3\nfiles:\n  - url: ${name}\n    sha512: ${sha512}\n`));
    feed.files.set(statementPath, signedBy(statement, ...keys));
  }

  /** Starts the app; what it logged until it was gone. */
  async function start(): Promise<string[]> {
    feed.asked.length = 0;
    const file = join(root, 'seen.json');
    const app = spawn(electronProgram, [...switches, root], {
      env: {
        ...desktop.environment,
        LOCALAPPDATA: root,
        HOLDFAST_SEEN: file,
        HOLDFAST_RELEASE: JSON.stringify(release),
        XDG_CONFIG_HOME: join(root, 'config'),
      },
      stdio: 'ignore',
      timeout: 90_000,
      killSignal: 'SIGKILL',
    });
    expect(await once(app, 'exit')).toEqual([0, null]);
    return JSON.parse(readFileSync(file, 'utf8')) as string[];
  }

  it('refuses what too few have signed', async () => {
    publish([ann, mallory]);
    expect(await start()).toEqual([
      expect.stringMatching(/^no update was taken: .*not signed by enough/),
      'the app ends by itself',
    ]);
    expect(feed.asked).toEqual([list, statementPath]);
  });

  describe('stops at once', () => {
    const stopped = (said: readonly string[]) =>
      expect(said.join('\n')).toMatch(
        /^(an update failed: .*\n)?no update was taken: .*net::ERR_(BLOCKED_BY_CLIENT|CONTENT_DECODING_FAILED)\nthe app ends by itself$/,
      );
    /** Goes on until nobody listens any more. */
    const endless: Answer = (response) => {
      const more = (): void => {
        while (response.write(Buffer.alloc(1000)));
      };
      response.on('drain', more);
      more();
    };

    it.each<[string, string, Answer]>([
      ['at a list that does not say how long it is', list, endless],
      ['at a list that is too long', list, Buffer.alloc(70_000, '#')],
      ['at a statement that does not say how long it is', statementPath, endless],
      ['at a file that does not say how long it is', name, endless],
      ['at a file longer than what was signed', name, Buffer.alloc(70_000)],
      [
        'at a file that gets larger when it is unpacked',
        name,
        (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(100_000))),
      ],
    ])('%s', async (_, place, answer) => {
      publish();
      feed.files.set(place, answer);
      stopped(await start());
    });

    it('at another host, also where the feed sends it there', async () => {
      await using other = await openUpdateFeed();
      other.files.set(name, installer);
      publish();
      feed.files.set(name, (response) => response.writeHead(302, { location: `${other.url}${name}` }).end());
      stopped(await start());
      expect(other.asked).toEqual([]);
    });
  });

  it('installs what enough have signed, when the app ends', async () => {
    publish();
    expect(await start()).toEqual(['an update is ready: 1.2.3', 'an update is being installed: 1.2.3']);
    expect(feed.asked).toEqual([list, statementPath, name]);
    expect(await eventually(() => existsSync(installed()) && readFileSync(installed(), 'utf8'))).toBe('--updated /S\n');
  });
});
