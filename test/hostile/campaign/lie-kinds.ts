import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { encodeFrameHeader, parseFrames } from '../../../src/wire/frame.ts';
import type { Answer } from '../../helpers/whole-answer.ts';
import type { Dice } from '../../sim/random.ts';
import type { Asked, Said } from '../harness/liar.ts';
import { type Json, refusal } from '../harness/lies.ts';
import { flip, leavesOf, mangleJson, oddDocument } from './mangle.ts';

/** What somebody on the line has heard so far. */
export interface Heard {
  /** Earlier answers to the same question, whoever asked, oldest first. */
  before(asked: Asked): readonly Answer[];
  /** Any earlier answer to any question. */
  any(): readonly Answer[];
}

/** Makes of the true answer what the server says instead. */
export type LieKind = (dice: Dice, answer: Answer, asked: Asked, heard: Heard) => Said;

const withBody = (answer: Answer, body: Uint8Array): Answer => ({ ...answer, body: Buffer.from(body) });

const jsonOf = (answer: Answer): Json => {
  try {
    return JSON.parse(answer.body.toString());
  } catch {
    return undefined;
  }
};

const reasons: readonly (readonly [number, string, string])[] = [
  [401, 'refused', 'session'],
  [401, 'refused', 'login'],
  [403, 'refused', 'device'],
  [403, 'refused', 'origin'],
  [403, 'refused', 'account'],
  [403, 'refused', 'account-head'],
  [403, 'refused', 'device-seq'],
  [403, 'refused', 'epoch'],
  [403, 'refused', 'object-differs'],
  [403, 'refused', 'password'],
  [404, 'missing', 'account'],
  [404, 'missing', 'vault'],
  [404, 'missing', 'object'],
  [404, 'missing', 'epoch'],
  [404, 'missing', 'checkpoint'],
  [409, 'conflict', 'exists'],
  [409, 'conflict', 'checkpoint-old'],
  [409, 'conflict', 'head-moved'],
  [409, 'conflict', 'objects-missing'],
  [409, 'conflict', 'stopping'],
  [400, 'usage', 'format'],
  [400, 'usage', 'schema'],
  [413, 'limit', 'too-large'],
  [507, 'limit', 'quota'],
  [413, 'limit', 'count'],
  [426, 'version', 'version'],
  [429, 'offline', 'rate'],
  [503, 'offline', 'busy'],
  [503, 'offline', 'disk'],
  [500, 'bug', 'bug'],
  [500, 'security', 'malformed'],
];

const statuses = [100, 201, 202, 204, 206, 304, 400, 404, 405, 408, 409, 410, 411, 412, 413, 418, 429, 500, 507, 599];

const headers: readonly Readonly<Record<string, string>>[] = [
  { 'content-type': 'text/html' },
  { 'content-encoding': 'gzip' },
  { 'set-cookie': 'who=you; Path=/' },
  { 'retry-after': '31536000' },
  { 'content-range': 'bytes 0-0/1' },
  { refresh: '0; url=file:///etc/passwd' },
  { 'strict-transport-security': 'max-age=99999999' },
  { date: 'Sat, 13 Sep 275760 00:00:00 GMT' },
  { 'clear-site-data': '"*"' },
];

const frames = (list: readonly { readonly id: string; readonly bytes: Uint8Array }[]): Buffer =>
  Buffer.concat(list.flatMap(({ id, bytes }) => [encodeFrameHeader(id as never, bytes.length), bytes]));

const bytesOnly: LieKind = (dice, answer) => {
  const { body } = answer;
  switch (dice.below(4)) {
    case 0:
      return withBody(answer, Buffer.concat([body, dice.bytes(1 + dice.below(64))]));
    case 1:
      return withBody(answer, dice.bytes(body.length));
    case 2:
      return withBody(answer, Buffer.alloc(body.length));
    default:
      return withBody(answer, body.subarray(0, dice.below(Math.max(1, body.length))));
  }
};

/**
 * What says nothing that was ever signed: any broken proxy could. Nobody may be stopped for good by it, and when it is over all
 * goes on.
 */
