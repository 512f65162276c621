import { must } from '../../src/common/errors.ts';
import { hasRevocationBetween } from '../../src/crypto/account-chain.ts';
import { historyContents } from './history-contents.ts';
import { expectNewcomerHasAll } from './newcomer.ts';
import { differences, replicaOf } from './replica.ts';
import { all, statuses } from './settle.ts';
import {
  expectBroughtBackOnce,
  expectGivenNames,
  expectGivenTimes,
  expectInTrash,
  expectNoNeedlessDeletes,
  expectNoNeedlessSending,
  expectNoTornVersions,
} from './trace-oracles.ts';
import type { World } from './world.ts';

/** Calls that only ask whether there is news. */
const asking = new Set(['getLog', 'getChain']);

/** What holds when everybody is done, whatever happened before. Breaches become problems of the world. */
export async function judge(
  world: World,
  {
    withCopies,
    isCalm,
    isJoined,
    given,
  }: {
    readonly withCopies: boolean;
    /** Nobody had a reason to send anything twice. */
    readonly isCalm: boolean;
    /** Somebody logs in on one more device. */
    readonly isJoined: boolean;
    /** Names that people gave. */
    readonly given: ReadonlySet<string>;
  },
): Promise<void> {
  expectUpToDate(world);
  expectEqualReplicas(world);
  await expectNewestKey(world);
  await expectNothingLost(world);
  expectNoNeedlessCopies(world, withCopies);
  expectInTrash(world);
  expectNoNeedlessDeletes(world);
  expectGivenNames(world, given);
  expectGivenTimes(world);
  if (isCalm) expectNoNeedlessSending(world);
  expectBroughtBackOnce(world);
  await expectNoTornVersions(world);
  for (const { at, folder, running } of world.devices) {
    for (const breach of must(running).index.integrityCheck()) world.problem('index', `device ${at}: ${breach}`);
    for (const [path, { kind }] of folder.disk.snapshot(folder.path)) {
      const isPassing = path.startsWith('.holdfast/stage/') || path.startsWith('.holdfast/parked/');
      if (isPassing && kind === 'file') world.problem('stage', `device ${at} left ${path}`);
    }
  }
  if (world.problems.length === 0) await expectIdle(world);
  if (isJoined && world.problems.length === 0) await expectNewcomerHasAll(world);
}

function expectUpToDate(world: World): void {
  for (const { at, running } of world.devices) {
    const { state, message } = must(running).pair.status();
    if (state === 'up-to-date') continue;
    const issues = must(running).index.read.issues();
    const open = issues.map((issue) => `${issue.id}: ${issue.message}`).join('; ');
    world.problem('status', `device ${at} is ${state} at the end: ${message} ${open}`);
  }
  for (const { at, running } of world.devices) {
    const { read } = must(running).index;
    const { pending, held } = must(running).pair.status();
    const { blocked } = read.counts();
    const issues = read.issues().map(({ id }) => id);
    if (pending + held + blocked + issues.length > 0)
      world.problem('left', `device ${at}: ${pending} pending, ${held} held, ${blocked} blocked, ${issues.join(', ')}`);
  }
}

/** F-EPOCH-4: after a device was removed nothing more is sealed to it, whether anybody has something to say or not. */
async function expectNewestKey({ account, problem, server }: World): Promise<void> {
  const { chain } = account.author(0, server.accountSeq - account.position(0));
  for (const { epochPosition } of await server.metadata.vaults.ofAccount(chain.account)) {
    if (hasRevocationBetween(chain, epochPosition, chain.position))
      problem('key', `the vault has the key of position ${epochPosition}, and a device was removed since`);
  }
}

function expectEqualReplicas(world: World): void {
  const [first, ...others] = world.devices.map((device) => ({ at: device.at, replica: replicaOf(device) }));
  if (first === undefined) return;
  for (const { at, replica } of [first, ...others]) {
    for (const fault of replica.faults.slice(0, 5)) world.problem('replica', `device ${at}: ${fault}`);
  }
  for (const { at, replica } of others) {
    for (const difference of differences(first.replica, replica)) {
      world.problem('equal', `devices ${first.at} and ${at} differ in ${difference}`);
    }
  }
}

async function expectNothingLost(world: World): Promise<void> {
  const inTrees = new Set(world.devices.flatMap(({ folder }) => [...folder.contents(false)]));
  const anywhere = new Set(world.devices.flatMap(({ folder }) => [...folder.contents(true)]));
  const [reader] = world.devices;
  let history: Set<string> | null = null;
  for (const content of world.book.all.values()) {
    if (content.isExempt || inTrees.has(content.name)) continue;
    if (content.isWanted) {
      world.problem('gone', `${content.name} was overwritten and deleted by nobody, and is in no tree`);
      continue;
    }
    if (anywhere.has(content.name)) continue;
    if ([world.seenAnywhere, world.destroyed].some((when) => when.isForgotten(content.name))) continue;
    const running = must(reader?.running);
    if (history === null) {
      // A process that moved no content yet has no use for the keys; one that verifies has.
      if (running.crypto() === null) await all(world, ({ running: each }) => must(each).pair.verify({ isDeep: false }));
      history = await historyContents(running, world.server, world.account.vault);
    }
    if (!history.has(content.name)) world.problem('lost', `${content.name} is in no tree, trash or history`);
  }
}

/** Without `all` only of what several devices had from the start. */
function expectNoNeedlessCopies(world: World, all: boolean): void {
  const [first] = world.devices;
  if (first === undefined) return;
  const { nodes } = replicaOf(first);
  for (const [path, content] of nodes) {
    const marks = path.split('(conflict from').length - 1;
    if (all && marks > path.split('/').length) world.problem('copies', `${path} is a conflict copy of a conflict copy`);
    const known = world.book.all.get(content);
    if (known?.isCopied === true || known?.isRenamedCopy === true) continue;
    const isOriginal = typeof known?.originalPath === 'string' && known.isWanted && !known.isHandled;
    if (!all && !isOriginal) continue;
    const original = path.replace(/ \(conflict from [^()]*\)/, '');
    if (original !== path && content !== 'nothing' && content !== 'folder' && nodes.get(original) === content) {
      world.problem('copies', `${path} has the content of its original`);
    }
  }
}

/** A further run does nothing: no operation, no write, no request but whether there is news. */
async function expectIdle(world: World): Promise<void> {
  const before = world.devices.map(({ folder }) => folder.changes);
  for (const { line } of world.devices) line.calls.length = 0;
  await all(world, async ({ at, running }) => {
    const result = await must(running).pair.sync();
    const { isConverged, operations, conflicts, filesUp, filesDown } = result;
    if (!isConverged || operations + conflicts + filesUp + filesDown > 0) {
      world.problem('idle', `a further run of device ${at}: ${JSON.stringify(result)}, ${statuses(world)}`);
    }
  });
  for (const [at, { folder, line }] of world.devices.entries()) {
    const calls = line.calls.filter((call) => !asking.has(call));
    if (calls.length > 0) world.problem('idle', `a further run of device ${at} made the calls ${calls.join(', ')}`);
    if (folder.changes !== before[at]) world.problem('idle', `a further run of device ${at} changed its folder`);
  }
}
