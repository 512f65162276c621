import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkUpdateFile, measureUpdateFile } from '../../../../src/app/update/update-file.ts';
import { checkUpdateAddresses, checkUpdateHost, statementName } from '../../../../src/app/update/update-place.ts';
import { statementOf } from '../../../helpers/release.ts';
import { tempFolder } from '../../../helpers/temp.ts';

const refusal = (security: string) => expect.objectContaining({ kind: 'security', security });

describe('[P9] F-UPDATE-3: the file of an update', () => {
  // More than one piece, and a rest.
  const content = Buffer.alloc(2 * 1024 * 1024 + 17, 'holdfast');
  const statement = statementOf(content);
  let folder = '';
  beforeAll(async () => {
    folder = await tempFolder('update');
  });
  const written = (bytes: Uint8Array): string => {
    const path = join(folder, 'package.zip');
    writeFileSync(path, bytes);
    return path;
  };

  it('is what was signed, or is refused', async () => {
    await checkUpdateFile(written(content), statement);
    expect(await measureUpdateFile(written(content), content.length)).toEqual({
      size: statement.size,
      sha256: statement.sha256,
    });
  });

  it('is refused with one bit changed, at whichever end', async () => {
    for (const at of [0, content.length - 1]) {
      const changed = Buffer.from(content);
      changed[at] = (changed[at] as number) ^ 1;
      await expect(checkUpdateFile(written(changed), statement)).rejects.toEqual(refusal('E_AUTH'));
    }
  });

  it('is refused if it is shorter, longer or not there', async () => {
    const path = written(content);
    truncateSync(path, content.length - 1);
    await expect(checkUpdateFile(path, statement)).rejects.toEqual(refusal('E_AUTH'));
    await expect(checkUpdateFile(written(Buffer.concat([content, content])), statement)).rejects.toEqual(
      refusal('E_LIMIT'),
    );
    await expect(checkUpdateFile(join(folder, 'none'), statement)).rejects.toThrow('ENOENT');
  });

  it('is refused if only its hash is right, or only its size', async () => {
    const path = written(content);
    const longer = { ...statement, size: statement.size + 1 };
    await expect(checkUpdateFile(path, longer)).rejects.toEqual(refusal('E_AUTH'));
    const other = { ...statement, sha256: new Uint8Array(32) };
    await expect(checkUpdateFile(path, other)).rejects.toEqual(refusal('E_AUTH'));
  });
});

describe('[P9] F-UPDATE-4: where an update comes from', () => {
  const feed = new URL('https://updates.example.org/holdfast/');

  it('is beside the feed, by a name for each platform', () => {
    expect(new URL(statementName('win32-x64'), feed).href).toBe(
      'https://updates.example.org/holdfast/holdfast-win32-x64.update',
    );
  });

  it('is not the storage server’s host, by whichever port, case or dot', () => {
    for (const server of [
      'https://updates.example.org',
      'https://updates.example.org:8443',
      'https://UPDATES.example.org.',
    ]) {
      expect(() => checkUpdateHost(feed, server)).toThrow(refusal('E_AUTH'));
    }
    expect(() => checkUpdateHost(new URL('http://127.0.0.1:1/'), 'http://localhost:2')).toThrow(refusal('E_AUTH'));
  });

  it('may be any other host, and any while nobody is signed in', () => {
    for (const server of [null, 'https://example.org', 'http://127.0.0.1:8470']) checkUpdateHost(feed, server);
  });

  it('is the feed’s own host for each file', () => {
    checkUpdateAddresses(feed, ['Holdfast-1.2.3-mac.zip', '/other/Holdfast.dmg', `${feed.href}x.exe`]);
    for (const address of [
      'https://evil.example.org/x.zip',
      '//evil.example.org/x',
      'http://updates.example.org/x',
      'file:///x',
    ]) {
      expect(() => checkUpdateAddresses(feed, ['x.zip', address])).toThrow(refusal('E_AUTH'));
    }
    expect(() => checkUpdateAddresses(feed, [])).toThrow(refusal('E_AUTH'));
  });
});
