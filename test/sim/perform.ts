import { HoldfastError, isKind } from '../../src/common/errors.ts';
import { ownFolder, rulesFileName } from '../../src/common/name.ts';
import { worldStart } from './account.ts';
import { contentBytes, folded, rulesText, type Saving } from './content-book.ts';
import type { SimDevice } from './device.ts';
import type { Action } from './history.ts';
import { nameOf } from './sim-folder.ts';
import type { World } from './world.ts';

export interface Performing {
  perform(action: Action): void;
  /** Savings of editors that are under way. */
  readonly pending: number;
}

/** Steps of a disk's times in which a person may do two things, microseconds. */
const coarse = 1_000_000;

interface Backup {
  readonly state: SimDevice['kept'];
  /** Null: its disk was not there. */
  readonly putBackDisk: (() => void) | null;
}

type Handlers = { readonly [K in Action['do']]: (action: Extract<Action, { do: K }>, device: SimDevice) => void };

/** Carries out the steps of a history. */
export function performer(world: World): Performing {
  const { scheduler, dice, book } = world;
  const backups = new Map<number, Backup>();
  /** By device: what a copy in which it goes on lacks, and where. */
  const lacking = new Map<number, { readonly path: string; readonly names: readonly string[] }>();
  let pending = 0;

  /** A command goes on beside everything else. Of a process that died meanwhile nothing is heard. */
  const run = (what: string, device: SimDevice, work: () => Promise<string>): void => {
    const { processes } = device;
    work().then(
      (said) => world.tell(`device ${device.at}`, () => `${what}: ${said}`),
      (error: unknown) => {
        if (!device.isUp || device.processes !== processes) return;
        if (error instanceof HoldfastError && error.kind !== 'bug') {
          world.tell(`device ${device.at}`, () => `${what}: ${error.kind}, ${error.message}`);
        } else world.problem('bug', `${what} failed: ${error instanceof Error ? error.stack : String(error)}`);
      },
    );
  };

  const inParts = (parts: readonly (() => void)[]): void => {
    const [first, ...rest] = parts;
    first?.();
    if (rest.length === 0) return;
    pending++;
    scheduler.after(dice.next() * 5, () => {
      pending--;
      inParts(rest);
    });
  };

  const at = (device: SimDevice, path: string): string => `${device.folder.path}/${path}`;

  /** Whether that is what came from the vault and has no name yet. */
  const isStaged =
    ({ folder }: SimDevice) =>
    (path: string): boolean =>
      path.startsWith(`${folder.path}/${ownFolder}/stage/`);

  const act = (device: SimDevice, work: (person: SimDevice['folder']['disk']['person']) => void): void => {
    const { person } = device.folder.disk;
    const lacked = lacking.get(device.at);
    const isLacking = lacked !== undefined && person.statOf(at(device, lacked.path)) === null;
    world.act(device, () => work(person));
    // In a copy a thing is known by its name alone: who gives that to another one has replaced it.
    if (isLacking && person.statOf(at(device, lacked.path)) !== null)
      for (const name of lacked.names) world.unwant(name);
  };

  /** What a person moved and nothing synced is at risk until the disk has it. */
  const shake = (device: SimDevice, moved: readonly string[]): void => {
    for (const [path, { kind, bytes }] of device.folder.tree()) {
      if (kind !== 'file' || !moved.some((each) => path === each || path.startsWith(`${each}/`))) continue;
      book.all.get(nameOf(bytes))?.shakyAt.add(device.at);
    }
  };

  /**
   * What is replaced gets a second name, in the trash, before its first one is another file's. When the power was cut in
   * between, both are left, and what is written in place is under both; so it is where a person had given it another one.
   */
  const shareWithTrash = (device: SimDevice, name: string): void => {
    const content = book.all.get(name);
    if ((world.hasPowerCut || world.hasLinks) && content !== undefined && device.folder.trash().has(name))
      content.isCopied = true;
  };

  /** The place above or at `path` that has a name which a vault takes for one beside it: one of the two is set aside. */
  const namesake = (device: SimDevice, path: string): string | undefined => {
    const parts = path.split('/');
    const places = [...device.folder.tree().keys()];
    return parts
      .map((_, end) => parts.slice(0, end + 1).join('/'))
      .find((place) => places.some((other) => other !== place && folded(other) === folded(place)));
  };

  /** As programs do that leave no trace in the times. */
  const overwrite = (device: SimDevice, path: string, bytes: Uint8Array, isSynced: boolean): void => {
    const { person } = device.folder.disk;
    const below = path.slice(device.folder.path.length + 1);
    const before = device.folder.tree().get(below);
    person.write(path, bytes, { isSynced });
    if (before !== undefined) person.touch(path, before.mtimeUs);
  };

  /** Of an editor: some ten milliseconds. */
  const pauses = Array.from({ length: 20 }, () => (): void => undefined);

  const writing = (action: Extract<Action, { do: 'write' }>, device: SimDevice): readonly (() => void)[] => {
    const path = at(device, action.path);
    const { isSynced, how } = action;
    const bytes = contentBytes(action.content, action.size);
    const before = device.folder.disk.contentOf(path);
    const saving: Saving = {
      number: action.content,
      device: device.at,
      originalPath: scheduler.now === 0 && before === null ? action.path : null,
      isSynced: false,
      isAgain: before !== null && nameOf(before) === nameOf(bytes),
    };
    const save = (): void =>
      act(device, (person) => {
        if (how === 'replace') person.replace(path, bytes, { isSynced });
        else if (how === 'in place') overwrite(device, path, bytes, isSynced);
        else person.write(path, bytes, { isSynced });
        const saved = namesake(device, action.path) === undefined ? saving : { ...saving, originalPath: null };
        book.save(bytes, saved);
        world.sendings.saved(device.at, action.content);
        if (isSynced) {
          device.folder.syncParents(action.path);
          book.save(bytes, { ...saved, isSynced: true });
        }
        if (how === 'rewrite' || how === 'in place') shareWithTrash(device, nameOf(bytes));
        // In the second of its download nothing tells the one from the other.
        if (how === 'in place' && device.folder.disk.traits.ctimeStepUs >= coarse) world.unwant(nameOf(bytes));
      });
    if (how === 'replace' || how === 'in place') return [save];
    if (how === 'anew') return [() => act(device, (person) => person.remove(path)), ...pauses, save];
    if (how === 'rewrite') return [() => act(device, (person) => person.write(path, '')), save];
    // The old content is there all the time, under one name or the other.
    return [
      () => act(device, (person) => person.rename(path, `${path}~`)),
      save,
      () => act(device, (person) => person.remove(`${path}~`)),
    ];
  };

  const rotate = (device: SimDevice, paths: readonly string[]): void =>
    act(device, (person) => {
      const [first, ...rest] = paths;
      if (first === undefined || !paths.every((path) => person.exists(at(device, path)))) return;
      const beside = at(device, 'plum.turning');
      person.rename(at(device, first), beside);
      let free = first;
      for (const path of rest) {
        person.rename(at(device, path), at(device, free));
        free = path;
      }
      person.rename(beside, at(device, free));
      shake(device, paths);
    });

  /** What is at `from` is at another place as well from then on. */
  const twice = (
    device: SimDevice,
    from: string,
    work: (person: SimDevice['folder']['disk']['person']) => void,
  ): void =>
    act(device, (person) => {
      const bytes = device.folder.disk.contentOf(at(device, from));
      work(person);
      const known = bytes === null ? undefined : book.all.get(nameOf(bytes));
      if (known === undefined) return;
      known.isCopied = true;
      known.shakyAt.add(device.at);
      world.unwant(known.name);
    });

  const unwantAll = (): void => {
    for (const name of book.all.keys()) world.unwant(name);
  };

  const undo = async (device: SimDevice, back: number): Promise<string> => {
    const { pair } = await device.ready();
    const items = await pair.activity({ limit: 20, before: null });
    const item = items[back % Math.max(items.length, 1)];
    if (item === undefined) return 'there is nothing to undo';
    unwantAll();
    const done = await pair.undo(item.batch);
    unwantAll();
    // Undone creations are deletes: the history counts from now, also where somebody has not heard of it for long.
    world.destroyAll();
    return `batch ${item.batch}, without ${done.skipped.length}`;
  };

  const bringBack = async (device: SimDevice, number: number): Promise<string> => {
    const { pair } = await device.ready();
    const listed = await pair.list('', { isRecursive: true, withDeleted: true });
    const entry = listed[number % Math.max(listed.length, 1)];
    if (entry === undefined) return 'there is nothing';
    unwantAll();
    await pair.restore(entry.path, { revision: null });
    unwantAll();
    return entry.path;
  };

  const deselect = async (device: SimDevice, path: string): Promise<string> => {
    device.hasDeselected = true;
    const { pair } = await device.ready();
    await pair.setSelected(path, false);
    return 'not here any more';
  };

  const select = async (device: SimDevice, number: number): Promise<string> => {
    const { pair } = await device.ready();
    const left = await pair.deselected();
    const chosen = left[number % Math.max(left.length, 1)];
    if (chosen === undefined) return 'everything is here';
    await pair.setSelected(chosen.path, true);
    return chosen.path;
  };

  /** What a copy may lack, since others have all that is in it; nobody deleted that. */
  const spared = (device: SimDevice, path: string): string | null => {
    const others = world.devices.filter((other) => other !== device).map(({ folder }) => folder.contents(false));
    const names = [...device.folder.tree()]
      .filter(([at, { kind }]) => kind === 'file' && (at === path || at.startsWith(`${path}/`)))
      .map(([, { bytes }]) => nameOf(bytes));
    if (!names.every((name) => others.some((contents) => contents.has(name)))) return null;
    for (const name of names) world.seen[device.at]?.delete(name);
    lacking.set(device.at, { path, names });
    return path;
  };

  const takeFromTrash = async (device: SimDevice, number: number): Promise<string> => {
    const { pair } = await device.ready();
    const items = (await pair.trash()).filter(({ where }) => where === 'local');
    const item = items[number % Math.max(items.length, 1)];
    if (item === undefined) return 'there is nothing';
    unwantAll();
    const { path } = await pair.restoreTrashed(item);
    unwantAll();
    return `${path}`;
  };

  const emptyTrash = async (device: SimDevice): Promise<string> => {
    const { pair } = await device.ready();
    const { disk, trash, contents } = device.folder;
    const there = contents(false);
    // Only what is there already goes; where a disk's times are coarse nothing tells that from what comes right after it.
    const isCoarse = disk.traits.ctimeStepUs > 1;
    for (const name of isCoarse ? contents(true) : trash())
      if (isCoarse || !there.has(name)) world.seen[device.at]?.delete(name);
    return `${await pair.emptyTrash()} files`;
  };

  const handlers: Handlers = {
    write: (action, device) => inParts(writing(action, device)),
    'save-amid': ({ call, after, content, growth, how }, device) => {
      const { disk, path } = device.folder;
      const isSynced = after % 2 === 0;
      const isFile = (at: string): boolean =>
        at.startsWith(`${path}/`) && !at.startsWith(`${path}/${ownFolder}/`) && disk.contentOf(at) !== null;
      disk.meet({ calls: [call], path: isFile, nth: after }, (at) => {
        const below = at.slice(path.length + 1);
        const size = Math.max(0, (disk.contentOf(at)?.length ?? 0) + growth);
        world.tell(`device ${device.at}`, () => `${below} is saved in the middle of ${call}`);
        book.touch([below]);
        inParts(writing({ do: 'write', device: device.at, path: below, content, size, how, isSynced }, device));
      });
    },
    'save-while-fetching': ({ path, content, size, after }, device) => {
      const { disk } = device.folder;
      disk.meet({ calls: ['write'], path: isStaged(device), nth: after }, () => {
        world.tell(`device ${device.at}`, () => `${path} is saved in the middle of a download`);
        book.touch([path]);
        inParts(
          writing({ do: 'write', device: device.at, path, content, size, how: 'replace', isSynced: true }, device),
        );
      });
    },
    copy: ({ from, to }, device) => twice(device, from, (person) => person.copy(at(device, from), at(device, to))),
    folder: ({ path }, device) => act(device, (person) => person.makeFolder(at(device, path))),
    remove: ({ path }, device) => act(device, (person) => person.remove(at(device, path))),
    move: ({ from, to }, device) =>
      act(device, (person) => {
        const isOver = person.exists(at(device, to));
        person.rename(at(device, from), at(device, to));
        shake(device, [to]);
        // To replace one file by another is to edit the one and delete the other, as well as to move one.
        const moved = isOver ? device.folder.disk.contentOf(at(device, to)) : null;
        const content = moved === null ? undefined : book.all.get(nameOf(moved));
        if (content !== undefined) content.isCopied = true;
      }),
    rotate: ({ paths }, device) => rotate(device, paths),
    rules: ({ folder, number, names }, device) => {
      world.hasRules = true;
      const path = at(device, folder === undefined ? rulesFileName : `${folder}/${rulesFileName}`);
      act(device, (person) => {
        if (names.length > 0) person.replace(path, rulesText(number, names), { isSynced: true });
        else person.remove(path);
      });
    },
    touch: ({ path, ago }, device) =>
      act(device, (person) => person.touch(at(device, path), Math.floor(worldStart + scheduler.now - ago) * 1000)),
    exec: ({ path, isOff = false }, device) =>
      act(device, (person) => {
        // Without that bit nobody can look into a folder.
        const isFile = person.statOf(at(device, path))?.isFile() === true;
        if (isFile || !isOff) person.setExec(at(device, path), !isOff);
      }),
    link: ({ from, to }, device) => {
      world.hasLinks = true;
      // Who writes by one name is not heard of at the other one.
      device.folder.hasLostHints = true;
      twice(device, from, (person) => person.link(at(device, from), at(device, to)));
    },
    symlink: ({ path }, device) =>
      act(device, (person) => {
        if (person.exists(at(device, path))) person.remove(at(device, path));
        person.symlink(at(device, path), 'plum.elsewhere');
      }),
    lock: ({ path, ms }, device) =>
      act(device, (person) => {
        if (!person.exists(at(device, path))) return;
        const unlock = device.folder.disk.lock(at(device, path));
        pending++;
        scheduler.after(ms, () => {
          pending--;
          unlock();
        });
      }),
    sync: (_, device) => {
      if (!device.isUp) device.start();
      run('sync', device, async () => {
        const { pair } = await device.ready();
        const result = await pair.sync();
        return `${result.isConverged ? 'converged' : 'not converged'}, ${result.operations} operations`;
      });
    },
    plan: (_, device) =>
      run('plan', device, async () => {
        const { pair } = await device.ready();
        return JSON.stringify((await pair.plan({ verbose: false })).counts);
      }),
    pause: (_, device) => device.running?.pair.pause(),
    resume: (_, device) => device.running?.pair.resume(),
    resolve: ({ choice }, device) => run('resolve', device, () => resolveHeld(device, choice)),
    undo: ({ back }, device) => run('undo', device, () => undo(device, back)),
    'bring-back': ({ number }, device) => run('bring back', device, () => bringBack(device, number)),
    deselect: ({ path }, device) => run('deselect', device, () => deselect(device, path)),
    select: ({ number }, device) => run('select', device, () => select(device, number)),
    'empty-trash': (_, device) => run('empty trash', device, () => emptyTrash(device)),
    'add-again': (_, device) =>
      run('add again', device, async () => {
        if (device.folder.isUnplugged) return 'its disk is not there';
        backups.delete(device.at);
        await device.addAgain();
        return 'done';
      }),
    locate: ({ without }, device) =>
      run('locate', device, async () => {
        if (device.folder.isUnplugged) return 'its disk is not there';
        backups.delete(device.at);
        await device.locate(() => (without === undefined ? null : spared(device, without)));
        return 'done';
      }),
    'take-from-trash': ({ number }, device) => run('take from trash', device, () => takeFromTrash(device, number)),
    'delete-vault': (_, device) => {
      world.isUnwanted = true;
      run('delete vault', device, async () => {
        await world.server.deleteVault();
        return 'done';
      });
    },
    'server-backup': () => world.server.backUp(),
    'server-put-back': () => {
      if (world.server.putBack()) world.isPutBack = true;
    },
    'lose-home': (_, device) => {
      // Nobody lets in again who was removed, before they say so.
      if (device.folder.isUnplugged || device === world.removed || device.login.device !== device.at) return;
      backups.delete(device.at);
      world.logInAnew(device);
    },
    'server-jump': ({ ms }) => {
      world.server.offset += ms;
    },
    revoke: (_, device) =>
      run('revoke', device, async () => {
        if (world.nextRemoved === device) return 'it is the one';
        const { revoke } = await device.ready();
        return (await revoke()) ? 'done' : 'nobody is left';
      }),
    die: ({ isOncePlaced = false, ...death }, device) => {
      const { disk, isUnplugged } = device.folder;
      const expect = (): void => device.expect({ ...death, isPowerCut: death.isPowerCut && !isUnplugged });
      if (!isOncePlaced) return expect();
      if (!isUnplugged) disk.meet({ calls: ['link', 'rename'], path: isStaged(device), nth: 1 }, expect);
    },
    stop: (_, device) =>
      run('stop', device, async () => {
        await device.stop();
        return 'stopped';
      }),
    start: (_, device) => device.start(),
    cut: (_, { line }) => {
      line.isCut = true;
    },
    heal: (_, { line }) => {
      line.isCut = false;
      line.listen();
    },
    jump: ({ ms }, device) => {
      device.offset += ms;
    },
    backup: (_, device) => {
      const { folder, kept, running } = device;
      backups.set(device.at, {
        state: { ...kept, index: running?.index.bytes() ?? kept.index },
        putBackDisk: folder.isUnplugged ? null : folder.disk.image(),
      });
    },
    unplug: ({ ms }, device) => {
      // Before it was the pair's folder once, an empty one would be as good.
      if (device.folder.isUnplugged || (device.running?.index.read.meta('root') ?? null) === null) return;
      // A power cut could take the index back to before that.
      device.expect({ where: 'call', after: Number.POSITIVE_INFINITY, isPowerCut: false });
      device.folder.unplug();
      pending++;
      scheduler.after(ms, () => {
        pending--;
        device.folder.plug();
      });
    },
    'disk-fails': ({ call, code, times, name }, { folder }) => {
      // Not the folder itself: what is in it is known to be unknown then anyway.
      const isInside = (path: string): boolean =>
        path.startsWith(`${folder.path}/`) &&
        !path.includes('/.holdfast') &&
        !path.endsWith('/.') &&
        (name === undefined || path.endsWith(`/${name}`));
      folder.disk.fail({ code, calls: [call], path: isInside, times });
    },
    'disk-fails-anywhere': ({ call, code, after, times, name }, { folder }) => {
      const calls = call === undefined ? {} : { calls: [call] };
      const isInside = (path: string): boolean =>
        (path === folder.path || path.startsWith(`${folder.path}/`)) &&
        (name === undefined || path.endsWith(`/${name}`));
      folder.disk.fail({ code, ...calls, path: isInside, nth: after, times });
    },
    restore: ({ isWhole = false }, device) => {
      const backup = backups.get(device.at);
      if (backup === undefined || device.folder.isUnplugged) return;
      if (isWhole && backup.putBackDisk === null) return;
      device.finish();
      if (isWhole && backup.putBackDisk !== null) world.putBackDisk(device, backup.putBackDisk);
      Object.assign(device.kept, backup.state);
      device.start();
    },
    'lose-index': (_, device) => {
      if (device.folder.isUnplugged) return;
      device.finish();
      device.kept.index = null;
      device.start();
    },
    'server-dies': ({ after }) => world.server.crashAfter(after),
    'server-starts': () => world.server.start(),
    room: ({ bytes }) => world.server.setRoom(bytes),
    days: ({ days }) => world.passDays(days),
  };

  return {
    perform(action) {
      if (scheduler.now > 0) book.touch(placesIn(action));
      const device = world.devices['device' in action ? action.device : 0];
      if (device === undefined) return;
      (handlers[action.do] as (action: Action, device: SimDevice) => void)(action, device);
      if (scheduler.now > 0) return;
      book.touch(placesIn(action).flatMap((path) => namesake(device, path) ?? []));
    },
    get pending() {
      return pending;
    },
  };
}

