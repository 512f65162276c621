import { must } from '../../../src/common/errors.ts';
import type { Action } from '../history.ts';
import type { World } from '../world.ts';
import type { Hand } from './hand.ts';

/** The same files in folders on several devices, before any of them knows of a vault: as of who joins with a copy. */
export function sameTree(hand: Hand, { devices }: World): Action[] {
  const { dice } = hand;
  const [first, ...others] = devices;
  const files = Array.from({ length: 2 + dice.below(5) }, () => {
    const folders = Array.from({ length: dice.below(3) }, hand.name);
    return hand.write(must(first), [...folders, hand.name()].join('/'));
  });
  const joining = others.filter(() => dice.chance(0.7));
  return [must(first), ...joining].flatMap((device) =>
    files.flatMap((file): Action[] => {
      // One of them has another version.
      const own = dice.chance(0.1) ? hand.write(device, file.path) : { ...file, device: device.at };
      const folder = file.path.slice(0, Math.max(file.path.lastIndexOf('/'), 0));
      return folder === '' ? [own] : [{ do: 'folder', device: device.at, path: folder }, own];
    }),
  );
}
