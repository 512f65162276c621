import { must } from '../../../src/common/errors.ts';
import type { SimDevice } from '../device.ts';
import type { Action, Step } from '../history.ts';
import { type Dice, dice } from '../random.ts';
import type { World } from '../world.ts';

/** What comes after some of the steps of a history, whatever they are about. Draws from dice of its own: all else stays as it is without it. */
export type Extra = (world: World) => Step[];

const minute = 60_000;

const up = ({ devices }: World): readonly SimDevice[] => devices.filter(({ isUp }) => isUp);

const someFile = (own: Dice, device: SimDevice): string | null => {
  const files = [...device.folder.tree()].filter(([, { kind }]) => kind === 'file');
  return files.length === 0 ? null : must(own.pick(files)[0]);
};

/**
 * Who watches asks for news once a minute, and then forgets what is too old: versions, trash, journal. What goes for good
 * shares its bytes with what stays now and then.
 */
const weeks = (own: Dice): Extra => {
  const kept = (): string => `plum-kept-${own.below(4)}`;
  return ({ devices }) => {
    if (!own.chance(0.4)) return [];
    const device = own.pick(devices);
    const file = someFile(own, device);
    const copied: Step[] =
      file === null || own.chance(0.5)
        ? []
        : [[own.below(3000), { do: 'copy', device: device.at, from: file, to: kept() }]];
    const removed: Step[] = own.chance(0.7)
      ? []
      : [[own.below(3000), { do: 'remove', device: device.at, path: kept() }]];
    return [
      ...copied,
      ...removed,
      [0, { do: 'days', days: own.pick([8, 14]) }],
      [minute + own.below(10_000), { do: 'days', days: 1 }],
    ];
  };
};

/** Somebody removes a device of theirs, while others are offline or in the middle of something. */
const revocations =
  (own: Dice): Extra =>
  ({ devices }) => {
    const up = devices.filter(({ isUp }) => isUp);
    return up.length > 0 && own.chance(0.08) ? [[own.below(300), { do: 'revoke', device: own.pick(up).at }]] : [];
  };

/** The server is full, and later it is not. */
const fullServers = (own: Dice): Extra => {
  let isFull = false;
  return () => {
    if (!own.chance(0.2)) return [];
    isFull = !isFull;
    return [[own.below(300), { do: 'room', bytes: isFull ? own.pick([0, 500, 5000]) : null }]];
  };
};

/** Somebody asks for something while what just changed is being synced, mostly for what changes nothing itself. */
const decisions =
  (own: Dice): Extra =>
  ({ devices }) => {
    const up = devices.filter(({ isUp }) => isUp);
    if (up.length === 0 || !own.chance(0.5)) return [];
    const device = own.pick(up).at;
    const what = own.weighted({ plan: 4, undo: 1, 'bring-back': 1 });
    const decision: Action =
      what === 'undo'
        ? { do: what, device, back: own.below(4) }
        : what === 'plan'
          ? { do: what, device }
          : { do: what, device, number: own.below(20) };
    return [[Math.floor(own.next() ** 2 * 2000), decision]];
  };

/** Second names of one file, links, files that programs hold, and modes that change. */
const oddities =
  (own: Dice): Extra =>
  ({ devices }) => {
    const chosen = own.pick(devices);
    const file = own.chance(0.35) ? someFile(own, chosen) : null;
    const device = chosen.at;
    if (file === null) return [];
    const name = `plum-${own.pick(['a', 'b', 'c', 'other'])}`;
    const folder = file.slice(0, file.lastIndexOf('/') + 1);
    const what = own.weighted({ link: 4, symlink: 1, lock: 2, exec: 2 });
    const action: Action =
      what === 'link'
        ? { do: what, device, from: file, to: (own.chance(0.5) ? folder : '') + name }
        : what === 'symlink'
          ? { do: what, device, path: own.chance(0.5) ? file : folder + name }
          : what === 'lock'
            ? { do: what, device, path: file, ms: own.pick([50, 2000, 90_000]) }
            : { do: what, device, path: file, isOff: own.chance(0.5) };
    return [[own.below(2000), action]];
  };

