import type { RouteName } from '../../src/wire/route.ts';

/**
 * What may happen to one request on its way to the server and back. Sizes are bytes of bodies.
 * - `refuse`: nothing reaches the server. `cut-request`: so much of the request does, then the line is cut.
 * - `lose-reply`: the server did it; the line is cut before the first byte of its answer. `cut-reply`: after so many bytes
 *   of a body whose announced length is longer.
 * - `truncate`: the answer is shorter, and says so: well-formed for HTTP. `flip`: one byte of it is another.
 * - `status`: an answer that the server never gave; with `isDelivered`, after the server did what was asked.
 * - `rewrite`: the answer says something else, in good form.
 * - `garbage`: status 200 and random bytes. `nonsense`: bytes that are no HTTP.
 * - `twice`: delivered two times; the second answer is passed on.
 * - `delay`: the answer is held back. `stall`: the request is, until `until` settles. `slow`: the answer trickles.
 * - `silence`: the head of the answer comes, and then nothing any more, not even the end of the line.
 */
export type Fault =
  | { readonly type: 'refuse' | 'lose-reply' | 'garbage' | 'nonsense' | 'twice' | 'silence' | 'flip' }
  | { readonly type: 'cut-request' | 'cut-reply' | 'truncate'; readonly after: number }
  | {
      readonly type: 'status';
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
      readonly isDelivered?: boolean;
    }
  | { readonly type: 'rewrite'; readonly change: (body: Buffer) => Uint8Array }
  | { readonly type: 'delay'; readonly ms: number }
  | { readonly type: 'stall'; readonly until: Promise<unknown> }
  | { readonly type: 'slow'; readonly bytesPerSecond: number };

/** A request that passed the proxy. */
export interface PassedRequest {
  /** Null: no route of the API. */
  readonly name: RouteName | null;
  readonly path: string;
  /** Bytes of the request's body. */
  readonly bytesUp: number;
  /** Bytes of the answer's body as it was passed on. */
  bytesDown: number;
  /** As passed on; 0 if none was. */
  status: number;
  readonly fault: Fault['type'] | null;
}
