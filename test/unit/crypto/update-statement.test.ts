import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../src/common/bytes.ts';
import { must } from '../../../src/common/errors.ts';
import { type Cbor, encodeCbor } from '../../../src/crypto/cbor.ts';
import {
  encodeSignedUpdate,
  encodeUpdateStatement,
  isReleaseVersion,
  isUpdateSigned,
  maxSignedUpdateLength,
  parseSignedUpdate,
  parseUpdateStatement,
  signUpdate,
} from '../../../src/crypto/update-statement.ts';
import { ann, mallory, signedBy, statementOf } from '../../helpers/release.ts';

const statement = statementOf(new TextEncoder().encode('a package'));
const body = encodeUpdateStatement(statement);
const fields: readonly Cbor[] = ['update', 1, '1.2.3', 'darwin-arm64', 9, statement.sha256];
const changed = (at: number, value: Cbor): Uint8Array => encodeCbor(fields.map((each, i) => (i === at ? value : each)));

describe('[P9] the statement of an update', () => {
  it('has one form, byte by byte, which says what it is and for which role it is signed', () => {
    expect(toHex(body)).toBe(
      `86${'667570646174650165312e322e33'}6c${Buffer.from('darwin-arm64').toString('hex')}095820${toHex(statement.sha256)}`,
    );
    expect(parseUpdateStatement(body)).toEqual(statement);
    const { publicKey, signature } = signUpdate(body, ann);
    // Node alone, as somebody else would check it.
    const spki = Buffer.concat([must(fromHex('302a300506032b6570032100')), publicKey]);
    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    expect(verify(null, Buffer.concat([Buffer.from('holdfast/1/update\0'), body]), key, signature)).toBe(true);
    expect(isUpdateSigned(body, { publicKey, signature })).toBe(true);
    expect(isUpdateSigned(body, { publicKey: mallory.publicKey, signature })).toBe(false);
  });

  it.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(), 'E_AUTH'],
    ['no CBOR', new TextEncoder().encode('version: 1.2.3'), 'E_AUTH'],
    ['another structure', changed(0, 'entry'), 'E_AUTH'],
    ['another suite', changed(1, 2), 'E_DOWNGRADE'],
    ['a field too many', encodeCbor([...fields, null]), 'E_AUTH'],
    ['a field too few', encodeCbor(fields.slice(0, 5)), 'E_AUTH'],
    ['something behind it', new Uint8Array([...body, 0]), 'E_AUTH'],
    ['a version that is a number', changed(2, 1), 'E_AUTH'],
    ['a version that is tried out', changed(2, '1.2.3-beta.1'), 'E_AUTH'],
    ['a platform that there are no updates for', changed(3, 'linux-x64'), 'E_AUTH'],
    ['a file of no bytes', changed(4, 0), 'E_AUTH'],
    ['a file of less than none', changed(4, -1), 'E_AUTH'],
    ['a file larger than any package', changed(4, 2 ** 31 + 1), 'E_LIMIT'],
    ['a short hash', changed(5, statement.sha256.subarray(1)), 'E_AUTH'],
  ])('is refused if it is %s', (_, bytes, code) => {
    expect(() => parseUpdateStatement(bytes)).toThrow(expect.objectContaining({ security: code }));
  });

  it('comes with at most sixteen signatures, in 4 KiB', () => {
    const many = (count: number) => signedBy(statement, ...Array.from({ length: count }, () => ann));
    expect(parseSignedUpdate(many(16)).signatures).toHaveLength(16);
    expect(() => parseSignedUpdate(many(17))).toThrow(expect.objectContaining({ security: 'E_LIMIT' }));
    const long = encodeSignedUpdate({ body: new Uint8Array(maxSignedUpdateLength), signatures: [] });
    expect(() => parseSignedUpdate(long)).toThrow(expect.objectContaining({ security: 'E_LIMIT' }));
  });

  it.each<[string, Cbor]>([
    ['which are no list', 'signatures'],
    ['without a key', [[new Uint8Array(64)]]],
    ['with a short key', [[new Uint8Array(31), new Uint8Array(64)]]],
    ['with a short signature', [[new Uint8Array(32), new Uint8Array(63)]]],
    ['with something more', [[new Uint8Array(32), new Uint8Array(64), 1]]],
  ])('is refused with signatures %s', (_, signatures) => {
    const bytes = encodeCbor(['signed-update', 1, body, signatures]);
    expect(() => parseSignedUpdate(bytes)).toThrow(expect.objectContaining({ security: 'E_AUTH' }));
  });

  it('knows a version by its three numbers', () => {
    for (const good of ['0.0.0', '1.2.3', '10.20.999999999']) expect(isReleaseVersion(good)).toBe(true);
    for (const bad of [
      '',
      '1',
      '1.2',
      '1.2.3.4',
      '01.2.3',
      '1.2.3 ',
      'v1.2.3',
      '1.2.-3',
      '1.2.1000000000',
      '1.2.3+a',
    ]) {
      expect([bad, isReleaseVersion(bad)]).toEqual([bad, false]);
    }
  });
});
