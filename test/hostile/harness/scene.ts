import { lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newId, type ObjectId, type VaultId } from '../../../src/common/ids.ts';
import { systemRandom } from '../../../src/crypto/random.ts';
import { type Files, plantedContent, plantedName, type Tree } from '../../helpers/scenario-files.ts';
import { tempFolder } from '../../helpers/temp.ts';
import type { ClientPair } from './client.ts';
import type { HostileWorld, Victim } from './world.ts';

/** What the author does: before the victims saw anything, and after. */
export interface History {
  readonly first: (files: Files) => void;
  readonly later: (files: Files) => void;
}

export const plainHistory: History = {
  first: (files) => {
    files.write('keep.txt', 'kept');
    files.write('edit.txt', 'first');
    files.write('gone.txt', 'gone soon');
    files.write(`dir/${plantedName}.txt`, 'inner');
  },
  later: (files) => {
    files.write('edit.txt', 'second, and longer');
    files.write('new.txt', 'new');
    files.rm('gone.txt');
    files.mv('dir', 'moved');
  },
};

/** A vault with a history, known to the author whole and to two victims in part. */
export interface Scene {
  readonly world: HostileWorld;
  readonly vault: VaultId;
  readonly name: string;
  readonly author: ClientPair;
  /** Without the fresh one: its pair is made under the lie. */
  readonly known: Readonly<Record<'running' | 'restarted', ClientPair>>;
  readonly before: Tree;
  readonly truth: Tree;
  /** Seq of the last entry that the known victims have seen. */
  readonly seenSeq: number;
  /** Objects that came with the second part, in order; those of the first. */
  readonly newObjects: readonly ObjectId[];
  readonly oldObjects: readonly ObjectId[];
  /** The bytes of an object as its author sent them. */
  sealed(id: ObjectId): Buffer;
}

export const mustConverge = async (pair: ClientPair, what: string): Promise<void> => {
  const { result, error } = await pair.sync();
  if (error !== null || result?.isConverged !== true) {
    const issues = await pair.issues().catch(() => []);
    throw new Error(`${what}: ${JSON.stringify({ result, status: pair.status().message, issues })}`, { cause: error });
  }
};

export async function makeScene(
  world: HostileWorld,
  history = plainHistory,
  between?: (scene: Scene) => Promise<void>,
): Promise<Scene> {
  const name = `${plantedName} ${newId(systemRandom)}`;
  const author = await world.author.pair(name);
  const { vault } = author;
  history.first(author.files);
  const mark = world.liar.uploads.length;
  await mustConverge(author, 'the author');
  const oldEnd = world.liar.uploads.length;
  const known = {
    running: await world.victims.running.pair(name),
    restarted: await world.victims.restarted.pair(name),
  };
  for (const pair of Object.values(known)) await mustConverge(pair, 'a victim, before any lie');
  const before = author.files.tree();
  const seenSeq = author.status().seq;
  const uploaded = (from: number, end?: number) =>
    world.liar.uploads.slice(from, end).filter((upload) => upload.vault === vault && upload.who === 'author');
  const scene = {
    world,
    vault,
    name,
    author,
    known,
    before,
    truth: before,
    seenSeq,
    oldObjects: uploaded(mark, oldEnd).map(({ id }) => id),
    newObjects: [] as ObjectId[],
    sealed: (id: ObjectId) => {
      const found = world.liar.uploads.find((upload) => upload.id === id);
      if (found === undefined) throw new Error('no such object');
      return found.bytes;
    },
  };
  const middle = world.liar.uploads.length;
  await between?.(scene);
  history.later(author.files);
  await mustConverge(author, 'the author');
  return { ...scene, truth: author.files.tree(), newObjects: uploaded(middle).map(({ id }) => id) };
}

/** Something of the victim's own, made before the lie. */
export function writeOwn(files: Files, victim: Victim): string {
  const path = `own of ${victim}.txt`;
  files.write(path, `mine, says ${victim}`);
  return path;
}

/** A tree beside everything that is synced, and a way to see that nothing touched it. */
export interface Sentinel {
  readonly folder: string;
  state(): Readonly<Record<string, string>>;
}

export async function plantSentinel(): Promise<Sentinel> {
  const folder = await tempFolder('sentinel');
  writeFileSync(join(folder, 'outside.txt'), `outside|${plantedContent}`);
  return {
    folder,
    state: () =>
      Object.fromEntries(
        readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => {
          const path = join(folder, name);
          const { ino, mtimeMs, ctimeMs, mode } = lstatSync(path);
          return [name, `${ino} ${mtimeMs} ${ctimeMs} ${mode} ${readFileSync(path, 'latin1')}`];
        }),
      ),
  };
}
