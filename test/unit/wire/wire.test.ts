import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ObjectId } from '../../../src/common/ids.ts';
import { fromBase64url, toBase64url } from '../../../src/wire/base64url.ts';
import { errorReply } from '../../../src/wire/error.ts';
import { encodeFrameHeader, parseFrames } from '../../../src/wire/frame.ts';
import { routes } from '../../../src/wire/route.ts';
import * as schema from '../../../src/wire/schema.ts';
import { apiVersion, wireRevision } from '../../../src/wire/version.ts';

describe('base64url', () => {
  it('agrees with Node for all bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64url');
        expect(toBase64url(bytes)).toBe(text);
        expect(fromBase64url(text)).toEqual(bytes);
      }),
    );
    const long = new Uint8Array(100_003).map((_, index) => (index * 31) & 255);
    expect(fromBase64url(toBase64url(long))).toEqual(long);
  });

  it.each(['A', 'AAAAA', 'AB', 'AAB', 'AA==', 'A+AA', 'A/AA', 'AA A', 'AAé'])('refuses %j', (text) => {
    expect(fromBase64url(text)).toBeNull();
  });
});

describe('frames', () => {
  const frame = (id: string, bytes: Uint8Array) =>
    Buffer.concat([encodeFrameHeader(id as ObjectId, bytes.length), bytes]);

  it('gives back what was framed', () => {
    const body = Buffer.concat([frame('0'.repeat(32), Buffer.from('entry')), frame('ab'.repeat(16), Buffer.alloc(0))]);
    const frames = parseFrames(body);
    expect(frames?.map(({ id, bytes }) => [id, Buffer.from(bytes).toString()])).toEqual([
      ['0'.repeat(32), 'entry'],
      ['ab'.repeat(16), ''],
    ]);
  });

  it('refuses a body that ends within a frame', () => {
    const body = frame('ab'.repeat(16), Buffer.from('object'));
    for (let end = 1; end < body.length; end++) expect(parseFrames(body.subarray(0, end))).toBeNull();
  });
});

describe('schemas', () => {
  it('turns JSON into bytes and ids, and back', () => {
    const json = {
      header: 'AQI',
      signature: toBase64url(new Uint8Array(64)),
      ciphertext: '',
      retained: toBase64url(new Uint8Array(32).fill(0xab)),
      released: '',
    };
    const entry = schema.entry.parse(json);
    expect(entry.header).toEqual(new Uint8Array([1, 2]));
    expect(entry.retained).toEqual(['ab'.repeat(16), 'ab'.repeat(16)]);
    expect(z.encode(schema.entry, entry)).toEqual(json);
  });

  it('refuses bytes of another length than declared', () => {
    const event = { event: '', signature: toBase64url(new Uint8Array(63)), deviceSignature: null };
    expect(schema.signedEvent.safeParse(event).success).toBe(false);
    expect(schema.existsRequest.safeParse({ ids: toBase64url(new Uint8Array(17)) }).success).toBe(false);
  });

  it('refuses a token that no header can carry', () => {
    const reply = (token: string) => ({ token, account: 'ab'.repeat(16), device: null, lifetime: 1 });
    const good = toBase64url(new Uint8Array(32).fill(255));
    expect(schema.loginReply.safeParse(reply(good)).success).toBe(true);
    for (const bad of ['\r\n', '\n', 'é', '€', ' ', '\0']) {
      expect(schema.loginReply.safeParse(reply(good + bad)).success).toBe(false);
    }
  });

  // A change of what travels needs a new revision (or version), and then this pin.
  it('are those of the declared revision', () => {
    const pinned: Record<string, string> = {
      '1.1': 'becdc9ed7b6fda4d86ce9151aa1fddda',
      '1.2': '68e6e29dbad087caeb991db115a997f9',
      '1.3': '25df2cbbd5b5928bb5e3c420bce00928',
    };
    const all = { ...schema, errorReply } as Record<string, z.ZodType>;
    const described = Object.keys(all)
      .sort()
      .map((name) => [name, z.toJSONSchema(all[name] as z.ZodType, { io: 'input', unrepresentable: 'any' })]);
    const table = Object.entries(routes).map(([name, { method, path, auth }]) => [name, method, path, auth]);
    const hash = createHash('sha256')
      .update(JSON.stringify([described, table]))
      .digest('hex')
      .slice(0, 32);
    expect(hash).toBe(pinned[`${apiVersion}.${wireRevision}`]);
  });
});
