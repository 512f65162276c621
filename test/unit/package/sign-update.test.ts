import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { addSignature } from '../../../resources/package/add-signature.ts';
import { makeReleaseKey, readReleaseKey } from '../../../resources/package/release-key.ts';
import { judgeUpdate } from '../../../src/app/update/judge-update.ts';
import { checkUpdateFile } from '../../../src/app/update/update-file.ts';
import { toHex } from '../../../src/common/bytes.ts';
import { ann, bea, release } from '../../helpers/release.ts';
import { runNode } from '../../helpers/run.ts';
import { tempFolder } from '../../helpers/temp.ts';

describe('[P9] signing an update', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await tempFolder('sign');
    file = join(folder, 'Holdfast-1.2.3-arm64-mac.zip');
    writeFileSync(file, 'a package');
  });
  const toSign = () => ({ file, version: '1.2.3', platform: 'darwin-arm64' as const });
  const running = { version: '1.2.2', platform: 'darwin-arm64' };

  it('is done by one after the other, beside the file, and is then what the app takes', async () => {
    const { path } = await addSignature(toSign(), ann);
    expect(path).toBe(join(folder, 'holdfast-darwin-arm64.update'));
    const judge = () => judgeUpdate(readFileSync(path), { release, running, offered: '1.2.3' });
    expect(judge).toThrow('not signed by enough');
    await addSignature(toSign(), ann);
    expect(judge).toThrow('not signed by enough');
    expect((await addSignature(toSign(), bea)).signed.signatures).toHaveLength(2);
    await checkUpdateFile(file, judge());
    expect(existsSync(`${path}.new`)).toBe(false);
  });

  it('is not added to what was said of another file or version, and leaves that as it is', async () => {
    const { path } = await addSignature(toSign(), ann);
    const before = readFileSync(path);
    await expect(addSignature({ ...toSign(), version: '1.2.4' }, bea)).rejects.toThrow('another file, version');
    writeFileSync(file, 'another one');
    await expect(addSignature(toSign(), bea)).rejects.toThrow('another file, version');
    expect(readFileSync(path)).toEqual(before);
  });

  it('drops signatures that do not hold, and refuses a file that is no statement, or no package', async () => {
    const path = join(folder, 'holdfast-darwin-arm64.update');
    writeFileSync(path, 'garbage');
    await expect(addSignature(toSign(), ann)).rejects.toMatchObject({ security: 'E_AUTH' });
    writeFileSync(file, '');
    await expect(addSignature({ ...toSign(), platform: 'win32-x64' }, ann)).rejects.toMatchObject({
      security: 'E_AUTH',
    });
  });

  it('has keys in files of their owner alone, never over another one, and with a passphrase sealed by it', async () => {
    const path = join(folder, 'release.pem');
    const publicKey = await makeReleaseKey(path, 'correct horse');
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----/);
    expect((await readReleaseKey(path, 'correct horse')).publicKey).toEqual(publicKey);
    await expect(readReleaseKey(path, 'wrong')).rejects.toThrow();
    await expect(readReleaseKey(path, undefined)).rejects.toThrow();
    await expect(makeReleaseKey(path, undefined)).rejects.toThrow('EEXIST');
    const other = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
    writeFileSync(path, other.export({ format: 'pem', type: 'pkcs8' }));
    await expect(readReleaseKey(path, undefined)).rejects.toThrow('no Ed25519 key');
  });

  it('is a command, which says what is wrong with what it is given', async () => {
    const command = (...words: string[]) => runNode(['resources/package/sign-update.ts', ...words]);
    const key = join(folder, 'release.pem');
    const made = await command('--new-key', key);
    expect(made.stdout).toMatch(/^[0-9a-f]{64}\n$/);
    const usual = ['--key', key, '--version', '1.2.3', '--platform', 'darwin-arm64'];
    const signed = await command(...usual, file);
    expect([signed.code, signed.stdout]).toEqual([
      0,
      `${made.stdout.trim()}  (in no app yet)\n${join(folder, 'holdfast-darwin-arm64.update')}: 0 of 2 signatures that the app asks for\n`,
    ]);
    expect(toHex((await readReleaseKey(key, undefined)).publicKey)).toBe(made.stdout.trim());
    for (const words of [
      [],
      usual,
      ['--key', key, file],
      [...usual, '--version', '1.2.3-beta', file],
      [...usual, join(folder, 'none')],
    ]) {
      const refused = await command(...words);
      expect([words, refused.code]).toEqual([words, 1]);
      expect(refused.stderr).not.toContain('    at ');
      expect(refused.stderr).not.toBe('');
    }
  });
});
