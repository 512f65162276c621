import { describe, expect, it } from 'vitest';
import { judgeUpdate, type UpdateCase } from '../../../../src/app/update/judge-update.ts';
import { canRelease, releaseKeys } from '../../../../src/app/update/release-keys.ts';
import { fromHex, toHex } from '../../../../src/common/bytes.ts';
import {
  encodeSignedUpdate,
  encodeUpdateStatement,
  parseSignedUpdate,
  signUpdate,
  type UpdateStatement,
} from '../../../../src/crypto/update-statement.ts';
import { ann, bea, cem, mallory, release, signedBy, statementOf } from '../../../helpers/release.ts';

const statement = statementOf(new Uint8Array(1000));
const usual: UpdateCase = { release, running: { version: '1.2.2', platform: 'darwin-arm64' }, offered: '1.2.3' };
const judged = (bytes: Uint8Array, change: Partial<UpdateCase> = {}) => judgeUpdate(bytes, { ...usual, ...change });
const refusal = (security: string) => expect.objectContaining({ kind: 'security', security });

describe('[P9] F-UPDATE-1: who has signed an update', () => {
  it('is enough with two of three, whichever, and with all of them', () => {
    for (const keys of [
      [ann, bea],
      [cem, ann],
      [ann, bea, cem],
    ]) {
      expect(judged(signedBy(statement, ...keys))).toEqual(statement);
    }
  });

  it('may be others as well, whose signatures do neither good nor harm', () => {
    expect(judged(signedBy(statement, mallory, ann, bea))).toEqual(statement);
  });

  it.each([
    ['nobody', []],
    ['one alone', [ann]],
    ['one, twice', [ann, ann]],
    ['one, many times', Array.from({ length: 16 }, () => ann)],
    ['one and a foreign key', [ann, mallory]],
    ['foreign keys alone', [mallory, mallory]],
  ])('is not enough if it is %s', (_, keys) => {
    expect(() => judged(signedBy(statement, ...keys))).toThrow(refusal('E_AUTH'));
  });

  it('is not changed by who says so: a signature counts for its own key and words', () => {
    const body = encodeUpdateStatement(statement);
    const [one, other] = [signUpdate(body, ann), signUpdate(body, mallory)];
    const forged = { publicKey: bea.publicKey, signature: other.signature };
    expect(() => judged(encodeSignedUpdate({ body, signatures: [one, forged] }))).toThrow(refusal('E_AUTH'));
    const swapped = { publicKey: bea.publicKey, signature: one.signature };
    expect(() => judged(encodeSignedUpdate({ body, signatures: [one, swapped] }))).toThrow(refusal('E_AUTH'));
  });

  it.each<[string, Partial<UpdateStatement>]>([
    ['version', { version: '1.2.4' }],
    ['platform', { platform: 'darwin-x64' }],
    ['size', { size: 1001 }],
    ['hash', { sha256: new Uint8Array(32) }],
  ])('is nobody once the %s was changed', (_, change) => {
    const { signatures } = parseSignedUpdate(signedBy(statement, ann, bea, cem));
    const altered = { ...statement, ...change };
    const bytes = encodeSignedUpdate({ body: encodeUpdateStatement(altered), signatures });
    const running = { version: '1.2.2', platform: altered.platform };
    expect(() => judged(bytes, { running, offered: altered.version })).toThrow(refusal('E_AUTH'));
  });

  it('is nobody once any bit of it was changed', () => {
    const bytes = signedBy(statement, ann, bea);
    for (let at = 0; at < bytes.length; at++) {
      const flipped = bytes.slice();
      flipped[at] = (flipped[at] as number) ^ 1;
      expect(() => judged(flipped)).toThrow(expect.objectContaining({ kind: 'security' }));
    }
  });

  it('is nobody as long as fewer keys are known than have to sign, or none has to', () => {
    const [key] = release.keys as [string];
    for (const few of [
      { keys: [], threshold: 2 },
      { keys: [key, key], threshold: 2 },
      { keys: [key], threshold: 0 },
    ]) {
      expect(canRelease(few)).toBe(false);
      expect(() => judged(signedBy(statement, ann, ann), { release: few })).toThrow(refusal('E_AUTH'));
    }
  });

  it('is asked for two of three in the app, whose keys are different ones', () => {
    expect(releaseKeys.threshold).toBe(2);
    expect([0, 3]).toContain(releaseKeys.keys.length);
    for (const key of releaseKeys.keys) expect(toHex(fromHex(key) ?? new Uint8Array())).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(releaseKeys.keys).size).toBe(releaseKeys.keys.length);
  });
});

describe('[P9] F-UPDATE-2: what enough have signed', () => {
  const all = (change: Partial<UpdateStatement>) => signedBy({ ...statement, ...change }, ann, bea);
  const from = (version: string) => ({ running: { version, platform: 'darwin-arm64' } });

  it.each([
    ['1.2.3', '1.2.3'],
    ['1.2.2', '1.2.3'],
    ['1.2.3', '1.10.0'],
    ['1.99.99', '2.0.0'],
    ['9.0.0', '10.0.0'],
  ])('is refused if it is not newer: %s for %s', (version, running) => {
    expect(() => judged(all({ version }), { ...from(running), offered: version })).toThrow(refusal('E_ROLLBACK'));
  });

  it.each([
    ['1.10.0', '1.9.9'],
    ['2.0.0', '1.99.99'],
    ['10.0.0', '9.9.9'],
    ['1.2.4', '1.2.3'],
  ])('is taken if it is newer by number: %s for %s', (version, running) => {
    expect(judged(all({ version }), { ...from(running), offered: version })).toMatchObject({ version });
  });

  it('is refused if what runs is no release, whose place in the order nobody signed', () => {
    for (const version of ['', '1.0.0-beta.1', '1']) {
      expect(() => judged(all({}), from(version))).toThrow(refusal('E_ROLLBACK'));
    }
  });

  it('is refused if the feed speaks of another version', () => {
    expect(() => judged(all({}), { offered: '1.2.4' })).toThrow(refusal('E_AUTH'));
  });

  it.each(['darwin-x64', 'win32-arm64', 'linux-arm64', 'darwin'])('is refused on another platform: %s', (platform) => {
    expect(() => judged(all({}), { running: { version: '1.2.2', platform } })).toThrow(refusal('E_AUTH'));
  });

  it('is refused if it makes no sense, whoever signed', () => {
    const body = new TextEncoder().encode('anything');
    const bytes = encodeSignedUpdate({ body, signatures: [signUpdate(body, ann), signUpdate(body, bea)] });
    expect(() => judged(bytes)).toThrow(refusal('E_AUTH'));
  });
});
