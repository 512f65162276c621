import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import { must } from '../../../src/common/errors.ts';
import { type SyncWorld, syncWorld, type WorldDevice } from '../../helpers/sync-world.ts';
import { type Dice, dice } from '../../sim/random.ts';

/** Two folders of one computer, each with a vault of its own and another computer that has it too. */
interface Vault {
  readonly world: SyncWorld;
  readonly here: WorldDevice;
  readonly there: WorldDevice;
}

const open: SyncWorld[] = [];
afterEach(async () => {
  for (const world of open.splice(0)) await world.close();
});

async function vault(name: string): Promise<Vault> {
  const world = await syncWorld({ clock: { ...systemClock, now: () => systemClock.now() + 5_000 } });
  open.push(world);
  return { world, here: await world.device(`${name} here`), there: await world.device(`${name} there`) };
}

/** Path → content, or `folder`. */
function treeOf({ folder }: WorldDevice): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (below: string): void => {
    for (const name of readdirSync(join(folder, below)).sort()) {
      const path = below === '' ? name : `${below}/${name}`;
      if (path === '.holdfast') continue;
      if (statSync(join(folder, path)).isDirectory()) {
        found.set(path, 'folder');
        visit(path);
      } else found.set(path, readFileSync(join(folder, path), 'utf8'));
    }
  };
  visit('');
  return found;
}

const names = ['a', 'b', 'c', 'd'];

/** What people do, and in which of the two vaults each content has to be at the end. */
function people(own: Dice, vaults: readonly Vault[]) {
  const wanted = new Map<string, number>();
  let number = 0;

  const place = (device: WorldDevice): string => {
    const folders = [...treeOf(device)].flatMap(([path, what]) => (what === 'folder' ? [path] : []));
    const name = own.pick(names);
    return folders.length > 0 && own.chance(0.5) ? `${own.pick(folders)}/${name}` : name;
  };
  const contentsAt = (device: WorldDevice, path: string): string[] =>
    [...treeOf(device)].flatMap(([at, content]) => (at === path || at.startsWith(`${path}/`) ? [content] : []));

  const move = (from: WorldDevice, path: string, to: WorldDevice, target: string): boolean => {
    const [source, goal] = [join(from.folder, path), join(to.folder, target)];
    if (`${goal}/`.startsWith(`${source}/`) || existsSync(goal) || !existsSync(dirname(goal))) return false;
    renameSync(source, goal);
    return true;
  };

  const act = (): void => {
    const at = own.below(2);
    const { here, there } = must(vaults[at]);
    const device = own.chance(0.6) ? here : there;
    const path = place(device);
    const full = join(device.folder, path);
    const all = [...treeOf(device).keys()];
    switch (own.weighted({ write: 5, folder: 1, remove: 1, move: 2, across: 5 })) {
      case 'write': {
        if (existsSync(full) && statSync(full).isDirectory()) return;
        for (const content of contentsAt(device, path)) wanted.delete(content);
        const content = `content ${number++}`;
        writeFileSync(full, content);
        wanted.set(content, at);
        return;
      }
      case 'folder':
        if (!existsSync(full)) mkdirSync(full);
        return;
      case 'remove': {
        if (all.length === 0) return;
        const chosen = own.pick(all);
        for (const content of contentsAt(device, chosen)) wanted.delete(content);
        rmSync(join(device.folder, chosen), { recursive: true });
        return;
      }
      case 'move':
        if (all.length > 0) move(device, own.pick(all), device, path);
        return;
      default: {
        const [other, paths] = [must(vaults[1 - at]).here, [...treeOf(here).keys()]];
        if (paths.length === 0) return;
        const chosen = own.pick(paths);
        const contents = contentsAt(here, chosen);
        if (!move(here, chosen, other, place(other))) return;
        for (const content of contents) if (wanted.has(content)) wanted.set(content, 1 - at);
      }
    }
  };
  return { wanted, act };
}

async function settled({ here, there }: Vault): Promise<void> {
  for (let round = 0; round < 6; round++) {
    for (const { pair } of [here, there]) {
      await pair.sync();
      for (const { id, kind } of await pair.issues()) if (kind === 'held-deletes') await pair.resolve(id, 'allow');
    }
  }
}

describe('two folders of one computer in different vaults', () => {
  it.each([1, 2, 3, 4])(
    'what is moved from one to the other is in that one, seed %i',
    async (seed) => {
      const own = dice(seed, 'two pairs');
      const vaults = [await vault('one'), await vault('two')];
      const { wanted, act } = people(own, vaults);
      for (let step = 0; step < 40; step++) {
        act();
        const { here, there } = own.pick(vaults);
        if (own.chance(0.3)) await own.pick([here, there]).pair.sync();
      }
      for (const each of vaults) await settled(each);
      for (const { here, there } of vaults) {
        expect(treeOf(there)).toEqual(treeOf(here));
        expect([here, there].map(({ pair }) => pair.status().state)).toEqual(['up-to-date', 'up-to-date']);
      }
      const trees = vaults.map(({ here }) => new Set(treeOf(here).values()));
      for (const [content, at] of wanted) expect(trees[at], content).toContain(content);
    },
    60_000,
  );
});
