import type { ObjectId } from '../../../src/common/ids.ts';
import { makeObject } from '../../helpers/test-account.ts';
import type { Customer } from './accounts.ts';
import { type LoadCost, underLoad } from './load.ts';

const kib = 1024;

/** Objects of one size, put and then got again, some requests at a time. */
export async function measureTransfers(
  serverPid: number,
  customers: readonly Customer[],
  { seconds, bytes, perRequest }: { readonly seconds: number; readonly bytes: number; readonly perRequest: number },
): Promise<readonly LoadCost[]> {
  const parallel = customers.length;
  const stored: ObjectId[][] = customers.map(() => []);
  // The content is the same: the server cannot know, and does not look. Ids are what it tells apart.
  const body = makeObject(bytes).bytes;
  const size = bytes < 1024 * kib ? `${Math.round(bytes / kib)} KiB` : `${Math.round(bytes / kib / kib)} MiB`;
  const many = perRequest === 1 ? 'one' : String(perRequest);
  const title = (what: string): string => `${what}, ${size}, ${many} a request`;
  const of = (lane: number): Customer => customers[lane] as Customer;

  const put = await underLoad({
    what: title('put'),
    serverPid,
    parallel,
    seconds,
    once: async (lane) => {
      const objects = Array.from({ length: perRequest }, () => ({ id: makeObject(1).id, bytes: body }));
      await of(lane).api.putObjects(of(lane).vault.id, objects);
      stored[lane]?.push(...objects.map(({ id }) => id));
      return bytes * perRequest;
    },
  });
  const next = customers.map(() => 0);
  const get = await underLoad({
    what: title('get'),
    serverPid,
    parallel,
    seconds,
    once: async (lane) => {
      const ids = stored[lane] ?? [];
      const from = ((next[lane] ?? 0) * perRequest) % ids.length;
      next[lane] = (next[lane] ?? 0) + 1;
      let got = 0;
      for await (const found of of(lane).api.getObjects(of(lane).vault.id, ids.slice(from, from + perRequest))) {
        if (found.bytes?.length !== bytes) throw new Error('the server does not hold what it was given');
        got += found.bytes.length;
      }
      return got;
    },
  });
  return [put, get];
}
