import { must } from '../../src/common/errors.ts';
import type { SimDevice } from './device.ts';
import type { Performing } from './perform.ts';
import { all, endTrouble } from './settle.ts';
import { nameOf } from './sim-folder.ts';
import type { World } from './world.ts';

const maxEvents = 200_000;
const minute = 60_000;

/**
 * What a device does not go on after by itself: its vault is gone, its server knows less than it does, or it was removed from
 * the account. It says which, leaves all as it is, and does so until a person begins anew on it as README has it.
 */
export async function mendStops(world: World, performing: Performing): Promise<void> {
  const { account, scheduler, server, devices } = world;
  if (!world.isUnwanted && !world.isPutBack && world.removed === null && world.nextRemoved === null) return;
  await endTrouble(world, performing, scheduler.now + 60 * minute);
  // What was asked for has come to the server by then.
  await everybodyLooks(world);
  const { removed } = world;
  const vaults = await server.metadata.vaults.ofAccount(account.caller(0).account);
  const isDeleted = !vaults.some(({ vault }) => vault === account.vault);
  const stopped: SimDevice[] = [];
  for (const device of devices) {
    if (device === removed) expectSaid(world, device, 'refused');
    else if (hasIssue(device, 'security')) expectSaid(world, device, 'security');
    else if (isDeleted) expectSaid(world, device, 'vault-gone');
    else {
      if (world.isPutBack) await expectSameLog(world, device);
      continue;
    }
    stopped.push(device);
  }
  const before = stopped.map(treeOf);
  for (const { line } of stopped) line.calls.length = 0;
  await scheduler.pass(10 * minute, maxEvents);
  await everybodyLooks(world);
  for (const [number, device] of stopped.entries()) {
    const { at, line } = device;
    if (treeOf(device) !== before[number])
      world.problem('stopped', `device ${at} changed its folder though it is stopped`);
    const calls = line.calls.filter((call) => !['getLog', 'getChain', 'getCheckpoint'].includes(call));
    if (calls.length > 0) world.problem('stopped', `device ${at} is stopped, and made the calls ${calls.join(', ')}`);
  }
  if (isDeleted || world.isPutBack) await world.turn();
  else if (removed !== null) world.logInAnew(removed);
}

/** Until nobody has anything to tell any more. */
async function everybodyLooks(world: World): Promise<void> {
  for (let round = 0, known = -1; round < 10 && known !== world.server.seq; round++) {
    known = world.server.seq;
    await all(world, async (device) => (await device.ready()).pair.sync());
    await world.scheduler.pass(2 * minute, maxEvents);
  }
}

const hasIssue = ({ running }: SimDevice, kind: string): boolean =>
  must(running)
    .index.read.issues()
    .some((issue) => issue.kind === kind);

/** Why it does nothing, in a status that asks for a person and, but for a removed one's, in an issue. */
function expectSaid(world: World, device: SimDevice, why: 'refused' | 'security' | 'vault-gone'): void {
  const { state, message } = must(device.running).pair.status();
  const isSaid = why === 'refused' ? message.includes('does not let this device in') : hasIssue(device, why);
  const isAsking = state === 'needs-attention' || (state === 'frozen' && why === 'security');
  if (!isSaid || !isAsking)
    world.problem('stopped', `device ${device.at} is ${state} and not said to be ${why}: ${message}`);
}

/** Who goes on with a server that has forgotten something has seen nothing else. */
async function expectSameLog(world: World, { at, kept, running }: SimDevice): Promise<void> {
  const { read } = must(running).index;
  const pinned = kept.pin?.seq ?? 0;
  if (pinned > world.server.seq)
    world.problem('stopped', `device ${at} goes on at ${world.server.seq}, where it has seen ${pinned} entries before`);
  const state = read.vaultState();
  if (state === null) return;
  const { seq, head } = JSON.parse(new TextDecoder().decode(state)) as { seq: number; head: string };
  const hash = await world.server.metadata.vaults.entryHash(world.account.vault, seq);
  if (seq !== world.server.seq || hash === null || Buffer.from(hash).toString('hex') !== head)
    world.problem(
      'stopped',
      `device ${at} goes on at ${seq}, where the server has ${world.server.seq} or another entry`,
    );
}

/** What is in its folder, and where, as one text. */
const treeOf = ({ folder }: SimDevice): string =>
  JSON.stringify([...folder.tree()].map(([path, { kind, bytes }]) => [path, kind === 'file' ? nameOf(bytes) : kind]));
