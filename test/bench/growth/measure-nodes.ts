import { fork } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type NodeId, newId, type ObjectId, type RevisionId, rootNode } from '../../../src/common/ids.ts';
import { writeCheckpointIfDue } from '../../../src/engine/log/write-checkpoint-if-due.ts';
import type { Operation } from '../../../src/model/operation.ts';
import { seededRandom } from '../../fakes/seeded-random.ts';
import { cliFlags } from '../../helpers/cli-flags.ts';
import { type VaultContextWorld, vaultContextWorld } from '../../helpers/vault-context.ts';
import { say } from '../say.ts';
import type { NewDeviceCost, Question, Start } from './new-device.ts';

/** What a new device takes to know a vault of so many nodes, and to plan to fetch them. */
export interface NodesCost {
  readonly nodes: number;
  /** Bytes of the whole log, sealed. */
  readonly logMb: number;
  /** Null: none was written. */
  readonly fromCheckpoint: NewDeviceCost | null;
  readonly fromLog: NewDeviceCost;
}

const seed = 'nodes';
const perFolder = 100;
const atOnce = 5000;

/**
 * The vault's log is written by a real author into a server in the memory of this process; a new device, a process of its
 * own, asks it by messages. Signatures, seals, replay and index are real; what is left out is files, disk and HTTP.
 */
export async function measureNodes(base: string, nodes: number): Promise<NodesCost> {
  const world = vaultContextWorld(seed);
  const author = world.device(0);
  await author.context.pull();
  const start = performance.now();
  for (let at = 0; at < nodes; at += atOnce) await author.append(...operations(at, Math.min(atOnce, nodes - at)));
  // Also where reading it takes longer than replaying the log: that is what is to be seen.
  await writeCheckpointIfDue(author.context, author.storage, 1);
  const api = author.storage;
  const hasCheckpoint = (await api.getCheckpoint(world.vault)) !== null;
  say(`${nodes} nodes written in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  let logMb = 0;
  for (let after = 0, isLast = false; !isLast; ) {
    const page = await api.getLog(world.vault, after);
    for (const { ciphertext, header } of page.entries) logMb += (ciphertext.length + header.length) / 1e6;
    after += page.entries.length;
    isLast = page.isLast;
  }
  const fromCheckpoint = hasCheckpoint ? await newDevice(world, base, 'checkpoint', nodes) : null;
  const fromLog = await newDevice(world, base, 'log', nodes);
  return { nodes, logMb, fromCheckpoint, fromLog };
}

const random = seededRandom('operations');
let folder: NodeId = rootNode;

/** Every hundredth node a folder, in a folder; the others files of one chunk in it. */
function operations(from: number, count: number): Operation[] {
  return Array.from({ length: count }, (_, offset): Operation => {
    const at = from + offset;
    const node = newId<NodeId>(random);
    if (at % perFolder === 0) {
      folder = node;
      return { type: 'create-folder', node, parent: rootNode, name: `folder ${at}` };
    }
    const chunk = {
      objectId: newId<ObjectId>(random),
      secret: random.bytes(32),
      hash: random.bytes(32),
      plainLength: 1000,
    };
    const manifest = {
      node,
      revision: newId<RevisionId>(random),
      size: chunk.plainLength,
      mtimeUs: 1_700_000_000_000_000 + at,
      exec: false,
      content: { kind: 'chunks', chunks: [chunk] },
    } as const;
    return { type: 'create-file', node, parent: folder, name: `file ${at}.dat`, manifest };
  });
}

async function newDevice(
  world: VaultContextWorld,
  base: string,
  way: Start['way'],
  nodes: number,
): Promise<NewDeviceCost> {
  const indexFile = join(base, `index-${way}.db`);
  const child = fork(join(import.meta.dirname, 'new-device.ts'), [JSON.stringify({ way, indexFile })], {
    serialization: 'advanced',
    execArgv: [...cliFlags],
  });
  const { api } = world.storage;
  child.on('message', (message: Question | NewDeviceCost) => {
    if (!('ask' in message)) return;
    void answer(message).then((value) => child.send({ to: message.number, value }));
  });
  const answer = async ({ ask, words }: Question): Promise<unknown> => {
    if (ask !== 'getObjects') return (api[ask] as (...words: unknown[]) => Promise<unknown>)(...words);
    const found: unknown[] = [];
    const objects = api.getObjects(...(words as unknown as Parameters<typeof api.getObjects>));
    for await (const object of objects) found.push(object);
    return found;
  };
  let cost: NewDeviceCost | null = null;
  child.on('message', (message: Question | NewDeviceCost) => {
    if ('seconds' in message) cost = message;
  });
  await once(child, 'exit');
  for (const end of ['', '-wal', '-shm']) await rm(`${indexFile}${end}`, { force: true });
  const found = cost as NewDeviceCost | null;
  if (found === null || found.nodes !== nodes)
    throw new Error(`the new device knows ${found?.nodes} of ${nodes} nodes`);
  say(`${way}: ${JSON.stringify(found)}`);
  return found;
}
