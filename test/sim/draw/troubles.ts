import type { SimDevice } from '../device.ts';
import { diskCalls } from '../disk/faults.ts';
import type { Action, Step } from '../history.ts';
import type { World } from '../world.ts';
import { edit } from './edits.ts';
import type { Hand } from './hand.ts';

const minute = 60_000;
const hour = 60 * minute;

/** A power cut takes back a delete that the index knows, perhaps, while somebody else changes the file. */
function takenBack(hand: Hand, { devices }: World, device: SimDevice): (Action | Step)[] {
  const { dice } = hand;
  const path = hand.some(device, 'file');
  if (path === null) return [];
  const cut: Action = { do: 'die', device: device.at, where: 'disk', after: 1 + dice.below(60), isPowerCut: true };
  return [
    { do: 'remove', device: device.at, path },
    [dice.below(600), hand.write(dice.pick(devices), path)],
    [dice.below(100), cut],
    { do: 'sync', device: device.at },
  ];
}

/** A process that dies, perhaps with its computer, or one that starts again. */
export function death(hand: Hand, world: World): (Action | Step)[] {
  const device = hand.dice.pick(world.devices);
  if (!device.isUp) return [{ do: 'start', device: device.at }];
  if (hand.dice.chance(0.2)) return takenBack(hand, world, device);
  const where = hand.dice.pick(['call', 'disk', 'commit'] as const);
  const most = { call: 40, disk: 60, commit: 12 }[where];
  const dying: Action = {
    do: 'die',
    device: device.at,
    where,
    after: 1 + hand.dice.below(most),
    isPowerCut: hand.dice.chance(0.5),
  };
  return hand.dice.chance(0.6) ? [...edit(hand, device), dying, { do: 'sync', device: device.at }] : [dying];
}

/** Of a line, or of the server. */
export function lineTrouble(hand: Hand, world: World): Action[] {
  const { at, line } = hand.dice.pick(world.devices);
  if (!hand.isServerUp) {
    hand.isServerUp = true;
    return [{ do: 'server-starts' }];
  }
  if (hand.dice.chance(0.25)) {
    hand.isServerUp = false;
    return [{ do: 'server-dies', after: 1 + hand.dice.below(20) }];
  }
  return [line.isCut ? { do: 'heal', device: at } : { do: 'cut', device: at }];
}

/** Old states, clocks, and processes that end in order. */
export function stateChange(hand: Hand, world: World): Action[] {
  const { at, isUp } = hand.dice.pick(world.devices);
  const what = hand.dice.weighted({ backup: 3, restore: 3, 'lose-index': 1, jump: 2, stop: 2 });
  switch (what) {
    case 'jump':
      return [{ do: 'jump', device: at, ms: hand.dice.pick([-2, -1, 1, 5, 26]) * hand.dice.pick([minute, hour]) }];
    case 'stop':
      return [isUp ? { do: 'stop', device: at } : { do: 'start', device: at }];
    default:
      return [{ do: what, device: at }];
  }
}

const leftOut = ['plum-a', 'plum-b/', '*.txt', '/plum-c', 'plum-d/*', 'plum-*', '!plum-a'];

function rules(hand: Hand, device: SimDevice): Action {
  const { dice } = hand;
  const folder = dice.chance(0.4) ? hand.some(device, 'folder') : null;
  return {
    do: 'rules',
    device: device.at,
    ...(folder === null ? {} : { folder }),
    number: dice.below(1_000_000),
    names: Array.from({ length: dice.below(4) }, () => dice.pick(leftOut)),
  };
}

/** Somebody who uses the app. */
export function appUse(hand: Hand, world: World): Action[] {
  const device = hand.dice.pick(
    world.devices.filter(({ isUp }) => isUp).length > 0 ? world.devices.filter(({ isUp }) => isUp) : world.devices,
  );
  const { at } = device;
  const what = hand.dice.weighted({
    pause: 2,
    resume: 2,
    resolve: 1,
    undo: 1,
    'bring-back': 1,
    deselect: hand.isHarsh ? 3 : 0,
    select: hand.isHarsh ? 2 : 0,
    'take-from-trash': hand.isHarsh ? 1 : 0,
    rules: hand.isHarsh ? 2 : 0,
  });
  if (what === 'deselect') {
    const path = hand.some(device, 'any');
    return path === null ? [] : [{ do: 'deselect', device: at, path }];
  }
  if (what === 'rules') return [rules(hand, device)];
  if (what === 'select' || what === 'take-from-trash') return [{ do: what, device: at, number: hand.dice.below(20) }];
  if (what === 'resolve') return [{ do: 'resolve', device: at, choice: hand.dice.pick(['allow', 'restore']) }];
  if (what === 'undo') return [{ do: 'undo', device: at, back: hand.dice.below(4) }];
  if (what === 'bring-back') return [{ do: 'bring-back', device: at, number: hand.dice.below(20) }];
  return [{ do: what, device: at }];
}

const failingCalls = diskCalls.filter((call) => call !== 'close' && call !== 'symlink' && call !== 'readlink');

/** A call of any kind soon, or the next ones to what is on its way from one place to another. */
function failsAnywhere({ dice }: Hand, device: number): Action {
  const failing = { do: 'disk-fails-anywhere', device } as const;
  if (dice.chance(0.25)) {
    const call = dice.pick(['lstat', 'open', 'rename', 'unlink', 'readText'] as const);
    const name = dice.pick(['item', 'origin']);
    return { ...failing, call, name, code: 'EIO', after: 1 + dice.below(4), times: dice.pick([1, 2]) };
  }
  return {
    ...failing,
    ...(dice.chance(0.3) ? {} : { call: dice.pick(failingCalls) }),
    code: dice.weighted({ EIO: 6, ENOSPC: 2, EACCES: 1, EMFILE: 1 }),
    after: 1 + Math.floor(dice.next() ** 2 * 60),
    times: dice.pick([1, 1, 2, 20]),
  };
}

/** A disk that is not there, or does not do what it is told. */
export function diskTrouble(hand: Hand, world: World): Action[] {
  const device = hand.dice.pick(world.devices);
  const { at } = device;
  if (hand.dice.chance(0.3))
    return [{ do: 'unplug', device: at, ms: hand.dice.pick([500, 20_000, 5 * minute]) }, ...edit(hand, device)];
  if (hand.dice.chance(0.5)) {
    const anywhere = failsAnywhere(hand, at);
    return hand.dice.chance(0.3) ? [anywhere, { do: 'sync', device: at }] : [...edit(hand, device), anywhere];
  }
  const [call, code] = hand.dice.pick([
    ['readdir', 'EACCES'],
    ['readdir', 'EIO'],
    ['lstat', 'EIO'],
    ['lstat', 'EACCES'],
    ['read', 'EIO'],
    ['open', 'EACCES'],
    ['write', 'ENOSPC'],
    ['rename', 'EBUSY'],
    ['link', 'EIO'],
    ['mkdir', 'ENOSPC'],
  ] as const);
  const path = hand.dice.chance(0.4) ? hand.some(device, 'file') : null;
  const failing: Action = {
    do: 'disk-fails',
    device: at,
    call,
    code,
    times: hand.dice.pick([1, 2, 5, 30]),
    ...(path === null ? {} : { name: path.slice(path.lastIndexOf('/') + 1) }),
  };
  return hand.dice.chance(0.5) ? [failing, { do: 'sync', device: at }] : [...edit(hand, device), failing];
}
