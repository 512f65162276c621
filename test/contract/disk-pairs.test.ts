import { constants } from 'node:fs';
import { expect, it } from 'vitest';
import type { Disk } from '../../src/local/disk.ts';
import { type Dice, dice } from '../sim/random.ts';
import { codeOf, type DiskUnderTest, put } from './disk-contract.ts';
import { realDisk, simDisk } from './disks.ts';

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_RDONLY, O_RDWR, O_TRUNC, O_WRONLY } = constants;

const names = ['a', 'b', 'c', 'd'];
const flagSets = [
  O_RDONLY,
  O_RDWR,
  O_WRONLY | O_CREAT,
  O_WRONLY | O_CREAT | O_EXCL,
  O_RDWR | O_CREAT | O_TRUNC,
  O_RDONLY | O_NOFOLLOW,
  O_RDONLY | O_DIRECTORY,
  0o10000000 | O_DIRECTORY | O_NOFOLLOW,
];

function anyPath(dice: Dice): string {
  const folders = Array.from({ length: dice.below(3) }, () => dice.pick(names));
  // Never above the folder; and never at the end, where no program of ours has it.
  const way = folders.flatMap((name) => (dice.chance(0.1) ? [name, dice.pick(['.', '..'])] : [name]));
  return [...way, dice.pick(names)].join('/');
}

/** One step, the same on any disk: what came of it, as text. */
type Act = (under: DiskUnderTest, open: number[]) => string | null;

function anyAct(dice: Dice): Act {
  const [a, b, text] = [anyPath(dice), anyPath(dice), String(dice.below(1000))];
  const size = dice.below(20);
  const mode = dice.pick([0o700, 0o740, 0o755, 0o777]);
  const flags = dice.pick(flagSets);
  const nth = dice.below(8);
  const on = (work: (disk: Disk, at: (name: string) => string) => unknown): Act => {
    return ({ disk, folder }) => codeOf(() => work(disk, (name) => `${folder}/${name}`));
  };
  const onHandle = (work: (disk: Disk, handle: number) => unknown): Act => {
    return ({ disk }, open) => (open.length === 0 ? null : codeOf(() => work(disk, open[nth % open.length] as number)));
  };
  const acts: Record<string, [number, Act]> = {
    put: [6, on((disk, at) => put(disk, at(a), text))],
    mkdir: [6, on((disk, at) => disk.mkdirSync(at(a), 0o777))],
    rename: [8, on((disk, at) => disk.renameSync(at(a), at(b)))],
    link: [4, on((disk, at) => disk.linkSync(at(a), at(b)))],
    unlink: [3, on((disk, at) => disk.unlinkSync(at(a)))],
    rmdir: [3, on((disk, at) => disk.rmdirSync(at(a)))],
    chmod: [1, on((disk, at) => disk.chmodSync(at(a), mode))],
    utimes: [1, on((disk, at) => disk.utimesSync(at(a), text, text))],
    copy: [2, on((disk, at) => disk.copyNewSync(at(a), at(b)))],
    symlink: [2, ({ folder, symlink }) => codeOf(() => symlink(b.split('/').at(-1) ?? 'a', `${folder}/${a}`))],
    open: [3, ({ disk, folder }, open) => codeOf(() => open.push(disk.openSync(`${folder}/${a}`, flags, 0o666)))],
    close: [
      1,
      ({ disk }, open) => {
        const handle = open.splice(nth % Math.max(1, open.length), 1)[0];
        return handle === undefined ? null : codeOf(() => disk.closeSync(handle));
      },
    ],
    writeHandle: [2, onHandle((disk, handle) => disk.writeSync(handle, new Uint8Array([65, 66]), 0, 2, size))],
    truncate: [1, onHandle((disk, handle) => disk.ftruncateSync(handle, size))],
    below: [1, onHandle((disk, handle) => disk.mkdirSync(`/proc/self/fd/${handle}/${a}`, 0o777))],
    where: [
      1,
      ({ disk, folder }, open) => {
        const handle = open[nth % Math.max(1, open.length)];
        if (handle === undefined || !disk.fstatSync(handle).isDirectory()) return null;
        return disk.readlinkSync(`/proc/self/fd/${handle}`).replace(folder, '');
      },
    ],
  };
  const weights = Object.fromEntries(Object.entries(acts).map(([name, [weight]]) => [name, weight]));
  const name = dice.weighted(weights);
  const act = (acts[name] as [number, Act])[1];
  return (under, open) => `${name} ${a} ${b}: ${act(under, open)}`;
}

/** Everything that a program can see, but for numbers and the present time. */
function seen({ disk, folder }: DiskUnderTest): string[] {
  const lines: string[] = [];
  const inos = new Map<number, number>();
  const visit = (path: string): void => {
    for (const name of disk.readdirSync(folder + path).sort()) {
      const at = `${path}/${name}`;
      const stats = disk.lstatSync(folder + at);
      if (stats === undefined) continue;
      if (!inos.has(stats.ino)) inos.set(stats.ino, inos.size);
      const mode = stats.isSymbolicLink() ? '' : (stats.mode & 0o777).toString(8);
      const what = stats.isDirectory() ? 'folder' : `${stats.isFile() ? 'file' : 'link'} ${stats.size} ${stats.nlink}`;
      const content = stats.isFile() ? disk.readTextSync(folder + at) : '';
      const target = stats.isSymbolicLink() ? disk.readlinkSync(folder + at) : '';
      const old = stats.mtimeMs < 1e9 ? stats.mtimeMs : 'now';
      lines.push(`${at} ${what} ${mode} #${inos.get(stats.ino)} ${stats.isFile() ? old : ''} ${content}${target}`);
      if (stats.isDirectory()) visit(at);
    }
  };
  visit('');
  return lines;
}

it.runIf(process.platform === 'linux').each(Array.from({ length: 40 }, (_, seed) => [seed]))(
  'the simulated disk does what the real one does, seed %d',
  async (seed) => {
    const disks = [await realDisk(), await simDisk()] as const;
    const opened: [number[], number[]] = [[], []];
    const random = dice(seed, 'acts');
    const said: [string[], string[]] = [[], []];
    for (let i = 0; i < 80; i++) {
      const act = anyAct(random);
      for (const side of [0, 1] as const) said[side].push(`${i} ${act(disks[side], opened[side])}`);
      expect(said[1].at(-1)).toBe(said[0].at(-1));
    }
    expect(seen(disks[1])).toEqual(seen(disks[0]));
    for (const side of [0, 1] as const) for (const handle of opened[side]) disks[side].disk.closeSync(handle);
  },
);
