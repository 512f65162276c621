import { must } from '../../src/common/errors.ts';
import { mostDevices } from './account.ts';
import type { SimDevice } from './device.ts';
import { simDisks } from './disk/sim-traits.ts';
import type { Action, History, Step } from './history.ts';
import { type Dice, dice } from './random.ts';
import type { World } from './world.ts';

/** The next step, given how things are; null at the end. */
export type DrawStep = (world: World) => Step | null;

type DiskName = keyof typeof simDisks;

const minute = 60_000;
const hour = 60 * minute;

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
const otherDisks = (Object.keys(simDisks) as DiskName[]).filter((name) => name !== 'ext4');

/** What kind of history it is: how often which trouble comes. */
interface Mood {
  readonly edits: number;
  readonly commands: number;
  readonly deaths: number;
  readonly lines: number;
  readonly state: number;
  readonly people: number;
  /** Only in harsh histories: of disks, and of two people who change one thing. */
  readonly disks: number;
  readonly meetings: number;
}

const moods: readonly Mood[] = [
  { edits: 10, commands: 3, deaths: 0, lines: 0, state: 0, people: 0, disks: 0, meetings: 0 },
  { edits: 10, commands: 2, deaths: 4, lines: 0, state: 0, people: 0, disks: 0, meetings: 0 },
  { edits: 10, commands: 2, deaths: 1, lines: 4, state: 0, people: 0.5, disks: 0, meetings: 0 },
  { edits: 10, commands: 2, deaths: 1, lines: 1, state: 2, people: 1, disks: 0, meetings: 0 },
  { edits: 10, commands: 2, deaths: 2, lines: 2, state: 0.5, people: 0.5, disks: 0, meetings: 0 },
];

export function draw(seed: number): { readonly history: History; readonly next: DrawStep } {
  const dice_ = dice(seed, 'history');
  const isRough = dice_.chance(0.4);
  const count = dice_.pick([2, 2, 2, 2, 3, 3, 3, 4, mostDevices]);
  const isMixed = dice_.chance(0.35);
  const isDeaf = dice_.chance(0.15);
  const history: History = {
    seed,
    devices: Array.from({ length: count }, () => ({
      disk: isMixed ? dice_.pick(otherDisks) : 'ext4',
      isWatching: dice_.chance(0.65),
      deafness: isDeaf ? dice_.pick([0.1, 0.5, 1]) : 0,
    })),
    line: isRough
      ? {
          latency: dice_.pick([20, 200, 2000]),
          lost: dice_.pick([0, 0.02, 0.1]),
          lostReply: dice_.pick([0, 0.05, 0.2]),
          duplicate: dice_.pick([0, 0.1]),
          lostHint: dice_.pick([0, 0.3]),
        }
      : { latency: dice_.pick([5, 50]), lost: 0, lostReply: 0, duplicate: 0, lostHint: 0 },
    graceMinutes: dice_.pick([10, 7 * 24 * 60]),
    ...newNodesInPlan(seed),
    steps: [],
  };
  const mood = dice_.pick(moods);
  const isTricky = isMixed && dice_.chance(0.7);
  if (seed % 3 !== 0) return { history, next: drawer(dice_, mood, isTricky) };
  const harsh = dice(seed, 'harsh');
  const devices = history.devices.map((device) => ({ ...device, slowness: harsh.pick([2, 20, 100, 400]) }));
  const graceMinutes = harsh.pick([1, history.graceMinutes]);
  return {
    history: { ...history, devices, graceMinutes },
    next: drawer(dice_, { ...mood, disks: harsh.pick([0, 1, 3]), meetings: harsh.pick([0, 5, 15]) }, isTricky, true),
  };
}

/** Half of all plan in small parts, as a first sync of very many files is. */
function newNodesInPlan(seed: number): Pick<History, 'newNodesInPlan'> {
  const own = dice(seed, 'plans');
  return own.chance(0.5) ? { newNodesInPlan: own.pick([1, 4]) } : {};
}

