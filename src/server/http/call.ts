import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import { type ObjectId, parseId, type VaultId } from '../../common/ids.ts';
import type { RouteName, routes } from '../../wire/route.ts';
import { failure } from '../failure.ts';
import type { Caller } from '../login.ts';
import type { ErrorAnswer } from './error-answer.ts';

type Routes = typeof routes;

type RequestBody<N extends RouteName> = Routes[N]['request'] extends {
  kind: 'json';
  schema: infer S extends z.ZodType;
}
  ? z.output<S>
  : undefined;

type Query<N extends RouteName> = Routes[N] extends { query: infer S extends z.ZodType } ? z.output<S> : undefined;

/** Bytes as they are: frames, an object, text. */
export interface RawReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
}

type ReplyBody<N extends RouteName> = Routes[N]['reply'] extends { schema: infer S extends z.ZodType }
  ? z.output<S>
  : RawReply;

export type Reply<N extends RouteName> = ReplyBody<N> | ErrorAnswer;

/** One request, checked as far as its route says. */
export interface Call<N extends RouteName> {
  readonly body: RequestBody<N>;
  readonly query: Query<N>;
  readonly params: Readonly<Record<string, string>>;
  /** Null on routes for anyone. */
  readonly caller: Caller | null;
  readonly raw: IncomingMessage;
  readonly range: string | undefined;
  readonly isLocal: boolean;
  /** Of the caller, as it counts for limits. */
  readonly address: string;
  /** Runs when the answer has left, or cannot any more. */
  onDone(run: () => void): void;
}

export type Handlers = { readonly [N in Exclude<RouteName, 'events'>]: (call: Call<N>) => Promise<Reply<N>> };

type Params = Pick<Call<'health'>, 'params'>;

function idParam<T extends VaultId | ObjectId>(params: Params['params'], name: string): T {
  try {
    return parseId<T>(params[name]);
  } catch {
    throw failure('usage', 'id', 'An id is 32 lower-case hexadecimal digits.');
  }
}

export const vaultOf = ({ params }: Params): VaultId => idParam(params, 'vault');
export const objectOf = ({ params }: Params): ObjectId => idParam(params, 'object');

export function epochOf({ params }: Params): number {
  const epoch = Number(params['epoch']);
  if (!Number.isSafeInteger(epoch) || epoch < 1) throw failure('usage', 'epoch', 'An epoch is a number from 1.');
  return epoch;
}