/** Somebody who empties the trash, and takes a folder off the vault and puts it in again. */
const housekeeping =
  (own: Dice): Extra =>
  (world) => {
    if (up(world).length === 0 || !own.chance(0.15)) return [];
    const { at: device } = own.pick(up(world));
    return [[own.below(3000), { do: own.weighted({ 'empty-trash': 2, 'add-again': 1 }), device }]];
  };

/** Programs that save, and save again in the middle of what the app does with the file: looks at it, opens it, reads it. */
const busyFiles = (own: Dice): Extra => {
  let content = 4_000_000;
  return ({ devices }) => {
    if (!own.chance(0.35)) return [];
    const chosen = own.pick(devices);
    const device = chosen.at;
    const path = (own.chance(0.7) ? someFile(own, chosen) : null) ?? `plum-${own.pick(['a', 'b', 'busy'])}`;
    const first = { content: content++, size: 40 + own.below(60), how: own.pick(['rewrite', 'replace'] as const) };
    const call = own.pick(['lstat', 'open', 'read', 'read'] as const);
    const again = { content: content++, growth: own.pick([0, 0, 1, 30, -10]), after: 1 + own.below(4) };
    const drawn = own.pick(['rewrite', 'replace', 'in place'] as const);
    // Between the name of a download and the look at it that follows, nothing shows a write that sets the time back.
    const how = call === 'lstat' && drawn === 'in place' ? 'rewrite' : drawn;
    return [
      [own.below(2000), { do: 'save-amid', device, call, ...again, how }],
      [0, { do: 'write', device, path, ...first, isSynced: own.chance(0.5) }],
    ];
  };
};

/** Computers that lose their power right after something that came from another one got its name. */
const cutArrivals = (own: Dice): Extra => {
  let content = 5_000_000;
  return ({ devices }) => {
    if (!own.chance(0.3)) return [];
    const { at: device } = own.pick(devices);
    const other = own.pick(devices);
    if (other.at === device) return [];
    const file = own.chance(0.3) ? someFile(own, other) : null;
    const paths = Array.from({ length: 1 + own.below(3) }, (_, at) => `plum-came-${at}-${own.below(4)}`);
    const how = { isPowerCut: own.chance(0.8), isOncePlaced: true };
    return [
      [
        own.below(2000),
        own.chance(0.6)
          ? { do: 'die', device, where: 'commit', after: 1 + own.below(3), ...how }
          : { do: 'die', device, where: 'disk', after: 1 + own.below(12), ...how },
      ],
      ...(file === null ? paths : [file]).map((path): Step => {
        const size = 20 + own.below(200);
        return [0, { do: 'write', device: other.at, path, content: content++, size, how: 'replace', isSynced: true }];
      }),
      [0, { do: 'sync', device: other.at }],
      [own.below(3000), { do: 'sync', device }],
      ...(own.chance(0.6) ? [[own.below(10_000), { do: 'start', device }] as Step] : []),
    ];
  };
};

/** Programs that save twice within one tick of a coarse clock, while somebody asks for a sync. */
const quickSaves = (own: Dice): Extra => {
  let content = 6_000_000;
  return ({ devices }) => {
    if (!own.chance(0.3)) return [];
    const coarse = devices.filter(({ folder }) => folder.disk.traits.ctimeStepUs > 1);
    const chosen = own.pick(coarse.length > 0 ? coarse : devices);
    const device = chosen.at;
    const path = (own.chance(0.5) ? someFile(own, chosen) : null) ?? `plum-quick-${own.below(3)}`;
    const size = 40 + own.below(60);
    const save = (how: 'rewrite' | 'replace'): Action => {
      return { do: 'write', device, path, content: content++, size, how, isSynced: own.chance(0.5) };
    };
    return [
      [own.below(2000), save(own.pick(['rewrite', 'replace']))],
      [own.below(200), { do: 'sync', device }],
      [own.below(500), save('rewrite')],
      [own.below(200), { do: 'sync', device }],
    ];
  };
};

