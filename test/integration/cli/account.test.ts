import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliDevice, cliDevice, startCliServer, testPassword } from '../../helpers/cli.ts';
import type { Child } from '../../helpers/run.ts';
import { tempFolder } from '../../helpers/temp.ts';

let url: string;
let server: Child;
let first: CliDevice;
let recovery: string;

const at = (email: string) => ['--server', url, '--email', email];

beforeAll(async () => {
  ({ url, child: server } = await startCliServer());
  first = await cliDevice('first');
  const made = await first.run(['signup', ...at('ada@example.org'), '--device', 'Desk']);
  expect(made.code, made.stderr).toBe(0);
  recovery = made.json.recovery;
});
afterAll(() => server.kill());

/** All text of the files below a folder. */
function everything(folder: string): string {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

describe('signing up', () => {
  it('prints 24 words once, keeps neither them nor the password, and closes the home', () => {
    expect(recovery.split(' ')).toHaveLength(24);
    const kept = everything(first.home);
    expect(kept).not.toContain(recovery);
    expect(kept).not.toContain(testPassword);
    expect(statSync(first.home).mode & 0o777).toBe(0o700);
    for (const name of ['account.json', 'lock', 'session.json', 'keys/device.json', 'logs/holdfast.log']) {
      if (existsSync(join(first.home, name))) expect(statSync(join(first.home, name)).mode & 0o777, name).toBe(0o600);
    }
  });

  it('is refused for an address that is taken, and on a device that is signed in', async () => {
    const other = await cliDevice();
    expect(await other.run(['signup', ...at('ada@example.org')])).toMatchObject({ code: 4 });
    expect((await first.run(['signup', ...at('bob@example.org')])).json.error.reason).toBe('signed-in');
  });

  it.each([
    ['a weak password', ['--email', 'weak@example.org'], { HOLDFAST_PASSWORD: 'password1234' }],
    ['no password', ['--email', 'weak@example.org'], { HOLDFAST_PASSWORD: '' }],
    ['no e-mail address', ['--email', 'nobody'], {}],
  ])('is a usage error with %s', async (_, words, env) => {
    const answer = await (await cliDevice()).run(['signup', '--server', url, ...words], env);
    expect(answer).toMatchObject({ code: 1 });
    expect(answer.json.error.kind).toBe('usage');
  });
});

describe('a device that is lost', () => {
  it('is removed by another one, by its name or its id, once a person has agreed', async () => {
    const lost = await cliDevice();
    await lost.run(['login', ...at('ada@example.org'), '--device', 'Lost phone']);
    await lost.run(['add', join(await tempFolder('lost'), 'folder')]);
    expect((await lost.run(['sync'])).code).toBe(0);
    expect((await first.run(['remove-device', 'Lost phone'])).json.error).toMatchObject({ reason: 'not-confirmed' });
    expect((await lost.run(['devices'])).code).toBe(0);
    const listed = (await first.run(['devices'])).json.devices;
    const { device } = listed.find(({ name }: { name: string }) => name === 'Lost phone');
    const removed = await first.run(['remove-device', device.slice(0, 8), '--yes']);
    expect(removed).toMatchObject({ code: 0, json: { device, name: 'Lost phone' } });
    expect((await lost.run(['devices'])).code).toBe(4);
    expect((await lost.run(['sync'])).code).toBe(4);
    expect((await lost.run(['status'])).json).toMatchObject({
      state: 'needs-attention',
      message: expect.stringContaining('let this device in'),
    });
    expect((await first.run(['remove-device', 'Lost phone', '--yes'])).json.error.reason).toBe('device-removed');
    expect((await first.run(['remove-device', 'Desk', '--yes'])).json.error.reason).toBe('this-device');
  });
});

describe('signing in', () => {
  it('says the same of a wrong password and of an unknown account', async () => {
    const device = await cliDevice();
    const wrong = await device.run(['login', ...at('ada@example.org')], { HOLDFAST_PASSWORD: 'not this one at all' });
    const unknown = await device.run(['login', ...at('eve@example.org')]);
    expect(wrong.code).toBe(4);
    expect(unknown.code).toBe(4);
    expect(wrong.json).toEqual(unknown.json);
    expect(wrong.stderr).not.toContain('not this one at all');
    expect(existsSync(join(device.home, 'account.json'))).toBe(false);
  });

  it.each([
    ['nobody listens', 'http://127.0.0.1:1', 3],
    ['no such host exists', 'https://no-such-host.invalid', 3],
    ['it is plain http elsewhere', 'http://sync.example.org', 1],
    ['it is no address', 'ftp://x', 1],
  ])('where %s ends in a sentence and exit code', async (_, address, code) => {
    const answer = await (await cliDevice()).run(['login', '--server', address, '--email', 'ada@example.org']);
    expect(answer.code).toBe(code);
    expect(answer.json.error.message).toMatch(/^[A-Z“].*\.$/);
    expect(answer.stderr).not.toMatch(/\n {4}at /);
  });

  it('adds a device that can sign out again, and is then no part of the account', async () => {
    const device = await cliDevice();
    const joined = await device.run(['login', ...at('Ada@Example.org '), '--device', 'Laptop']);
    expect(joined.json).toMatchObject({ email: 'ada@example.org', deviceName: 'Laptop' });
    expect((await device.run(['pairs'])).json).toEqual({ pairs: [] });
    expect((await device.run(['logout'])).json).toMatchObject({ isRevoked: true, device: joined.json.device });
    expect(existsSync(join(device.home, 'account.json'))).toBe(false);
    expect(existsSync(join(device.home, 'keys/device.json'))).toBe(false);
    expect((await device.run(['logout'])).json.error.reason).toBe('not-signed-in');
    expect((await device.run(['login', ...at('ada@example.org')])).code).toBe(0);
  });

  it('needs the key passphrase from then on, if there was one', async () => {
    const device = await cliDevice();
    const env = { HOLDFAST_KEY_PASSPHRASE: 'a phrase for the keys' };
    expect((await device.run(['login', ...at('ada@example.org')], env)).code).toBe(0);
    expect((await device.run(['doctor'], env)).json.checks).toContainEqual(
      expect.objectContaining({ name: 'keys', result: 'ok' }),
    );
    const { stdout } = await device.text(['doctor']);
    expect(stdout).toMatch(/\nFAILED +keys +.+\n +-> Set HOLDFAST_KEY_PASSPHRASE where .+ try again\.\n/);
    const folder = join(device.home, '..', 'folder');
    const locked = await device.run(['add', folder]);
    expect(locked).toMatchObject({ code: 4 });
    expect(locked.json.error.reason).toBe('key-passphrase');
    expect(existsSync(folder)).toBe(false);
  });
});

describe('recovering', () => {
  it('with the words sets a new password, and the old one is worth nothing', async () => {
    const made = await (await cliDevice()).run(['signup', ...at('lost@example.org')]);
    const device = await cliDevice();
    const newPassword = 'another lamp for another night';
    const env = { HOLDFAST_RECOVERY: made.json.recovery, HOLDFAST_PASSWORD: newPassword };
    expect((await device.run(['recover', ...at('lost@example.org')], env)).json).toMatchObject({
      account: made.json.account,
    });
    const again = await cliDevice();
    expect((await again.run(['login', ...at('lost@example.org')])).code).toBe(4);
    expect((await again.run(['login', ...at('lost@example.org')], { HOLDFAST_PASSWORD: newPassword })).code).toBe(0);
  });

  it.each([
    ['too few words', (words: string) => words.split(' ').slice(1).join(' '), 1],
    ['a misspelt word', (words: string) => words.replace(/^\w+/, 'xyzzy'), 1],
    ['the words of another account', () => `${'abandon '.repeat(23)}art`, 4],
  ])('with %s is refused, without repeating them', async (_, change, code) => {
    const words = change(recovery);
    const device = await cliDevice();
    const answer = await device.run(['recover', ...at('ada@example.org')], { HOLDFAST_RECOVERY: words });
    expect(answer.code).toBe(code);
    expect(answer.stdout + answer.stderr).not.toContain(words);
  });
});

describe('changing what opens the account', () => {
  const email = 'careful@example.org';
  let desk: CliDevice;
  let laptop: CliDevice;
  let words: string;

  beforeAll(async () => {
    [desk, laptop] = [await cliDevice('desk'), await cliDevice('laptop')];
    words = (await desk.run(['signup', ...at(email)])).json.recovery;
    expect((await laptop.run(['login', ...at(email)])).code).toBe(0);
  });

  const opensWith = async (command: 'login' | 'recover', env: Record<string, string>): Promise<number | null> =>
    (await (await cliDevice()).run([command, ...at(email)], env)).code;

  it.each([
    ['change-password', { HOLDFAST_NEW_PASSWORD: 'another lamp for another night' }],
    ['change-words', {}],
  ])('by %s is refused without the present password, and signed out', async (command, env) => {
    const wrong = await desk.run([command], { ...env, HOLDFAST_PASSWORD: 'not this one at all' });
    expect(wrong).toMatchObject({ code: 4, json: { error: { reason: 'password' } } });
    expect(wrong.stdout + wrong.stderr).not.toContain('not this one at all');
    const nobody = await cliDevice();
    // Before any secret is asked for.
    for (const given of [env, { HOLDFAST_PASSWORD: '' }])
      expect((await nobody.run([command], given)).json.error.reason).toBe('not-signed-in');
  });

  it('refuses a weak new password, and says that a new one is needed', async () => {
    const weak = await desk.run(['change-password'], { HOLDFAST_NEW_PASSWORD: 'password1234' });
    expect(weak).toMatchObject({ code: 1, json: { error: { kind: 'usage' } } });
    const none = await desk.run(['change-password']);
    expect(none).toMatchObject({ code: 1, json: { error: { reason: 'no-secret' } } });
    expect(none.stderr).toContain('HOLDFAST_NEW_PASSWORD');
  });

  it('gives a new password, once and for all devices, and leaves the words and who is signed in as they are', async () => {
    const next = { HOLDFAST_PASSWORD: 'another lamp for another night' };
    const changed = await desk.run(['change-password'], { HOLDFAST_NEW_PASSWORD: next.HOLDFAST_PASSWORD });
    expect(changed.code, changed.stderr).toBe(0);
    expect(await opensWith('login', {})).toBe(4);
    expect(await opensWith('login', next)).toBe(0);
    for (const device of [desk, laptop]) expect((await device.run(['devices'])).code).toBe(0);
    // What the other device saw of it is enough to go on from.
    expect((await laptop.run(['change-words'])).json.error.reason).toBe('password');

    const renewed = await laptop.run(['change-words'], next);
    expect(renewed.code, renewed.stderr).toBe(0);
    const { recovery } = renewed.json;
    expect(recovery.split(' ')).toHaveLength(24);
    expect(recovery).not.toBe(words);
    expect(await opensWith('recover', { HOLDFAST_RECOVERY: words })).toBe(4);
    expect(await opensWith('recover', { HOLDFAST_RECOVERY: recovery })).toBe(0);
    for (const device of [desk, laptop]) {
      expect((await device.run(['devices'])).code).toBe(0);
      expect(everything(device.home)).not.toContain(recovery);
    }
  });
});

describe('an account that is deleted', () => {
  it('leaves the files where they are, nothing on the server, and tells its other devices', async () => {
    const account = at('gone@example.org');
    const [desk, laptop] = [await cliDevice('desk'), await cliDevice('laptop')];
    const folder = join(await tempFolder('files'), 'Documents');
    mkdirSync(folder);
    writeFileSync(join(folder, 'letter.txt'), 'Dear Ada');
    await desk.run(['signup', ...account]);
    await desk.run(['add', folder, '--vault', 'Documents']);
    await desk.run(['sync']);
    await laptop.run(['login', ...account]);

    const other = await desk.run(['delete-account', 'somebody@example.org']);
    expect(other).toMatchObject({ code: 1, json: { error: { reason: 'email' } } });
    const wrong = await desk.run(['delete-account', 'gone@example.org'], { HOLDFAST_PASSWORD: 'not this one at all' });
    expect(wrong).toMatchObject({ code: 4, json: { error: { reason: 'password' } } });

    const done = await desk.text(['delete-account', 'gone@example.org']);
    expect(done.code, done.stderr).toBe(0);
    expect(done.stdout).toContain('The account is deleted');
    expect(readFileSync(join(folder, 'letter.txt'), 'utf8')).toBe('Dear Ada');
    expect((await desk.run(['pairs'])).json.pairs).toEqual([]);
    expect((await laptop.run(['devices'])).json.error).toMatchObject({ kind: 'refused', reason: 'sign-in' });
    expect((await laptop.run(['logout', '--force'])).code).toBe(0);
    const again = await laptop.run(['login', ...account]);
    expect(again.json.error).toMatchObject({ kind: 'security', reason: 'account-replaced' });
  });
});

describe('state of a newer app', () => {
  it.each(['config.json', 'account.json'])('in %s is refused and left as it is', async (name) => {
    const device = await cliDevice();
    await device.run(['pairs']);
    const text = '{"format": 99, "future": true}';
    writeFileSync(join(device.home, name), text);
    const answer = await device.run(['pairs']);
    expect(answer.code).toBe(4);
    expect(answer.json.error.kind).toBe('version');
    expect(readFileSync(join(device.home, name), 'utf8')).toBe(text);
  });
});
