import { request } from 'undici';
import { must } from '../../../src/common/errors.ts';
import { errorReply } from '../../../src/wire/error.ts';
import { encodeFrameHeader, entryFrameId } from '../../../src/wire/frame.ts';
import { type Route, routes } from '../../../src/wire/route.ts';
import { login, makeAccount, makeSignup } from '../../helpers/test-account.ts';
import { startTestServer, type TestServer } from '../../helpers/test-server.ts';
import { promise, type Target } from '../target.ts';
import { textSeeds } from './seeds.ts';

interface Door {
  readonly server: TestServer;
  readonly token: string;
}

async function openDoor(): Promise<Door> {
  const server = await startTestServer();
  const account = makeAccount();
  const api = server.connect();
  const { record, events } = makeSignup(account);
  await api.signup({ record, events });
  const { token } = await login(api, account, 'device');
  return { server, token };
}

const id = 'ab'.repeat(16);
const names = Object.keys(routes).filter((name) => name !== 'events') as (keyof typeof routes)[];

/**
 * Bodies at the server's border: the first byte names the route, the second the content type, the rest is the body. Whatever
 * comes, the answer is one that the API declares, and none that says that the server failed.
 */
export function serverTarget(): Target {
  let door: Promise<Door> | null = null;
  return {
    name: 'server',
    kind: 'text',
    most: 1000,
    words: [
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '"',
      'null',
      '-1',
      '1e999',
      `"${id}"`,
      '"entry"',
      '"grants"',
      '"record"',
      '"event"',
      '"events"',
      '"ids"',
      '"email"',
      '"checkpoint"',
      '"__proto__"',
      'A'.repeat(43),
    ],
    seeds: () => [
      ...names.map((_, at) => new Uint8Array([at, 0, ...Buffer.from('{}')])),
      ...textSeeds(
        '{"email":"a@b"}',
        '{"ids":""}',
        `{"ids":"${'A'.repeat(22)}"}`,
        '{"record":{"body":"","signature":""},"event":null}',
      ).flatMap((body) => names.map((_, at) => new Uint8Array([at, 0, ...body]))),
      ...[0, 3, 5].map((length) => {
        const at = names.indexOf('putObjects');
        return new Uint8Array([at, 1, ...encodeFrameHeader(id as never, length), ...new Uint8Array(length)]);
      }),
      new Uint8Array([names.indexOf('appendLog'), 1, ...encodeFrameHeader(entryFrameId, 2), 0x7b, 0x7d]),
    ],
    run: async (input) => {
      door ??= openDoor();
      const { server, token } = await door;
      const name = must(names[(input[0] ?? 0) % names.length]);
      const route: Route = routes[name];
      const path = route.path.replace(':vault', id).replace(':object', id).replace(':epoch', '1');
      const type = ['application/json', 'application/octet-stream'][(input[1] ?? 0) % 2] as string;
      const body = route.method === 'GET' ? null : Buffer.from(input.subarray(2));
      const { statusCode, body: answer } = await request(`${server.url}/v1${path}`, {
        method: route.method,
        headers: { authorization: `Bearer ${token}`, ...(body === null ? {} : { 'content-type': type }) },
        body,
      });
      const text = await answer.text();
      if (statusCode < 300) return;
      const parsed = errorReply.safeParse(JSON.parse(text));
      promise(parsed.success, `an answer that is not declared: ${statusCode} ${text.slice(0, 200)}`);
      promise(parsed.data?.error.reason !== 'internal', `the server failed at ${name}: ${text.slice(0, 200)}`);
      promise(!text.includes(server.dataDir), 'an answer that tells where things are');
    },
    close: async () => (await door)?.server.close(),
  };
}
