import { appendFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { writeSmallFiles } from '../data/small-files.ts';
import { type Cost, measure } from '../measure/measure.ts';
import { createTools } from '../measure/tools.ts';
import { holdfastDevice, joinAccount, startServer } from '../peers/holdfast-programs.ts';
import { freshVolume, syncVolume } from '../volume.ts';
import { closeDatabase, forgetCheckpoints, logLength } from './server-database.ts';

/** What a folder of so many files costs. */
export interface TreeCost {
  readonly files: number;
  readonly bytes: number;
  readonly folders: number;
  /** First sync of the device that has it all. */
  readonly first: Cost;
  /** The same device with nothing changed, from a cold start. */
  readonly again: Cost;
  /** A cold start with one file changed. */
  readonly one: Cost;
  /** Bytes of the device's index when it is closed. */
  readonly indexBytes: number;
  /** A device that watches: milliseconds from a save until the server has it, the median of some. */
  readonly watchedMs: number;
  readonly watchedPeakMb: number;
  /** A new device from the checkpoint, and by replaying the whole log: until it knows every node and has planned. */
  readonly fromCheckpoint: Cost | null;
  readonly fromLog: Cost;
}

const saves = 5;
/** Milliseconds. */
const betweenSaves = 300;

/** `folders`: over how many the files are spread. */
export async function measureTree(base: string, files: number, bytes: number, folders: number): Promise<TreeCost> {
  const mib = 512 + Math.ceil((files * (bytes === 0 ? 9000 : 20_000)) / 2 ** 20);
  const volume = await freshVolume(base, mib);
  const tools = createTools();
  try {
    const at = (name: string): string => join(volume.root, name);
    for (const name of ['a', 'b', 'c', 'state', 'server']) await mkdir(at(name));
    writeSmallFiles(at('a'), { files, folders, leastBytes: bytes, mostBytes: bytes });
    await syncVolume(volume.root);

    const server = await startServer(tools, at('server'));
    const device = holdfastDevice(tools, at('state/a'));
    await joinAccount(device, server.url, true, at('a'));
    const sync = (): Promise<Cost> => measure(tools, volume.root, async () => void (await device.run('sync')));
    const first = await sync();
    const again = await sync();
    appendFileSync(join(at('a'), 'area-0', 'folder-0', 'file-0.dat'), 'changed');
    const one = await sync();
    const indexBytes = sizeOfIndex(device.home);

    const database = at('server');
    const daemon = await device.startDaemon();
    const watched: number[] = [];
    let watchedPeakMb = 0;
    const target = join(at('a'), 'area-0', 'folder-0', 'watched.txt');
    for (let save = 0; save < saves; save++) {
      await pause(betweenSaves);
      const before = logLength(database);
      const start = performance.now();
      const cost = await measure(tools, volume.root, async () => {
        writeFileSync(target, `save ${save}`);
        while (logLength(database) === before) await pause(1);
        watched.push(performance.now() - start);
      });
      watchedPeakMb = Math.max(watchedPeakMb, cost.devicePeakMb);
    }
    await tools.end(daemon);

    const bootstrap = async (name: string): Promise<Cost> => {
      const other = holdfastDevice(tools, at(`state/${name}`));
      await joinAccount(other, server.url, false, at(name));
      return measure(tools, volume.root, async () => void (await other.run('plan')));
    };
    const hasCheckpoint = forgetCheckpoints(database, { isDry: true }) > 0;
    const fromCheckpoint = hasCheckpoint ? await bootstrap('b') : null;
    forgetCheckpoints(database);
    const fromLog = await bootstrap('c');
    watched.sort((left, right) => left - right);
    const watchedMs = watched[Math.floor(saves / 2)] ?? Number.NaN;
    return { files, bytes, folders, first, again, one, indexBytes, watchedMs, watchedPeakMb, fromCheckpoint, fromLog };
  } finally {
    closeDatabase(join(volume.root, 'server'));
    await tools.close();
    await volume.close();
  }
}

function sizeOfIndex(home: string): number {
  const files = readdirSync(join(home, 'pairs'), { recursive: true, withFileTypes: true });
  return files
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
