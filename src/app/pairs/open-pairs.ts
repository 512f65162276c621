import type { Pair } from '../../engine/pair.ts';
import { type Device, notSignedIn } from '../device.ts';
import type { PairRecord } from '../home/config.ts';
import { choosePairs, choosePlace } from './pair-choice.ts';

export interface OpenedPair {
  readonly record: PairRecord;
  readonly pair: Pair;
}

/** The pairs that commands are about, opened. */
export interface OpenPairs {
  records(): readonly PairRecord[];
  open(record: PairRecord): Promise<OpenedPair>;
  all(choice: string | null): Promise<OpenedPair[]>;
  at(choice: string | null, path: string): Promise<OpenedPair & { readonly path: string }>;
}

export function openPairs(device: Device): OpenPairs {
  const records = (): readonly PairRecord[] => {
    if (device.account() === null) throw notSignedIn();
    return device.config().pairs;
  };
  const open = async (record: PairRecord): Promise<OpenedPair> => {
    const supervisor = await device.supervisor();
    return { record, pair: await supervisor.host(record.pair).open() };
  };
  return {
    records,
    open,
    all: (choice) => Promise.all(choosePairs(records(), choice).map(open)),
    at: async (choice, path) => {
      const place = choosePlace(records(), choice, path);
      return { ...(await open(place.record)), path: place.path };
    },
  };
}
