import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startUpdater, type Updater, type UpdaterOptions } from '../../../main/updater.ts';
import { canRelease, releaseKeys } from '../../../src/app/update/release-keys.ts';
import type { Logger } from '../../../src/common/logger.ts';
import type { UpdateStatement } from '../../../src/crypto/update-statement.ts';
import { openUpdateFeed, type UpdateFeed } from '../../fakes/update-feed.ts';
import { type FakeUpdatePort, fakeUpdatePort } from '../../fakes/update-port.ts';
import { ann, bea, mallory, release, signedBy, statementOf } from '../../helpers/release.ts';
import { repository } from '../../helpers/run.ts';
import { tempFolder } from '../../helpers/temp.ts';

const statementPath = 'holdfast-darwin-arm64.update';
const publisher = 'publisherName:\n  - Example\n';

describe('[P9] updates', () => {
  let folder: string;
  let feed: UpdateFeed;
  let port: FakeUpdatePort;
  let logged: { message: string; error: unknown }[];
  let updater: Updater | null;

  beforeEach(async () => {
    folder = await tempFolder('updater');
    feed = await openUpdateFeed();
    port = fakeUpdatePort(new URL(feed.url), folder);
    logged = [];
    updater = null;
  });
  afterEach(async () => {
    updater?.stop();
    await feed[Symbol.asyncDispose]();
  });

  const logger: Logger = {
    log: (_level, message, fields) => void logged.push({ message, error: fields?.['error'] }),
  };

  /** Puts a version on the feed: what is served is `content`, what is signed is said by `change` and `keys`. */
  function publish(content: string, change: Partial<UpdateStatement> = {}, keys = [ann, bea]): void {
    const statement = statementOf(Buffer.from(content), change);
    const offer = { version: statement.version, addresses: ['Holdfast.zip'] };
    feed.files.set('latest.json', Buffer.from(JSON.stringify(offer)));
    feed.files.set('Holdfast.zip', Buffer.from(content));
    feed.files.set(statementPath, signedBy(statement, ...keys));
  }

  function publishWith(statement: Uint8Array): void {
    publish('new');
    feed.files.set(statementPath, statement);
  }

  const open = vi.fn(async (_feed: URL) => port);

  async function start(
    config: string | null = `provider: generic\nurl: ${feed.url}\n`,
    change: Partial<UpdaterOptions> = {},
  ): Promise<Updater> {
    if (config !== null) writeFileSync(join(folder, 'app-update.yml'), config);
    updater = await startUpdater({
      resourcesFolder: folder,
      isPackaged: true,
      version: '1.2.2',
      system: 'darwin',
      arch: 'arm64',
      storageServer: async () => 'https://storage.example.org',
      open,
      logger,
      release,
      ...change,
    });
    // The one that began at the start, or another one, without a port to ask.
    await updater.look();
    return updater;
  }

  describe('are looked for', () => {
    const signed = () => `provider: generic\nurl: '${feed.url}'\n`;

    it.each<[string, () => string | null, Partial<UpdaterOptions>]>([
      ['without a feed', () => null, {}],
      ['of a feed without an address', () => 'provider: generic\n', {}],
      ['of a feed with an empty address', () => 'provider: generic\nurl:\n', {}],
      ['of a feed in the clear', () => 'provider: generic\nurl: http://updates.example.org/\n', {}],
      ['of a feed of another kind', () => `provider: gitlab\nurl: ${feed.url}\n`, {}],
      ['on Windows, if nobody says who has to have signed them', signed, { system: 'win32', arch: 'x64' }],
      ['on Linux, where nobody signs them', () => signed() + publisher, { system: 'linux', arch: 'x64' }],
      ['from the sources', signed, { isPackaged: false }],
      ['without keys of those who may release', signed, { release: { keys: [], threshold: 2 } }],
      ['with fewer keys than have to sign', signed, { release: { keys: release.keys.slice(1, 2), threshold: 2 } }],
      [
        'with one key twice',
        signed,
        { release: { keys: [release.keys[0], release.keys[0]] as string[], threshold: 2 } },
      ],
    ])('not %s: nothing is opened, nobody is asked', async (_, config, change) => {
      publish('new');
      await start(config(), change);
      await updater?.install();
      expect(open).not.toHaveBeenCalled();
      expect(feed.asked).toEqual([]);
      expect(port.installed).toEqual([]);
    });

    it.each<[string, () => string, Partial<UpdaterOptions>]>([
      ['on macOS, where the system knows who signs', signed, {}],
      ['on Windows, once the updater knows', () => signed() + publisher, { system: 'win32', arch: 'x64' }],
    ])('%s, of the feed that was checked', async (_, config, change) => {
      await start(config(), change);
      expect(open).toHaveBeenCalledExactlyOnceWith(new URL(feed.url));
      expect(feed.asked).toContain('latest.json');
    });

    it('by no app as it is now: there are no keys and no feed, and packages for others have to be signed', () => {
      expect(canRelease(releaseKeys)).toBe(false);
      const config = readFileSync(join(repository, 'electron-builder.yml'), 'utf8');
      expect(config).toMatch(/^publish: null$/m);
      expect(config.match(/forceCodeSigning: true/g)).toHaveLength(2);
      expect(config).toMatch(/verifyUpdateCodeSignature: true/);
    });
  });

  describe('that enough have signed', () => {
    it('are fetched after the statement, and installed at the end, once', async () => {
      publish('new');
      const { install } = await start();
      expect(feed.asked).toEqual(['latest.json', statementPath, 'Holdfast.zip']);
      expect(port.installed).toEqual([]);
      await install();
      await install();
      expect(port.installed).toEqual(['new']);
      expect(logged.map(({ message }) => message)).toEqual(['an update is ready', 'an update is being installed']);
    });

    it('are fetched once for all looks, until there is a newer one', async () => {
      publish('new');
      const { look, install } = await start();
      await look();
      expect(feed.asked.filter((name) => name === 'Holdfast.zip')).toHaveLength(1);
      publish('newer', { version: '1.3.0' });
      await Promise.all([look(), look()]);
      expect(feed.asked.filter((name) => name === 'Holdfast.zip')).toHaveLength(2);
      await install();
      expect(port.installed).toEqual(['newer']);
    });

    it('are not fetched any more once the app ends, so that what was ready is what is installed', async () => {
      publish('good');
      const { look, install } = await start();
      publish('better', { version: '1.3.0' });
      const asked = Promise.withResolvers<ServerResponse>();
      const statement = feed.files.get(statementPath) as Uint8Array;
      feed.files.set(statementPath, (response) => asked.resolve(response));
      const looked = look();
      const answer = await asked.promise;
      await install();
      answer.end(statement);
      await looked;
      expect(port.installed).toEqual(['good']);
      expect(feed.asked.filter((name) => name === 'Holdfast.zip')).toHaveLength(1);
    });

    it('wait for nothing while none is offered', async () => {
      const { install } = await start();
      await install();
      expect(feed.asked).toEqual(['latest.json']);
      expect(logged).toEqual([]);
    });
  });

  /** Nothing was installed; what was asked for; and why, as it was logged. */
  async function refused(asked: readonly string[], because: unknown): Promise<void> {
    await updater?.install();
    expect(port.installed).toEqual([]);
    expect(feed.asked).toEqual(asked);
    expect(logged).toEqual([{ message: 'no update was taken', error: because }]);
  }
  const code = (security: string) => expect.objectContaining({ kind: 'security', security });

  describe('whose statement is not right are not fetched:', () => {
    it.each<[string, string, () => void]>([
      ['one signature alone', 'E_AUTH', () => publish('new', {}, [ann])],
      ['one key twice', 'E_AUTH', () => publish('new', {}, [ann, ann])],
      ['a foreign key', 'E_AUTH', () => publish('new', {}, [ann, mallory])],
      ['the version that runs', 'E_ROLLBACK', () => publish('new', { version: '1.2.2' })],
      ['an older version', 'E_ROLLBACK', () => publish('new', { version: '1.1.9' })],
      ['another platform', 'E_AUTH', () => publish('new', { platform: 'darwin-x64' })],
      ['garbage', 'E_AUTH', () => publishWith(Buffer.from('{}'))],
      ['none of it', 'E_AUTH', () => publishWith(Buffer.alloc(0))],
      ['far too much', 'E_LIMIT', () => publishWith(Buffer.alloc(1e6))],
      [
        'a version that the feed does not offer',
        'E_AUTH',
        () => {
          publish('new');
          const offer = { version: '1.2.4', addresses: ['Holdfast.zip'] };
          feed.files.set('latest.json', Buffer.from(JSON.stringify(offer)));
        },
      ],
    ])('%s', async (_, security, prepare) => {
      prepare();
      await start();
      await refused(['latest.json', statementPath], code(security));
    });

    it('one that never ends', async () => {
      publish('new');
      feed.files.set(statementPath, (response) => {
        const more = (): void => {
          while (response.write(Buffer.alloc(1000)));
        };
        response.on('drain', more);
        more();
      });
      await start();
      await refused(['latest.json', statementPath], code('E_LIMIT'));
    });

    it('none at all', async () => {
      publish('new');
      feed.files.delete(statementPath);
      await start();
      await refused(
        ['latest.json', statementPath],
        expect.objectContaining({ message: expect.stringContaining('404') }),
      );
    });

    it('one at another address', async () => {
      publish('new');
      feed.files.set('elsewhere', feed.files.get(statementPath) ?? Buffer.alloc(0));
      feed.files.set(statementPath, (response) => response.writeHead(302, { location: '/elsewhere' }).end());
      await start();
      await refused(['latest.json', statementPath], expect.any(TypeError));
    });
  });

  describe('from where none may come are not looked at:', () => {
    it('the storage server', async () => {
      publish('new');
      await start(undefined, { storageServer: async () => 'http://127.0.0.1:8470' });
      await refused([], code('E_AUTH'));
    });

    it('any host, while it is not known which one is the storage server', async () => {
      publish('new');
      const unknown = new Error('the engine was stopped');
      await start(undefined, { storageServer: () => Promise.reject(unknown) });
      await refused([], unknown);
    });

    it('another host, which the feed names', async () => {
      publish('new');
      const offer = { version: '1.2.3', addresses: ['Holdfast.zip', 'https://storage.example.org/Holdfast.zip'] };
      feed.files.set('latest.json', Buffer.from(JSON.stringify(offer)));
      await start();
      await refused(['latest.json'], code('E_AUTH'));
    });
  });

  describe('whose file is not what was signed are not installed:', () => {
    const all = ['latest.json', statementPath, 'Holdfast.zip'];

    it.each([
      ['of the same size', 'evil', 'good'],
      ['a shorter one', 'goo', 'good'],
    ])('%s', async (_, served, signed) => {
      publish(signed);
      feed.files.set('Holdfast.zip', Buffer.from(served));
      await start();
      await refused(all, code('E_AUTH'));
    });

    it('a longer one', async () => {
      publish('good');
      feed.files.set('Holdfast.zip', Buffer.from('good and more'));
      await start();
      await refused(all, code('E_LIMIT'));
    });

    it('one that was changed while it waited', async () => {
      publish('good');
      const { install } = await start();
      appendFileSync(port.file ?? '', ' and more');
      await install();
      await install();
      expect(port.installed).toEqual([]);
      expect(logged.at(-1)).toEqual({ message: 'an update was not installed', error: code('E_LIMIT') });
    });

    it('the former one, once there is another that would be installed', async () => {
      publish('good');
      const { look, install } = await start();
      publish('better', { version: '1.3.0' });
      feed.files.set('Holdfast.zip', Buffer.from('bitter'));
      await look();
      await install();
      expect(port.installed).toEqual([]);
    });
  });

  describe('never end the app by their failing:', () => {
    const failure = new Error('no');

    it.each(['look', 'download', 'fetch'] as const)('%s', async (step) => {
      publish('new');
      Object.assign(port, { [step]: () => Promise.reject(failure) });
      const { install } = await start();
      await install();
      expect(logged).toEqual([{ message: 'no update was taken', error: failure }]);
      expect(port.installed).toEqual([]);
    });

    it('what opens them', async () => {
      publish('new');
      const { install } = await start(undefined, { open: () => Promise.reject(failure) });
      await install();
      expect(logged).toEqual([{ message: 'there is no updater', error: failure }]);
      expect(feed.asked).toEqual([]);
    });

    it('install, which is tried once', async () => {
      publish('new');
      const { install } = await start();
      port.install = vi.fn(() => Promise.reject(failure));
      await install();
      await install();
      expect(port.install).toHaveBeenCalledOnce();
      expect(logged.at(-1)).toEqual({ message: 'an update was not installed', error: failure });
    });
  });
});