function placesIn(action: Action): readonly string[] {
  if ('path' in action) return [action.path];
  if ('paths' in action) return action.paths;
  return 'from' in action ? [action.from, action.to] : [];
}

/** Decides about all deletions that wait for a person. */
export async function resolveHeld(device: SimDevice, choice: 'allow' | 'restore'): Promise<string> {
  const { pair } = await device.ready();
  let count = 0;
  for (const issue of await pair.issues()) {
    if (issue.kind !== 'held-deletes') continue;
    try {
      await pair.resolve(issue.id, choice);
      count++;
    } catch (error) {
      // A cycle that ran meanwhile ended it.
      if (!isKind(error, 'missing')) throw error;
    }
  }
  return `${choice} ${count}`;
}

/** Everything of the vault is to be on the device. What was deleted may come back later: ask again. */
export async function selectAll(device: SimDevice): Promise<void> {
  if (!device.hasDeselected) return;
  const { pair } = await device.ready();
  // What lies in something that is not selected either comes back after that.
  const left = [...(await pair.deselected())].sort((a, b) => a.path.length - b.path.length);
  for (const { path } of left) {
    try {
      await pair.setSelected(path, true);
    } catch (error) {
      // Somebody moved or deleted it meanwhile.
      if (!isKind(error, 'missing') && !isKind(error, 'usage')) throw error;
    }
  }
}
