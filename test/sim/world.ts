import { must } from '../../src/common/errors.ts';
import type { ObjectId } from '../../src/common/ids.ts';
import { mostDevices, plantedName, type SimAccount, simAccount, spareOf } from './account.ts';
import { type ContentBook, contentBook, plantedContent } from './content-book.ts';
import { type SimDevice, simDevice } from './device.ts';
import { simDisks } from './disk/sim-traits.ts';
import { type GivenTimes, givenTimes } from './given-times.ts';
import type { DeviceSetup, History } from './history.ts';
import { type Lately, lately } from './lately.ts';
import { line } from './network.ts';
import { type Dice, dice } from './random.ts';
import { type Scheduler, scheduler } from './scheduler.ts';
import { type Sendings, sendings } from './sendings.ts';
import { usualGrace } from './server/server-logic.ts';
import { type SimServer, simServer } from './server/sim-server.ts';
import { nameOf, simFolder } from './sim-folder.ts';

/** A server, devices, lines between them, and people; all on one virtual time. */
export interface World {
  readonly scheduler: Scheduler;
  readonly dice: Dice;
  readonly server: SimServer;
  /** The one that is synced under. */
  readonly account: SimAccount;
  /** The device that was removed from the account and has not logged in anew, if any. */
  readonly removed: SimDevice | null;
  /** The device that is the next one to be removed, if it is any of these. */
  readonly nextRemoved: SimDevice | null;
  /** Its owner told the server to delete the vault, whether it heard that or not. */
  isUnwanted: boolean;
  /** The server has forgotten something. */
  isPutBack: boolean;
  /** The folder of a computer is what it was some time ago. */
  putBackDisk(device: SimDevice, putBack: () => void): void;
  /** What the device kept is lost, with its keys: it logs in as another device of the account. */
  logInAnew(device: SimDevice): void;
  /** All go on with another account of the server and a new vault, their folders being as they are. */
  turn(): Promise<void>;
  readonly devices: readonly SimDevice[];
  /** One more device of the account, with an empty folder, that knows nothing of the vault yet; null if there is none left. */
  newcomer(): SimDevice | null;
  readonly book: ContentBook;
  /** What must never happen, as it happened. */
  readonly problems: Problem[];
  readonly problem: (oracle: string, message: string) => void;
  /** One line of the story; made only if someone reads it. */
  readonly tell: (who: string, line: () => string) => void;
  /** By device: contents that were in its folder and that nobody there overwrote or deleted. */
  readonly seen: readonly Pick<Lately, 'names' | 'isForgotten' | 'delete'>[];
  /** Contents that were in any folder. */
  readonly seenAnywhere: Pick<Lately, 'isForgotten'>;
  /** Contents by when the first person destroyed a last copy: the history may count from then, whoever else had it still. */
  readonly destroyed: Pick<Lately, 'isForgotten'>;
  readonly sendings: Pick<Sendings, 'saved' | 'needless'>;
  readonly times: Pick<GivenTimes, 'isGiven'>;
  /** For everybody, at once. */
  passDays(days: number): void;
  /** Something may be left out by rules: a folder need not be as the vault is. */
  hasRules: boolean;
  /** Files may have several names. */
  hasLinks: boolean;
  /** Files may hold what nobody saved. */
  readonly hasPowerCut: boolean;
  /** A person or another program acts on a device's folder, at once. Null: it could not. */
  act<T>(device: SimDevice, work: () => T): T | null;
  /** A person may have deleted any of them by the app. */
  destroyAll(): void;
  /** From here on a content need not stay in the trees: a person overwrote or deleted it. */
  unwant(name: string): void;
  close(): void;
}

export interface Problem {
  /** Which rule was broken, in a word. */
  readonly oracle: string;
  readonly message: string;
}

/** Longest time of a call to the disk, milliseconds. */
const usualSlowness = 2;

/** Four bytes alone are in random ones now and then: names with what comes after them in a history, or before. */
const canaries = [
  `${plantedContent} `,
  ...['-', '.', ':', 'x', ' '].map((next) => plantedName + next),
  `.${plantedName}`,
  'conflict from',
].map((word) => Buffer.from(word));