export const troubles: Readonly<Record<string, LieKind>> = {
  refusal: (dice, _, { vault }) => {
    const [status, kind, reason] = dice.pick(reasons);
    const details = dice.chance(0.5) ? { retryAfter: dice.pick([0, 1, 31_536_000_000, -1]) } : {};
    const where = vault === null ? {} : dice.pick([{}, { missing: 'A'.repeat(dice.pick([0, 1, 22, 128])) }]);
    return refusal(dice.chance(0.8) ? status : dice.pick(statuses.slice(6)), kind, reason, { ...details, ...where });
  },
  status: (dice, answer) => {
    const status = dice.pick(statuses);
    if (status >= 200) return { ...answer, status };
    return (response) => void response.socket?.end(`HTTP/1.1 ${status} So be it\r\n\r\n`);
  },
  redirect: (dice) => ({
    status: dice.pick([301, 302, 303, 307, 308]),
    headers: { location: dice.pick(['file:///etc/passwd', 'http://127.0.0.1:1/', '/v1/health', '//[', '\\\\x']) },
    body: Buffer.alloc(0),
  }),
  headers: (dice, answer) => ({ ...answer, headers: { ...answer.headers, ...dice.pick(headers) } }),
  cut: (dice, answer) => (response: ServerResponse) => {
    response.writeHead(answer.status, { ...answer.headers, 'content-length': answer.body.length + 1 + dice.below(9) });
    response.write(answer.body, () => response.destroy());
  },
  short: (dice, answer) => (response: ServerResponse) => {
    const length = dice.below(Math.max(1, answer.body.length));
    response.socket?.end(
      Buffer.concat([
        Buffer.from(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`),
        answer.body,
      ]),
    );
  },
  hangUp: () => (response: ServerResponse) => void response.destroy(),
  noise: (dice) => (response: ServerResponse) => void response.socket?.end(Buffer.from(dice.bytes(dice.below(4096)))),
  document: (dice, answer) => withBody(answer, Buffer.from(oddDocument(dice))),
  bytes: bytesOnly,
  flood: (dice, answer) => withBody(answer, Buffer.alloc(dice.pick([8, 9, 20]) * 1024 * 1024, dice.below(256))),
  bomb: (_, answer) => ({
    ...answer,
    headers: { ...answer.headers, 'content-encoding': 'gzip' },
    body: gzipSync(Buffer.alloc(16 * 1024 * 1024)),
  }),
};

/** What may look like something signed, or was once: who cannot tell it from an attack may stop. */
export const forgeries: Readonly<Record<string, LieKind>> = {
  flip: (dice, answer) => withBody(answer, flip(dice, answer.body)),
  older: (dice, answer, asked, heard) => {
    const before = heard.before(asked);
    return before.length === 0 ? answer : dice.pick(before);
  },
  other: (dice, answer, _, heard) => (heard.any().length === 0 ? answer : dice.pick(heard.any())),
  json: (dice, answer, _, heard) => {
    const value = jsonOf(answer);
    if (value === undefined) return withBody(answer, flip(dice, answer.body));
    const others = dice.chance(0.5) ? [...heard.any()].slice(-8).flatMap((each) => leavesOf(jsonOf(each) ?? null)) : [];
    let changed = value;
    for (let count = 1 + dice.below(3); count > 0; count--) changed = mangleJson(dice, changed, others);
    return withBody(answer, Buffer.from(JSON.stringify(changed) ?? ''));
  },
  emptied: (dice, answer) =>
    withBody(
      answer,
      Buffer.from(
        `{"entries":[],"events":[],"vaults":[],"head":{"seq":${dice.pick([0, 1, 2 ** 53 - 1])},"hash":"${'A'.repeat(43)}"},"isLast":${dice.chance(0.5)}}`,
      ),
    ),
  frames: (dice, answer, asked) => {
    const list = asked.name === 'getObjects' ? [...(parseFrames(answer.body) ?? [])] : [];
    if (list.length === 0) return withBody(answer, flip(dice, answer.body));
    const [a, b] = [dice.below(list.length), dice.below(list.length)];
    const [first, second] = [list[a], list[b]] as [(typeof list)[0], (typeof list)[0]];
    switch (dice.below(6)) {
      case 0: {
        list[a] = { ...first, bytes: second.bytes };
        list[b] = { ...second, bytes: first.bytes };
        return withBody(answer, frames(list));
      }
      case 1:
        return withBody(answer, frames([...list, first]));
      case 2:
        return withBody(answer, frames(list.filter((_, at) => at !== a)));
      case 3:
        return withBody(answer, frames(list.reverse()));
      case 4:
        return withBody(answer, frames(list.map((each) => ({ ...each, bytes: flip(dice, each.bytes) }))));
      default:
        return withBody(answer, frames(list.map((each) => ({ ...each, bytes: new Uint8Array() }))));
    }
  },
};
