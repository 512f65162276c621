import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { newId, type ObjectId, type VaultId } from '../../../src/common/ids.ts';
import { fromBase64url } from '../../../src/wire/base64url.ts';
import { encodeFrameHeader } from '../../../src/wire/frame.ts';
import { random } from '../../helpers/test-account.ts';
import { connectTo } from '../../helpers/test-server.ts';

const vault = newId<VaultId>(random);
const object = new Uint8Array(1000).fill(7);

/** Answers what is asked for, and cuts the line after so many bytes of each answer; the ids of each request. */
async function cutting(after: number) {
  const asked: string[][] = [];
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const { ids } = JSON.parse(Buffer.concat(pieces).toString()) as { ids: string };
    const hex = Buffer.from(fromBase64url(ids) ?? []).toString('hex');
    const wanted = hex.match(/.{32}/g) ?? [];
    asked.push([...wanted]);
    const body = Buffer.concat(wanted.flatMap((id) => [encodeFrameHeader(id as ObjectId, object.length), object]));
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': body.length });
    if (body.length <= after) response.end(body);
    else response.write(body.subarray(0, after), () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const api = connectTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { token: () => 'token' });
  onTestFinished(() => api.close());
  return { api, asked };
}

it('what came whole of an answer that was cut short is not asked for again', async () => {
  const { api, asked } = await cutting(2500);
  const ids = Array.from({ length: 5 }, () => newId<ObjectId>(random));
  const got: string[] = [];
  for await (const { id, bytes } of api.getObjects(vault, ids)) {
    expect(bytes).toEqual(object);
    got.push(id);
  }
  expect(got).toEqual(ids);
  expect(asked).toEqual([ids, ids.slice(2), ids.slice(4)]);
});

it('an answer that is cut within its first object is asked for again, and no further than usual', async () => {
  const { api, asked } = await cutting(900);
  const wanted = [newId<ObjectId>(random), newId<ObjectId>(random)];
  const get = async (): Promise<void> => {
    for await (const _ of api.getObjects(vault, wanted));
  };
  await expect(get()).rejects.toMatchObject({ kind: 'offline', reason: 'network' });
  expect(asked).toEqual([wanted, wanted, wanted]);
});
