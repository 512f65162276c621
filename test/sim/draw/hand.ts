import type { SimDevice } from '../device.ts';
import type { Action } from '../history.ts';
import type { Dice } from '../random.ts';

const plainNames = ['plum-a', 'plum-b', 'plum-c', 'plum-d', 'plum.txt'];
/** Names that fold on some disks, or that some cannot hold. */
const trickyNames = [
  'Plum-A',
  'PLUM-B',
  'plu\u0308m',
  'pl\u00fcm',
  'plum:1',
  'plum.',
  'con.plum',
  `plum${'x'.repeat(150)}`,
];

export type Kind = 'file' | 'folder' | 'any';

/** Draws names, places and contents, as things are on a device then. */
export interface Hand {
  readonly dice: Dice;
  readonly isHarsh: boolean;
  /** Where changes met last: others go there too. */
  hot: string;
  isServerUp: boolean;
  name(): string;
  paths(device: SimDevice, kind: Kind): string[];
  some(device: SimDevice, kind: Kind): string | null;
  place(device: SimDevice): string;
  write(device: SimDevice, path: string): Extract<Action, { do: 'write' }>;
}

export function makeHand(
  dice: Dice,
  { isTricky, isHarsh }: { readonly isTricky: boolean; readonly isHarsh: boolean },
): Hand {
  let content = 0;
  const name = (): string => (isTricky && dice.chance(0.35) ? dice.pick(trickyNames) : dice.pick(plainNames));

  const paths = (device: SimDevice, kind: Kind): string[] =>
    [...device.folder.tree()]
      .filter(([, node]) => node.kind === kind || (kind === 'any' && node.kind !== 'symlink'))
      .map(([path]) => path);
  const some = (device: SimDevice, kind: Kind): string | null => {
    const all = paths(device, kind);
    if (all.length === 0) return null;
    return all.includes(hand.hot) && dice.chance(0.3) ? hand.hot : dice.pick(all);
  };
  const place = (device: SimDevice): string => {
    if (dice.chance(0.15)) return hand.hot;
    const folder = dice.chance(0.5) ? some(device, 'folder') : null;
    const depth = folder === null ? 0 : folder.split('/').length;
    return folder === null || depth > 3 ? name() : `${folder}/${name()}`;
  };
  /** Sizes that are the same tell nothing about contents that are not. */
  const size = (): number => (isHarsh && dice.chance(0.5) ? 40 : usualSize());
  const usualSize = (): number => (dice.chance(0.015) ? 1_100_000 : dice.chance(0.03) ? 0 : 12 + dice.below(300));

  const write = (device: SimDevice, path: string): Extract<Action, { do: 'write' }> => ({
    do: 'write',
    device: device.at,
    path,
    content: ++content,
    size: size(),
    how: dice.weighted({ rewrite: 4, replace: 3, vim: 1 }),
    isSynced: dice.chance(0.6),
  });

  const hand: Hand = { dice, isHarsh, hot: 'plum-a', isServerUp: true, name, paths, some, place, write };
  return hand;
}