export async function openWorld(history: History, story: ((line: string) => void) | null): Promise<World> {
  const { seed } = history;
  const removed = history.removed ?? null;
  let account = await simAccount({ number: 1, removed });
  const clock = scheduler(dice(seed, 'order'));
  const problems: Problem[] = [];
  const problem = (oracle: string, message: string): void => {
    problems.push({ oracle, message });
    tell('world', () => `PROBLEM (${oracle}): ${message}`);
  };
  const tell: World['tell'] = (who, text) => {
    if (story !== null) story(`${(clock.now / 1000).toFixed(3).padStart(10)} s  ${who}: ${text()}`);
  };
  const book = contentBook();
  const server = await simServer({
    scheduler: clock,
    dice: dice(seed, 'server'),
    account,
    grace: { ...usualGrace, unreferenced: history.graceMinutes * 60_000 },
    onBug: (message) => problem('bug', message),
    onDeath: () => tell('server', () => 'dies'),
  });
  server.start();

  let hasPowerCut = false;
  const seen = history.devices.map(() => lately());
  const seenAnywhere = lately();
  const destroyed = lately();
  const times = givenTimes();
  const sent = sendings();

  const isAnywhere = (name: string): boolean => devices.some(({ folder }) => folder.contents(true).has(name));

  /** No trace of it is left, and nothing could know of it: nobody has to have it any more. */
  const excuse = (name: string): void => {
    const content = book.all.get(name);
    if (content === undefined || book.isInHistory(content, server.retained) || isAnywhere(name)) return;
    content.isExempt = true;
  };

  const unwant = (name: string): void => {
    const content = book.all.get(name);
    if (content === undefined) return;
    content.isWanted = false;
    excuse(name);
  };

  const aroundPowerCut = (at: number, cut: () => void): void => {
    const { folder } = must(devices[at]);
    const before = folder.contents(true);
    const placesBefore = placesOf({ folder });
    cut();
    hasPowerCut = true;
    times.note(folder.disk.snapshot(folder.path));
    const after = folder.contents(true);
    const placesAfter = placesOf({ folder });
    // An index that is taken back to before it went, being deselected, takes for an edit what a person puts there.
    if (must(devices[at]).hasDeselected) {
      for (const name of [...(seen[at]?.names() ?? [])]) if (!before.has(name)) unwant(name);
    }
    for (const name of before) {
      if (!after.has(name)) seen[at]?.delete(name);
      const content = book.all.get(name);
      if (content?.shakyAt.has(at) !== true) continue;
      const isMoved = String(placesAfter.get(name)) !== String(placesBefore.get(name));
      // Where a move is a delete and a new file, the delete may be carried out again, on what a person has put there since.
      if (after.has(name) && !isMoved && !content.isCopied) continue;
      content.isHandled = true;
      // Where a move is taken back that the vault knows already, nobody can tell that from a person's move over something.
      const fate = !after.has(name) ? 'gone' : isMoved ? 'where it was before' : 'where it is';
      tell(`device ${at}`, () => `${name} was not synced by the program that saved or moved it, and is ${fate}`);
      unwant(name);
    }
  };

  /** Where nothing tells a file by but its name, one on its way to another name is a new one to whoever starts next. */
  const estrange = (at: number): void => {
    const { disk, path } = must(devices[at]).folder;
    if (disk.traits.hasStableIds || disk.traits.hasBirthTimes) return;
    for (const [below, { kind, bytes }] of disk.snapshot(path)) {
      const content =
        kind === 'file' && below.startsWith('.holdfast/parked/') ? book.all.get(nameOf(bytes)) : undefined;
      if (content !== undefined) content.isHandled = true;
    }
  };

  const makeDevice = (setup: DeviceSetup, at: number): SimDevice => {
    const own = dice(seed, `device ${at}`);
    const login = { account, device: at };
    const name = `device ${at}`;
    const way = line({
      scheduler: clock,
      dice: dice(seed, `line ${at}`),
      server,
      caller: () => login.account.caller(login.device),
      entriesInPage: history.entriesInPage ?? Number.POSITIVE_INFINITY,
      onSent: (call, bytes) => {
        const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
        for (const word of canaries) {
          if (buffer.includes(word)) problem('leak', `${name} sent "${word}" plain with ${call}`);
        }
      },
      onPut: (objects) => sent.sent(at, objects),
      onCall: (call, outcome) => tell(name, () => `${call}: ${outcome}`),
    });
    way.faults = history.line;
    return simDevice({
      at,
      scheduler: clock,
      dice: own,
      login,
      folder: simFolder(clock, dice(seed, `disk ${at}`), simDisks[setup.disk], setup),
      line: way,
      isWatching: setup.isWatching,
      slowness: setup.slowness ?? usualSlowness,
      newNodesInPlan: history.newNodesInPlan,
      leastWorkMs: history.leastWorkMs,
      smallBytes: history.smallBytes,
      checkpointEntries: history.checkpointEntries,
      onBug: (message) => problem('bug', message),
      onSealed: (object: ObjectId, plain) => {
        book.sealed(object, plain);
        sent.sealed(object, plain);
      },
      onStatus: (status) => tell(name, () => status),
      onDeath: (how) => {
        tell(name, () => how);
        estrange(at);
      },
      onDisk: (what) => tell(name, what),
      aroundPowerCut: (cut) => aroundPowerCut(at, cut),
    });
  };
  const devices = history.devices.slice(0, mostDevices).map(makeDevice);
  let newcomer: SimDevice | null = null;

  return {
    scheduler: clock,
    dice: dice(seed, 'world'),
    server,
    get account() {
      return account;
    },
    get removed() {
      const device = removed === null ? undefined : devices[removed];
      return device?.login.device === removed && server.accountSeq > account.position(0) ? (device ?? null) : null;
    },
    get nextRemoved() {
      const device = removed === null ? undefined : devices[removed];
      return device?.login.device === removed && server.accountSeq === account.position(0) ? (device ?? null) : null;
    },
    isUnwanted: false,
    isPutBack: false,
    putBackDisk(device, putBack) {
      const { at, folder } = device;
      const before = placesOf(device);
      putBack();
      const after = placesOf(device);
      const there = folder.contents(true);
      for (const name of [...(seen[at]?.names() ?? [])]) if (!there.has(name)) seen[at]?.delete(name);
      const others = devices.filter((other) => other !== device);
      for (const name of new Set([...before.keys(), ...after.keys()])) {
        const content = book.all.get(name);
        if (content === undefined || String(before.get(name)) === String(after.get(name))) continue;
        content.isHandled = true;
        content.isCopied = true;
        // What others have comes back; what nobody else has is gone with what was done since.
        if (!others.some((other) => other.folder.contents(false).has(name))) unwant(name);
      }
    },
    logInAnew(device) {
      device.logInAnew({ account, device: spareOf(device.at) }, server.accountSeq - account.position(0));
    },
    async turn() {
      account = await simAccount({ number: 2, removed: null });
      await server.turnTo(account);
      for (const device of devices) device.logInAnew({ account, device: device.at }, 0);
      // What is deselected everywhere goes with the vault, and so do former versions.
      const isDeselected = devices.some(({ hasDeselected }) => hasDeselected);
      for (const { name, isWanted } of book.all.values()) if (isDeselected || !isWanted) excuse(name);
    },
    devices,
    book,
    problems,
    problem,
    tell,
    seen,
    seenAnywhere,
    destroyed,
    sendings: sent,
    times,
    passDays(days) {
      const ms = days * 24 * 3_600_000;
      const there = devices.map(({ folder }) => folder.contents(false));
      destroyed.pass(ms, () => false);
      seenAnywhere.pass(ms, (name) => there.some((names) => names.has(name)));
      for (const [at, own] of seen.entries()) own.pass(ms, (name) => must(there[at]).has(name));
      for (const device of devices) device.offset += ms;
      server.offset += ms;
    },
    newcomer() {
      if (devices.length < mostDevices)
        newcomer ??= makeDevice({ disk: 'ext4', isWatching: false, deafness: 0 }, devices.length);
      return newcomer;
    },
    hasRules: false,
    hasLinks: false,
    get hasPowerCut() {
      return hasPowerCut;
    },
    act(device, work) {
      if (device.folder.isUnplugged) return null;
      const before = placesOf(device);
      let result: ReturnType<typeof work> | null = null;
      try {
        result = work();
      } catch (error) {
        const code = (error as { code?: unknown }).code;
        if (typeof code !== 'string') throw error;
        tell(`device ${device.at}`, () => `not possible: ${code}`);
      }
      times.note(device.folder.tree());
      const after = placesOf(device);
      const own = seen[device.at];
      for (const [name, places] of before) {
        const left = after.get(name) ?? [];
        if (left.length === 0) own?.delete(name);
        if (left.length === 0 && !destroyed.has(name)) destroyed.add(name);
        // Of two copies that came about by a conflict, another person may destroy the other one.
        if (left.length < places.length) unwant(name);
        const content = book.all.get(name);
        if (content === undefined || String(left) === String(places)) continue;
        content.isHandled = true;
        // Where nothing tells a file by but its name, to move one is to make another one and to delete it.
        const { hasStableIds, hasBirthTimes } = device.folder.disk.traits;
        if (!hasStableIds && !hasBirthTimes) content.isCopied = true;
        if ([...left, ...places].some((path) => path.includes('(conflict from '))) content.isRenamedCopy = true;
      }
      for (const name of after.keys()) {
        if (!before.has(name)) destroyed.delete(name);
        own?.add(name);
        seenAnywhere.add(name);
      }
      return result;
    },
    destroyAll() {
      for (const name of book.all.keys()) if (!destroyed.has(name)) destroyed.add(name);
    },
    unwant,
    close() {
      for (const device of devices) device.close();
      newcomer?.close();
    },
  };
}

/** Where its folder holds each content, with the mode bit. */
function placesOf({ folder }: Pick<SimDevice, 'folder'>): Map<string, string[]> {
  const places = new Map<string, string[]>();
  for (const [path, { kind, bytes, exec }] of folder.tree()) {
    if (kind !== 'file') continue;
    const name = nameOf(bytes);
    const place = exec ? `${path} *` : path;
    const known = places.get(name);
    if (known === undefined) places.set(name, [place]);
    else known.push(place);
  }
  return places;
}
