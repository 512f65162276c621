import type { Action, History, Step } from '../history.ts';
import { type Dice, dice } from '../random.ts';
import type { World } from '../world.ts';
import type { Extra } from './extras.ts';

const share = 1 / 8;

/** What a person has to mend: once in a history, and after that all goes on for a while. */
const stops = {
  'deleted vault': deletedVault,
  'server put back': serverPutBack,
  'removed device': removedDevice,
} as const;

/** Null: the seed's history goes without. */
function drawn(seed: number): { readonly own: Dice; readonly what: keyof typeof stops } | null {
  const own = dice(seed, 'stops');
  if (!own.chance(share)) return null;
  return { own, what: own.weighted({ 'deleted vault': 2, 'server put back': 3, 'removed device': 3 }) };
}

export function stop(
  seed: number,
  devices: number,
): { readonly setting: Pick<History, 'removed'>; readonly extras: Extra[] } {
  const found = drawn(seed);
  if (found === null) return { setting: {}, extras: [] };
  const { own, what } = found;
  const device = own.below(devices);
  return {
    setting: what === 'removed device' ? { removed: device } : {},
    extras: [stops[what](own, device)],
  };
}

function deletedVault(own: Dice): Extra {
  let left = own.below(16);
  return () => (left-- === 0 ? [[own.below(2000), { do: 'delete-vault' }]] : []);
}

/** Some have seen more than what is put back, some have not, and some have lost what they had seen. */
function serverPutBack(own: Dice, device: number): Extra {
  let untilCopy = own.below(10);
  let untilBack = untilCopy + own.below(8);
  return () => {
    const steps: Step[] = [];
    if (untilCopy-- === 0) steps.push([own.below(2000), { do: 'server-backup' }]);
    if (untilBack-- === 0) {
      steps.push([own.below(20_000), { do: 'server-put-back' }]);
      if (own.chance(0.4)) steps.push([own.below(3000), { do: 'lose-index', device }]);
    }
    return steps;
  };
}

/** While its line is cut somebody works on it, and on another device somebody removes it. */
function removedDevice(own: Dice, device: number): Extra {
  let left = own.below(10);
  let content = 3_000_000;
  const edit = ({ devices }: World): Action => {
    const files = [...(devices[device]?.folder.tree() ?? [])].filter(([, { kind }]) => kind === 'file');
    const path = files.length > 0 && own.chance(0.6) ? (own.pick(files)[0] as string) : `plum-late-${own.below(3)}`;
    const what = own.weighted({ write: 6, move: 2, remove: 1 });
    if (what === 'move') return { do: what, device, from: path, to: `plum-late-${own.below(3)}` };
    if (what === 'remove') return { do: what, device, path };
    return {
      do: what,
      device,
      path,
      content: content++,
      size: 20 + own.below(40),
      how: 'replace',
      isSynced: own.chance(0.7),
    };
  };
  return (world) => {
    const others = world.devices.filter((other) => other.at !== device && other.isUp);
    if (left > 0 || others.length === 0) {
      left--;
      return [];
    }
    if (world.nextRemoved === null) return own.chance(0.1) ? [[0, edit(world)]] : [];
    return [
      ...(own.chance(0.8) ? [[own.below(500), { do: 'cut', device }] as Step] : []),
      [own.below(2000), edit(world)],
      [own.below(500), edit(world)],
      [own.below(500), { do: 'revoke', device: own.pick(others).at }],
      ...(own.chance(0.5) ? [[own.below(60_000), { do: 'heal', device }] as Step] : []),
    ];
  };
}
