import { createHash } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AppUpdater } from 'electron-updater';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { electronUpdaterPort } from '../../../main/electron-updater-port.ts';
import { silentLogger } from '../../../src/common/logger.ts';
import { type FakeElectron, standInForElectron } from '../../fakes/electron-of-updater.ts';
import { openUpdateFeed, type UpdateFeed } from '../../fakes/update-feed.ts';
import { eventually } from '../../helpers/eventually.ts';
import { tempFolder } from '../../helpers/temp.ts';

let autoUpdater: AppUpdater;
vi.mock('electron-updater', () => ({
  default: {
    get autoUpdater() {
      return autoUpdater;
    },
  },
}));
const library = createRequire(import.meta.url);

/** The real classes of electron-updater for the two systems, on a stand-in for Electron: how they do what the port asks for. */
describe.each([
  ['NsisUpdater', 'win32', 'latest.yml', 'Holdfast.exe'],
  ['MacUpdater', 'darwin', 'latest-mac.yml', 'Holdfast.zip'],
] as const)('[P9] the port to %s', (kind, platform, channel, name) => {
  let folder: string;
  let feed: UpdateFeed;
  let electron: FakeElectron;

  beforeEach(async () => {
    folder = await tempFolder('port');
    writeFileSync(
      join(folder, 'app-update.yml'),
      'provider: generic\nurl: https://updates.invalid/\nupdaterCacheDirName: updater\n',
    );
    feed = await openUpdateFeed();
    electron = standInForElectron('1.2.2', folder);
    vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
    // It asks other systems' programs what this computer is; here they would only complain.
    vi.stubEnv('PATH', folder);
    autoUpdater = new (library('electron-updater')[kind] as new () => AppUpdater)();
    // What the feed's file is called there, which the library takes from the system that it runs on.
    Object.assign(autoUpdater, { _testOnlyOptions: { platform } });
  });
  afterEach(() => feed[Symbol.asyncDispose]());

  function publish(content: string, version = '1.2.3', more = ''): void {
    const sha512 = createHash('sha512').update(content).digest('base64');
    const files = `files:\n  - url: ${name}\n    sha512: ${sha512}\n    size: ${content.length}\n`;
    feed.files.set(name, Buffer.from(content));
    feed.files.set(channel, Buffer.from(`version: ${version}\n${files}${more}`));
  }
  const openPort = () => electronUpdaterPort(new URL(feed.url), silentLogger);

  it('asks the feed that it is given, for nothing but what is newest', async () => {
    publish('new');
    const port = await openPort();
    expect(await port.look()).toEqual({ version: '1.2.3', addresses: [name] });
    expect(feed.asked).toEqual([channel]);
  });

  it('finds nothing in the version that runs, nor in an older one', async () => {
    const port = await openPort();
    for (const version of ['1.2.2', '1.0.0']) {
      publish('old', version);
      expect(await port.look()).toBeNull();
    }
  });

  it('fetches the file and installs nothing, neither then nor when the app quits', async () => {
    publish('new');
    const port = await openPort();
    await port.look();
    const file = await port.download(3);
    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(feed.asked).toEqual([channel, name]);
    const { app } = library('electron') as { app: NodeJS.EventEmitter };
    expect(app.listenerCount('quit')).toBe(0);
    expect(electron.quits).toEqual([]);
  });

  it('stops fetching what is larger than it may be', async () => {
    publish('x'.repeat(70_000));
    const port = await openPort();
    await port.look();
    await expect(port.download(1000)).rejects.toThrow('ERR_BLOCKED_BY_CLIENT');
    expect(readFileSync(await port.download(70_000), 'utf8')).toHaveLength(70_000);
  });

  it('rejects what the feed has not got, or what is no feed', async () => {
    const port = await openPort();
    await expect(port.look()).rejects.toThrow('404');
    feed.files.set(channel, Buffer.from(': no feed'));
    await expect(port.look()).rejects.toThrow();
    publish('new');
    feed.files.delete(name);
    await port.look();
    await expect(port.download(3)).rejects.toThrow();
  });

  it('refuses an update that is more than one file', async () => {
    publish('new', '1.2.3', `packages:\n  ${process.arch}:\n    path: more.7z\n    sha512: AA==\n`);
    const port = await openPort();
    await port.look();
    await expect(port.download(3)).rejects.toThrow();
    expect(feed.asked).not.toContain('more.7z');
  });

  it('sends nothing by which this installation could be told from others', async () => {
    publish('new');
    const heard: unknown[] = [];
    feed.files.set(channel, (response) => {
      heard.push(response.req.headers['x-user-staging-id']);
      response.setHeader('content-length', 24).end('version: 1.2.2\nfiles: []\n');
    });
    await (await openPort()).look();
    expect(heard).toEqual(['']);
  });

  it('hands the file to what installs it, which ends the app, and does not start it again', async () => {
    const content = '#!/bin/sh\necho "$@" > "$0.ran"\n';
    publish(content);
    const port = await openPort();
    await port.look();
    const file = await port.download(content.length);
    chmodSync(file, 0o700);
    const handed = new Promise((resolve) => electron.autoUpdater.once('update-downloaded', resolve));
    void port.install();
    await eventually(() => electron.quits.length > 0, { what: 'the end of the app' });
    expect(electron.quits).toEqual(['quit']);
    if (kind === 'MacUpdater') expect(await handed).toBe(content);
    else expect(await eventually(() => readFileSync(`${file}.ran`, 'utf8'))).toBe('--updated /S\n');
  });

  it('says so if what installs it fails', async () => {
    publish('no program');
    const port = await openPort();
    await port.look();
    await port.download(100);
    if (kind === 'MacUpdater') setImmediate(() => electron.autoUpdater.emit('error', new Error('not signed')));
    await port.install();
  });
});