function drawer(dice: Dice, mood: Mood, isTricky: boolean, isHarsh = false): DrawStep {
  let left = 14 + dice.below(26);
  let content = 0;
  const queue: Step[] = [];
  /** Where changes met last: others go there too. */
  let hot = 'plum-a';
  let isServerUp = true;

  const pause = (): number =>
    dice.chance(0.25)
      ? 0
      : dice.chance(0.9)
        ? Math.floor(dice.next() ** 3 * 3000)
        : dice.pick([20_000, 2 * minute, 7 * minute]);
  const name = (): string => (isTricky && dice.chance(0.35) ? dice.pick(trickyNames) : dice.pick(plainNames));

  const paths = (device: SimDevice, kind: 'file' | 'folder' | 'any'): string[] =>
    [...device.folder.tree()]
      .filter(([, node]) => node.kind === kind || (kind === 'any' && node.kind !== 'symlink'))
      .map(([path]) => path);
  const some = (device: SimDevice, kind: 'file' | 'folder' | 'any'): string | null => {
    const all = paths(device, kind);
    if (all.length === 0) return null;
    return all.includes(hot) && dice.chance(0.3) ? hot : dice.pick(all);
  };
  const place = (device: SimDevice): string => {
    if (dice.chance(0.15)) return hot;
    const folder = dice.chance(0.5) ? some(device, 'folder') : null;
    const depth = folder === null ? 0 : folder.split('/').length;
    return folder === null || depth > 3 ? name() : `${folder}/${name()}`;
  };
  /** Sizes that are the same tell nothing about contents that are not. */
  const size = (): number => (isHarsh && dice.chance(0.5) ? 40 : usualSize());
  const usualSize = (): number => (dice.chance(0.015) ? 1_100_000 : dice.chance(0.03) ? 0 : 12 + dice.below(300));

  const write = (device: SimDevice, path: string): Action => ({
    do: 'write',
    device: device.at,
    path,
    content: ++content,
    size: size(),
    how: dice.weighted({ rewrite: 4, replace: 3, vim: 1 }),
    isSynced: dice.chance(0.6),
  });

  const edit = (device: SimDevice): Action[] => {
    const at = device.at;
    const file = some(device, 'file');
    const any = some(device, 'any');
    const what = dice.weighted({
      create: 5,
      edit: 5,
      folder: 2,
      remove: 3,
      move: 5,
      rename: 2,
      rotate: 1,
      type: 1,
      copy: 1,
      touch: 0.5,
      exec: 0.5,
      nest: 1,
    });
    switch (what) {
      case 'edit':
        return file === null ? [write(device, place(device))] : [write(device, file)];
      case 'folder':
        return [{ do: 'folder', device: at, path: place(device) }];
      case 'remove':
        return any === null ? [] : [{ do: 'remove', device: at, path: any }];
      case 'move':
        return any === null ? [] : [{ do: 'move', device: at, from: any, to: place(device) }];
      case 'rename': {
        if (any === null) return [];
        const parent = any.includes('/') ? any.slice(0, any.lastIndexOf('/') + 1) : '';
        return [{ do: 'move', device: at, from: any, to: parent + name() }];
      }
      case 'rotate': {
        const all = paths(device, 'any').filter((path) => !path.includes('/'));
        if (all.length < 2) return [];
        const start = dice.below(all.length);
        const turned = [...all.slice(start), ...all.slice(0, start)].slice(0, 2 + dice.below(2));
        return [{ do: 'rotate', device: at, paths: turned }];
      }
      case 'type':
        if (any === null) return [];
        return [
          { do: 'remove', device: at, path: any },
          dice.chance(0.5) ? { do: 'folder', device: at, path: any } : write(device, any),
        ];
      case 'copy':
        return file === null ? [] : [{ do: 'copy', device: at, from: file, to: place(device) }];
      case 'touch':
        return file === null ? [] : [{ do: 'touch', device: at, path: file, ago: dice.pick([0, hour, 1000 * hour]) }];
      case 'exec':
        return file === null ? [] : [{ do: 'exec', device: at, path: file }];
      case 'nest': {
        const folder = place(device);
        return [
          { do: 'folder', device: at, path: folder },
          write(device, `${folder}/${name()}`),
          { do: 'folder', device: at, path: `${folder}/${name()}` },
          write(device, `${folder}/${name()}`),
        ];
      }
      default:
        return [write(device, place(device))];
    }
  };

  const edits = (world: World): Action[] => {
    const device = dice.pick(world.devices);
    const actions: Action[] = [];
    for (let count = dice.pick([1, 1, 1, 2, 3, 5]); count > 0; count--) actions.push(...edit(device));
    const touched = actions[0];
    if (touched !== undefined && 'path' in touched) hot = touched.path;
    // Somebody else changes the same at about the same time.
    if (dice.chance(0.35)) {
      const other = dice.pick(world.devices);
      if (other !== device) actions.push(...edit(other));
    }
    return actions;
  };

  const death = (world: World): Action[] => {
    const device = dice.pick(world.devices);
    if (!device.isUp) return [{ do: 'start', device: device.at }];
    const where = dice.pick(['call', 'disk', 'commit'] as const);
    const most = { call: 40, disk: 60, commit: 12 }[where];
    const dying: Action = {
      do: 'die',
      device: device.at,
      where,
      after: 1 + dice.below(most),
      isPowerCut: dice.chance(0.5),
    };
    return dice.chance(0.6) ? [...edit(device), dying, { do: 'sync', device: device.at }] : [dying];
  };

  const trouble = (world: World): Action[] => {
    const { at, line } = dice.pick(world.devices);
    if (!isServerUp) {
      isServerUp = true;
      return [{ do: 'server-starts' }];
    }
    if (dice.chance(0.25)) {
      isServerUp = false;
      return [{ do: 'server-dies', after: 1 + dice.below(20) }];
    }
    return [line.isCut ? { do: 'heal', device: at } : { do: 'cut', device: at }];
  };

  const stateChange = (world: World): Action[] => {
    const { at, isUp } = dice.pick(world.devices);
    const what = dice.weighted({ backup: 3, restore: 3, 'lose-index': 1, jump: 2, stop: 2 });
    switch (what) {
      case 'jump':
        return [{ do: 'jump', device: at, ms: dice.pick([-2, -1, 1, 5, 26]) * dice.pick([minute, hour]) }];
      case 'stop':
        return [isUp ? { do: 'stop', device: at } : { do: 'start', device: at }];
      default:
        return [{ do: what, device: at }];
    }
  };

  const person = (world: World): Action[] => {
    const { at } = dice.pick(
      world.devices.filter(({ isUp }) => isUp).length > 0 ? world.devices.filter(({ isUp }) => isUp) : world.devices,
    );
    const what = dice.weighted({ pause: 2, resume: 2, resolve: 1, undo: 1, 'bring-back': 1 });
    if (what === 'resolve') return [{ do: 'resolve', device: at, choice: dice.pick(['allow', 'restore']) }];
    if (what === 'undo') return [{ do: 'undo', device: at, back: dice.below(4) }];
    if (what === 'bring-back') return [{ do: 'bring-back', device: at, number: dice.below(20) }];
    return [{ do: what, device: at }];
  };

  const diskTrouble = (world: World): Action[] => {
    const device = dice.pick(world.devices);
    const { at } = device;
    if (dice.chance(0.3))
      return [{ do: 'unplug', device: at, ms: dice.pick([500, 20_000, 5 * minute]) }, ...edit(device)];
    const [call, code] = dice.pick([
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
    const path = dice.chance(0.4) ? some(device, 'file') : null;
    const failing: Action = {
      do: 'disk-fails',
      device: at,
      call,
      code,
      times: dice.pick([1, 2, 5, 30]),
      ...(path === null ? {} : { name: path.slice(path.lastIndexOf('/') + 1) }),
    };
    return dice.chance(0.5) ? [failing, { do: 'sync', device: at }] : [...edit(device), failing];
  };

  const slowly = (device: SimDevice, path: string): Action => ({
    ...(write(device, path) as Extract<Action, { do: 'write' }>),
    how: dice.pick(['anew', 'in place']),
  });

  /** One change of a file that is in a folder, or of the folder. */
  const change = (device: SimDevice, path: string): Action[] => {
    const at = device.at;
    const folder = path.slice(0, path.lastIndexOf('/'));
    const beside = paths(device, 'file').find((other) => other !== path) ?? path;
    const what = dice.weighted({
      edit: 4,
      'edit twice': 2,
      'edit slowly': 2,
      delete: 2,
      'delete folder': 3,
      rename: 1,
      'rename folder': 1,
      out: 1,
      in: 1,
      type: 1,
      over: 1,
      exchange: 1,
      exec: 1,
    });
    switch (what) {
      case 'edit':
        return [write(device, path)];
      case 'edit twice':
        return [write(device, path), write(device, path)];
      case 'edit slowly':
        return [slowly(device, path)];
      case 'delete':
        return [{ do: 'remove', device: at, path }];
      case 'delete folder':
        return [{ do: 'remove', device: at, path: folder }];
      case 'rename':
        return [{ do: 'move', device: at, from: path, to: `${folder}/${name()}` }];
      case 'rename folder':
        return [{ do: 'move', device: at, from: folder, to: name() }];
      case 'out':
        return [{ do: 'move', device: at, from: path, to: name() }];
      case 'in':
        return [{ do: 'move', device: at, from: folder, to: place(device) }];
      case 'over':
        return [{ do: 'move', device: at, from: beside, to: path }, write(device, path)];
      case 'exchange':
        return beside === path ? [] : [{ do: 'rotate', device: at, paths: [path, beside] }];
      case 'exec':
        return [{ do: 'exec', device: at, path }];
      default:
        return [{ do: 'remove', device: at, path }, write(device, `${path}/${name()}`)];
    }
  };

  /** The same file or, in the same place, another one, made by two people. */
  const sameTwice = (a: SimDevice, b: SimDevice): Action[] => {
    const one = write(a, place(a)) as Extract<Action, { do: 'write' }>;
    const exec: Action[] = dice.chance(0.4) ? [{ do: 'exec', device: a.at, path: one.path }] : [];
    return [one, ...exec, { ...one, device: b.at }];
  };

  /** Two folders that two people put into each other. */
  const intoEachOther = (a: SimDevice, b: SimDevice, one: string, other: string): Action[] => [
    { do: 'move', device: a.at, from: one, to: `${other}/${name()}` },
    { do: 'move', device: b.at, from: other, to: `${one}/${name()}` },
  ];

  /** Two people change one thing at once, or one of them as soon as the other one's device has begun to sync. */
  const meeting = (world: World): Action[] => {
    const device = dice.pick(world.devices);
    const others = world.devices.filter((other) => other !== device);
    const inFolders = paths(device, 'file').filter((path) => path.includes('/'));
    if (inFolders.length === 0 || others.length === 0) {
      const folder = name();
      return [
        { do: 'folder', device: device.at, path: folder },
        write(device, `${folder}/${name()}`),
        write(device, `${folder}/${name()}`),
      ];
    }
    const path = dice.pick(inFolders);
    const other = dice.pick(others);
    if (dice.chance(0.1)) return sameTwice(device, other);
    const [one, two] = paths(device, 'folder').filter((folder) => !folder.includes('/'));
    if (one !== undefined && two !== undefined && dice.chance(0.15)) return intoEachOther(device, other, one, two);
    const begun: Action[] = dice.chance(0.5) ? [{ do: 'sync', device: device.at }] : [];
    return [
      ...change(device, path),
      ...begun,
      ...change(other, path),
      ...(dice.chance(0.3) ? change(device, path) : []),
    ];
  };

  const actions = (world: World): Action[] => {
    switch (dice.weighted({ ...mood })) {
      case 'edits':
        return edits(world);
      case 'commands':
        return [{ do: 'sync', device: dice.pick(world.devices).at }];
      case 'deaths':
        return death(world);
      case 'lines':
        return trouble(world);
      case 'state':
        return stateChange(world);
      case 'disks':
        return diskTrouble(world);
      case 'meetings':
        return meeting(world);
      default:
        return person(world);
    }
  };

  return (world) => {
    while (queue.length === 0) {
      if (left-- <= 0) return null;
      const isTogether = dice.chance(0.7);
      for (const [number, action] of actions(world).entries()) {
        queue.push([number > 0 && isTogether ? 0 : pause(), action]);
      }
    }
    return must(queue.shift());
  };
}
