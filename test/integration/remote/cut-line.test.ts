import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { newId, type ObjectId, type VaultId } from '../../../src/common/ids.ts';
import type { StorageApi } from '../../../src/remote/storage-api.ts';
import { fromBase64url } from '../../../src/wire/base64url.ts';
import { encodeFrameHeader } from '../../../src/wire/frame.ts';
import { random } from '../../helpers/test-account.ts';
import { connectTo } from '../../helpers/test-server.ts';

const vault = newId<VaultId>(random);
const object = new Uint8Array(10_000).map((_, at) => at % 251);

/** Answers what is asked for, and cuts the line after so many bytes of each answer, or part of one; what each request asks for. */
async function cutting(whole: number, part = whole) {
  const asked: (string | string[])[] = [];
  const server = createServer(async (request, response) => {
    const say = (status: number, body: Uint8Array): void => {
      const after = status === 206 ? part : whole;
      response.writeHead(status, { 'content-type': 'application/octet-stream', 'content-length': body.length });
      if (body.length <= after) response.end(body);
      else response.write(body.subarray(0, after), () => response.destroy());
    };
    const { range } = request.headers;
    if (range !== undefined) {
      asked.push(range);
      const [start = 0, last = 0] = (range.match(/\d+/g) ?? []).map(Number);
      return say(206, object.subarray(start, last + 1));
    }
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const { ids } = JSON.parse(Buffer.concat(pieces).toString()) as { ids: string };
    const hex = Buffer.from(fromBase64url(ids) ?? []).toString('hex');
    const wanted = hex.match(/.{32}/g) ?? [];
    asked.push([...wanted]);
    const body = Buffer.concat(wanted.flatMap((id) => [encodeFrameHeader(id as ObjectId, object.length), object]));
    say(200, body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const api = connectTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { token: () => 'token' });
  onTestFinished(() => api.close());
  return { api, asked };
}

async function get(api: StorageApi, ids: readonly ObjectId[]): Promise<string[]> {
  const got: string[] = [];
  for await (const { id, bytes } of api.getObjects(vault, ids)) {
    expect(bytes).toEqual(object);
    got.push(id);
  }
  return got;
}

it('what came whole of an answer that was cut short is not asked for again', async () => {
  const { api, asked } = await cutting(25_000);
  const ids = Array.from({ length: 5 }, () => newId<ObjectId>(random));
  expect(await get(api, ids)).toEqual(ids);
  expect(asked).toEqual([ids, ids.slice(2), ids.slice(4)]);
});

it('an object that never comes in one piece comes in several', async () => {
  const { api, asked } = await cutting(4220);
  const ids = [newId<ObjectId>(random), newId<ObjectId>(random)];
  expect(await get(api, ids)).toEqual(ids);
  const rest = ['bytes=4200-9999', 'bytes=8420-9999'];
  expect(asked).toEqual([ids, ...rest, ids.slice(1), ...rest]);
});

it('an answer of which hardly anything comes is asked for again, and no more often than usual', async () => {
  const { api, asked } = await cutting(1000);
  const ids = [newId<ObjectId>(random), newId<ObjectId>(random)];
  await expect(get(api, ids)).rejects.toMatchObject({ kind: 'offline', reason: 'network' });
  expect(asked).toEqual([ids, ids, ids]);
});

it('of an object that began to come, parts with hardly anything in them are asked for no more often than usual', async () => {
  const { api, asked } = await cutting(5020, 1000);
  const ids = [newId<ObjectId>(random)];
  await expect(get(api, ids)).rejects.toMatchObject({ kind: 'offline', reason: 'network' });
  const rest = 'bytes=5000-9999';
  expect(asked).toEqual([ids, rest, rest, rest]);
});
