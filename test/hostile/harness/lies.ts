import type { ObjectId, VaultId } from '../../../src/common/ids.ts';
import { fromBase64url, toBase64url } from '../../../src/wire/base64url.ts';
import { encodeFrameHeader, parseFrames } from '../../../src/wire/frame.ts';
import type { RouteName } from '../../../src/wire/route.ts';
import type { Answer } from '../../helpers/whole-answer.ts';
import type { Asked, Lie } from './liar.ts';

/** An entry as it travels, decoded as far as the server can. */
export interface WireEntry {
  readonly header: Uint8Array;
  readonly signature: Uint8Array;
  readonly ciphertext: Uint8Array;
}

// biome-ignore lint/suspicious/noExplicitAny: a liar takes apart documents of every shape
export type Json = any;

const jsonOf = (answer: { readonly body: Uint8Array }): Json => JSON.parse(Buffer.from(answer.body).toString());

const reply = (value: unknown, status = 200): Answer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify(value)),
});

export const refusal = (status: number, kind: string, reason: string, details: object = {}): Answer =>
  reply({ error: { kind, reason, message: 'Says the server.', ...details } }, status);

export const bytesIn = (text: string): Uint8Array => {
  const bytes = fromBase64url(text);
  if (bytes === null) throw new Error('not base64url');
  return bytes;
};
export const textOf = toBase64url;

/** Lets a lie hold for what is said about this vault alone. */
export const about =
  (vault: VaultId, lie: Lie): Lie =>
  (asked, truth) =>
    asked.vault === vault ? lie(asked, truth) : null;

/** Lets a lie hold for these clients alone. */
export const to =
  (who: readonly string[], lie: Lie): Lie =>
  (asked, truth) =>
    who.includes(asked.who) ? lie(asked, truth) : null;

/** Another document in place of the true one. A refusal stays what it is. */
export const changeJson =
  (names: RouteName | readonly RouteName[], change: (value: Json, asked: Asked) => Json): Lie =>
  async (asked, truth) => {
    if (asked.name === null || ![names].flat().includes(asked.name)) return null;
    const answer = await truth();
    return answer.status === 200 ? reply(await change(jsonOf(answer), asked)) : answer;
  };

const decodeEntry = (entry: Json): WireEntry => ({
  header: bytesIn(entry.header),
  signature: bytesIn(entry.signature),
  ciphertext: bytesIn(entry.ciphertext),
});

export const encodeEntry = ({ header, signature, ciphertext }: WireEntry): Json => ({
  header: textOf(header),
  signature: textOf(signature),
  ciphertext: textOf(ciphertext),
  retained: null,
  released: null,
});

/** Other entries in pages of the log; null: that one is left out. */
export const changeEntries = (change: (entry: WireEntry, seq: number) => WireEntry | null): Lie =>
  changeJson('getLog', (page, asked) => {
    const after = Number(new URL(asked.path, 'http://x').searchParams.get('after') ?? 0);
    const entries = page.entries.flatMap((entry: Json, at: number) => {
      const changed = change(decodeEntry(entry), after + at + 1);
      return changed === null ? [] : [encodeEntry(changed)];
    });
    return { ...page, entries };
  });

/** Other bytes for objects, however they are asked for; null: the server says that it does not hold that one. */
export const changeObjects =
  (change: (id: ObjectId, bytes: Uint8Array) => Uint8Array | null): Lie =>
  async (asked, truth) => {
    if (asked.name === 'getObject') {
      const id = asked.path.slice(asked.path.lastIndexOf('/') + 1) as ObjectId;
      const answer = await truth();
      const bytes = change(id, answer.body);
      return bytes === null ? refusal(404, 'missing', 'object') : { ...answer, body: Buffer.from(bytes) };
    }
    if (asked.name !== 'getObjects') return null;
    const answer = await truth();
    const frames = (parseFrames(answer.body) ?? []).map(({ id, bytes }) => {
      const said = change(id, bytes) ?? new Uint8Array(0);
      return Buffer.concat([encodeFrameHeader(id, said.length), said]);
    });
    return { ...answer, body: Buffer.concat(frames) };
  };

export function flipped(bytes: Uint8Array, at: number, mask = 1): Uint8Array {
  const copy = new Uint8Array(bytes);
  const index = at < 0 ? copy.length + at : at;
  copy[index] = (copy[index] ?? 0) ^ mask;
  return copy;
}