/** Somebody deletes offline what another one edits, and saves it anew just when that edit is fetched. */
const secondThoughts = (own: Dice): Extra => {
  let content = 7_000_000;
  return ({ devices }) => {
    const chosen = own.pick(devices);
    const other = own.pick(devices);
    const theirs = other.folder.tree();
    const shared = [...chosen.folder.tree()].filter(
      ([at, { kind }]) => kind === 'file' && theirs.get(at)?.kind === kind,
    );
    if (other === chosen || shared.length === 0 || own.chance(0.5)) return [];
    const [path] = must(own.pick(shared));
    const device = chosen.at;
    const saved = { content: content++, size: 40 + own.below(60) };
    const edited = { content: content++, size: own.pick([saved.size, 100]) };
    return [
      [own.below(2000), { do: 'cut', device }],
      [0, { do: 'write', device: other.at, path, ...edited, how: 'replace', isSynced: true }],
      [0, { do: 'sync', device: other.at }],
      [0, { do: 'remove', device, path }],
      [own.below(2000), { do: 'save-while-fetching', device, path, ...saved, after: 1 }],
      [2000, { do: 'heal', device }],
      [own.below(200), { do: 'sync', device }],
    ];
  };
};

/** Files of some chunks that change here and there. */
const largeFiles = (own: Dice): Extra => {
  let content = 1_000_000;
  return ({ devices }) => {
    if (!own.chance(0.12)) return [];
    const device = own.pick(devices);
    const path = own.pick(['plum-large', 'plum-large', 'plum-a']);
    const size = own.pick([1_300_000, 2_500_000, 2_500_000]);
    const how = own.pick(['rewrite', 'replace', 'in place'] as const);
    return [[own.below(2000), { do: 'write', device: device.at, path, content: content++, size, how, isSynced: true }]];
  };
};

/** Everything goes, which is held until somebody decides: soon, late or at the end, and others go on with it meanwhile. */
const clearances = (own: Dice): Extra => {
  const much = Array.from({ length: 12 }, (_, at) => `plum-${own.pick(['a', 'b', 'much'])}/plum-m${at}`);
  let content = 2_000_000;
  let phase: 'before' | 'full' | 'held' = 'before';
  return ({ devices }) => {
    if (!own.chance(0.25)) return [];
    const { at: device, folder } = own.pick(devices);
    const write = (path: string): Action => {
      const size = 20 + own.below(40);
      return { do: 'write', device, path, content: content++, size, how: 'replace', isSynced: true };
    };
    if (phase === 'before') {
      phase = 'full';
      const folders = [...new Set(much.map((path) => must(path.split('/')[0])))];
      return [
        ...folders.map((path): Step => [0, { do: 'folder', device, path }]),
        ...much.map((path): Step => [0, write(path)]),
        [own.pick([0, 3000]), { do: 'sync', device }],
      ];
    }
    if (phase === 'full') {
      phase = 'held';
      const tops = [...folder.tree().keys()].filter((path) => !path.includes('/'));
      const left = own.chance(0.3) ? tops.slice(1) : tops;
      return [
        ...left.map((path): Step => [own.below(3) * 100, { do: 'remove', device, path }]),
        [own.pick([0, 3000]), { do: 'sync', device }],
      ];
    }
    const what = own.weighted({ edit: 3, move: 1, resolve: 2, again: 1 });
    if (what === 'resolve') return [[own.below(5000), { do: what, device, choice: own.pick(['allow', 'restore']) }]];
    if (what === 'edit') return [[own.below(5000), write(own.pick(much))]];
    if (what === 'again') phase = own.pick(['before', 'full']);
    return what === 'move' ? [[own.below(5000), { do: what, device, from: own.pick(much), to: 'plum-c' }]] : [];
  };
};

