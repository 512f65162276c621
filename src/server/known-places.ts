import type { AccountId } from '../common/ids.ts';

/** The addresses from which accounts have signed in; only the newest are kept, and none over a restart. */
interface KnownPlaces {
  add(account: AccountId, address: string): void;
  has(account: AccountId, address: string): boolean;
}

const most = 20_000;

export function createKnownPlaces(): KnownPlaces {
  const places = new Set<string>();
  return {
    add: (account, address) => {
      const place = `${account} ${address}`;
      places.delete(place);
      places.add(place);
      if (places.size > most) places.delete(places.values().next().value as string);
    },
    has: (account, address) => places.has(`${account} ${address}`),
  };
}
