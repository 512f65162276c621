import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileKeychain } from '../../../src/app/keychain/file-keychain.ts';
import { systemKeychain } from '../../../src/app/keychain/system-keychain.ts';
import { systemRandom } from '../../../src/crypto/random.ts';
import { tempFolder } from '../../helpers/temp.ts';

const secret = Uint8Array.from({ length: 32 }, (_, i) => i);
const asText = Buffer.from(secret).toString('base64url');

describe('the file keychain', () => {
  it('keeps a secret for its owner alone', async () => {
    const folder = await tempFolder();
    const keychain = fileKeychain(folder, null, systemRandom);
    expect(await keychain.read('device')).toBeNull();
    await keychain.write('device', secret);
    expect(await keychain.read('device')).toEqual(secret);
    expect(statSync(join(folder, 'device.json')).mode & 0o777).toBe(0o600);
    await keychain.remove('device');
    expect(await keychain.read('device')).toBeNull();
  });

  it('locks it under a passphrase, and opens it with no other', async () => {
    const folder = await tempFolder();
    await fileKeychain(folder, 'correct horse', systemRandom).write('device', secret);
    expect(readFileSync(join(folder, 'device.json'), 'utf8')).not.toContain(asText);
    expect(await fileKeychain(folder, 'correct horse', systemRandom).read('device')).toEqual(secret);
    for (const passphrase of ['wrong', null]) {
      await expect(fileKeychain(folder, passphrase, systemRandom).read('device')).rejects.toMatchObject({
        kind: 'refused',
        reason: 'key-passphrase',
      });
    }
  });

  it('locks a secret that was stored open as soon as there is a passphrase', async () => {
    const folder = await tempFolder();
    await fileKeychain(folder, null, systemRandom).write('device', secret);
    expect(await fileKeychain(folder, 'later', systemRandom).read('device')).toEqual(secret);
    expect(readFileSync(join(folder, 'device.json'), 'utf8')).not.toContain(asText);
    expect(await fileKeychain(folder, 'later', systemRandom).read('device')).toEqual(secret);
  });

  it('says what to do where a file is damaged, however little', async () => {
    const folder = await tempFolder();
    const path = join(folder, 'device.json');
    const keychain = fileKeychain(folder, null, systemRandom);
    for (const damage of [() => '', (text: string) => text.replace(asText, asText.replace(/^./, '!'))]) {
      await keychain.write('device', secret);
      writeFileSync(path, damage(readFileSync(path, 'utf8')));
      await expect(keychain.read('device')).rejects.toMatchObject({
        kind: 'corrupt',
        message: expect.stringMatching(/^“device\.json” .+ is damaged .+ sign in again/),
      });
    }
  });

  it('does not accept cheaper parameters put into the file', async () => {
    const folder = await tempFolder();
    const path = join(folder, 'device.json');
    await fileKeychain(folder, 'correct horse', systemRandom).write('device', secret);
    writeFileSync(path, readFileSync(path, 'utf8').replace(/"memoryKiB": \d+/, '"memoryKiB": 8'));
    await expect(fileKeychain(folder, 'correct horse', systemRandom).read('device')).rejects.toMatchObject({
      kind: 'security',
      security: 'E_DOWNGRADE',
    });
  });
});

it('the system’s keychain gives what a command stored in a file before, and leaves it so', async () => {
  const folder = await tempFolder();
  const file = fileKeychain(folder, null, systemRandom);
  await file.write('device', secret);
  const fail = () => Promise.reject(new Error('it was never sealed'));
  expect(await systemKeychain(folder, { seal: fail, open: fail }, file).read('device')).toEqual(secret);
  expect(await file.read('device')).toEqual(secret);
});

it('the system’s keychain says so when it does not open what it sealed, as one that was made anew', async () => {
  const folder = await tempFolder();
  let isNew = false;
  const system = {
    seal: async (plain: string) => plain,
    open: (sealed: string) => (isNew ? Promise.reject(new Error('decrypt')) : Promise.resolve(sealed)),
  };
  const keychain = systemKeychain(folder, system, fileKeychain(folder, null, systemRandom));
  await keychain.write('device', secret);
  expect(await keychain.read('device')).toEqual(secret);
  isNew = true;
  await expect(keychain.read('device')).rejects.toMatchObject({ kind: 'refused', reason: 'keychain-closed' });
});
