import { must } from '../../../src/common/errors.ts';
import type { Action, Step } from '../history.ts';
import type { World } from '../world.ts';
import type { Hand } from './hand.ts';
import { exchangeAndDelete } from './meetings.ts';

/** The same files in folders on several devices, before any of them knows of a vault: as of who joins with a copy. */
function sameTree(hand: Hand, { devices }: World): Step[] {
  const { dice } = hand;
  const [first, ...others] = devices;
  const files = Array.from({ length: 2 + dice.below(5) }, () => {
    const folders = Array.from({ length: dice.below(3) }, hand.name);
    return hand.write(must(first), [...folders, hand.name()].join('/'));
  });
  const joining = others.filter(() => dice.chance(0.7));
  return [must(first), ...joining].flatMap((device) =>
    files.flatMap((file): Step[] => {
      // One of them has another version.
      const own: Action = dice.chance(0.1) ? hand.write(device, file.path) : { ...file, device: device.at };
      const folder = file.path.slice(0, Math.max(file.path.lastIndexOf('/'), 0));
      return folder === ''
        ? [[0, own]]
        : [
            [0, { do: 'folder', device: device.at, path: folder }],
            [0, own],
          ];
    }),
  );
}

/** Two devices agree on a folder and a file; then these exchange their names. */
function exchange(hand: Hand, { devices }: World): Step[] {
  const [a, b] = [must(devices[0]), must(devices[1])];
  const folder = hand.name();
  const inFolder = `${folder}/${hand.name()}`;
  const other = `${folder}.txt`;
  return [
    [0, { do: 'folder', device: a.at, path: folder }],
    [0, hand.write(a, inFolder)],
    [0, hand.write(a, other)],
    [5000, { do: 'sync', device: a.at }],
    [5000, { do: 'sync', device: b.at }],
    [5000, { do: 'sync', device: a.at }],
    ...exchangeAndDelete(hand, [a, b], inFolder, other),
  ];
}

/**
 * Several files that one device renames, and renames again when the other one, on a slow disk and with an entry of its own to
 * send, has begun to follow.
 */
function renames(hand: Hand, { devices }: World): Step[] {
  const { dice } = hand;
  const [a, b] = [must(devices[0]), must(devices[1])];
  const files = [0, 1, 2, 3];
  const rename = (from: string, to: string): Step[] =>
    files.map((file) => [0, { do: 'move', device: b.at, from: `plum-${from}-${file}`, to: `plum-${to}-${file}` }]);
  const soon = 100 + 8 * a.line.faults.latency;
  return [
    ...files.map((file): Step => [0, hand.write(b, `plum-a-${file}`)]),
    [5000, { do: 'sync', device: b.at }],
    [5000, { do: 'sync', device: a.at }],
    [60_000, { do: 'folder', device: a.at, path: 'plum-own' }],
    ...rename('a', 'b'),
    [dice.below(soon), { do: 'sync', device: b.at }],
    [dice.below(soon), { do: 'folder', device: a.at, path: 'plum-own-too' }],
    ...rename('b', 'c'),
  ];
}

/** What a history begins with where random steps alone would rarely come to it. */
export const beginnings = { nothing: (): Step[] => [], sameTree, exchange, renames } as const;
export type Beginning = keyof typeof beginnings;
