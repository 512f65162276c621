import { acceptEntry, makeEntry, makeObject } from '../../helpers/test-account.ts';
import type { Customer } from './accounts.ts';
import { type LoadCost, underLoad } from './load.ts';

/** Entries, each with a new object of a small file, appended to one log for each customer: as when files are saved. */
export async function measureAppends(
  serverPid: number,
  customers: readonly Customer[],
  seconds: number,
): Promise<LoadCost> {
  return underLoad({
    what: `append with one object, ${customers.length === 1 ? 'one log' : `${customers.length} logs`}`,
    serverPid,
    parallel: customers.length,
    seconds,
    once: async (lane) => {
      const { api, vault } = customers[lane] as Customer;
      const object = makeObject();
      const entry = makeEntry(vault, { retained: [object.id] });
      const outcome = await api.appendEntry(vault.id, entry, { objects: [object] });
      if (outcome.status !== 'done') throw new Error(`an append ended as ${outcome.status}`);
      acceptEntry(vault, entry);
      return object.bytes.length;
    },
  });
}