/** Homes that are lost: the folder is as it was, full, and whoever logs in there knows of nothing. */
const lostHomes =
  (own: Dice): Extra =>
  ({ devices }) =>
    own.chance(0.06) ? [[own.below(3000), { do: 'lose-home', device: own.pick(devices).at }]] : [];

/** Whole computers that are put back as they were, their state and their folder. */
const snapshots = (own: Dice): Extra => {
  const taken = new Set<number>();
  return ({ devices }) => {
    if (!own.chance(0.2)) return [];
    const { at: device } = own.pick(devices);
    const wait = own.below(3000);
    if (!taken.delete(device)) {
      taken.add(device);
      return [[wait, { do: 'backup', device }]];
    }
    return [[wait, { do: 'restore', device, isWhole: true }]];
  };
};

/** Folders that go to another disk, mostly while something else is under way, and now and then as an older copy. */
const otherDisks =
  (own: Dice): Extra =>
  ({ devices }) => {
    if (!own.chance(0.2)) return [];
    const { at: device, folder } = own.pick(devices);
    const paths = [...folder.tree().keys()];
    const lacks = own.chance(0.5) && paths.length > 0;
    return [[own.below(3000), { do: 'locate', device, ...(lacks && { without: own.pick(paths) }) }]];
  };

const yearMs = 365 * 24 * 60 * minute;

/** Clocks that are years away, and back again later, or not; that of the server now and then as well. */
const years = (own: Dice): Extra => {
  const away = new Map<number | 'server', number>();
  return ({ devices }) => {
    if (!own.chance(0.2)) return [];
    const who = own.chance(0.15) ? 'server' : own.pick(devices).at;
    const before = away.get(who) ?? 0;
    const after = before !== 0 && own.chance(0.6) ? 0 : own.pick([-50, -20, -1, 1, 2, 30, 150]) * yearMs;
    away.set(who, after);
    const ms = after - before;
    const wait = own.pick([0, 500, 90_000]);
    return [[wait, who === 'server' ? { do: 'server-jump', ms } : { do: 'jump', device: who, ms }]];
  };
};

/** By how often they come. */
const kinds = {
  weeks: { share: 1 / 8, make: weeks },
  'full servers': { share: 1 / 8, make: fullServers },
  revocations: { share: 1 / 6, make: revocations },
  decisions: { share: 1 / 4, make: decisions },
  oddities: { share: 1 / 6, make: oddities },
  housekeeping: { share: 1 / 6, make: housekeeping },
  clearances: { share: 1 / 10, make: clearances },
  'lost homes': { share: 1 / 10, make: lostHomes },
  snapshots: { share: 1 / 10, make: snapshots },
  'other disks': { share: 1 / 8, make: otherDisks },
  years: { share: 1 / 10, make: years },
  'busy files': { share: 1 / 6, make: busyFiles },
  'cut arrivals': { share: 1 / 8, make: cutArrivals },
  'quick saves': { share: 1 / 16, make: quickSaves },
  'second thoughts': { share: 1 / 16, make: secondThoughts },
  'large files': { share: 1 / 12, make: largeFiles },
} as const satisfies Readonly<Record<string, { readonly share: number; readonly make: (own: Dice) => Extra }>>;

type ExtraName = keyof typeof kinds;

/** Null: the seed's history goes without. */
function diceFor(seed: number, name: ExtraName): Dice | null {
  const own = dice(seed, name);
  return own.chance(kinds[name].share) ? own : null;
}

export const hasExtra = (seed: number, name: ExtraName): boolean => diceFor(seed, name) !== null;

export const extras = (seed: number): readonly Extra[] =>
  (Object.keys(kinds) as ExtraName[]).flatMap((name) => {
    const own = diceFor(seed, name);
    return own === null ? [] : [kinds[name].make(own)];
  });
