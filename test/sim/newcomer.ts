import { must } from '../../src/common/errors.ts';
import type { SimDevice } from './device.ts';
import { goodLine } from './network.ts';
import { differences, replicaOf } from './replica.ts';
import { all } from './settle.ts';
import type { World } from './world.ts';

/**
 * Who logs in when everybody is done gets what the others have, by a checkpoint or by the whole log, and all that the vault
 * keeps can still be had: what is gone on the server only shows to somebody who asks for it.
 */
export async function expectNewcomerHasAll(world: World): Promise<void> {
  const [first] = world.devices;
  const late = world.newcomer();
  if (first === undefined || late === null) return;
  late.offset = world.server.offset;
  late.line.faults = goodLine;
  late.start();
  await all(world, async () => {
    const { pair } = await late.ready();
    const { conflicts, filesUp } = await pair.sync();
    await pair.sync();
    if (conflicts + filesUp > 0) world.problem('newcomer', `has ${conflicts} conflicts and sends ${filesUp} files`);
    const { state, message } = pair.status();
    if (state !== 'up-to-date') world.problem('newcomer', `is ${state}: ${message}`);
  }, [late]);
  if (world.problems.length > 0) return;
  const replica = replicaOf(late);
  for (const fault of replica.faults.slice(0, 5)) world.problem('newcomer', fault);
  for (const difference of differences(replicaOf(first), replica))
    world.problem('newcomer', `differs from device ${first.at} in ${difference}`);
  expectTimes(world, late);
  const states = world.devices.map(vaultState);
  const own = vaultState(late);
  for (const [at, state] of states.entries()) {
    const line = [...state].find((each) => !own.has(each)) ?? [...own].find((each) => !state.has(each));
    if (line !== undefined) world.problem('newcomer', `device ${at} knows another vault: ${line}`);
  }
  await all(world, async () => {
    const { problems } = await must(late.running).pair.verify({ isDeep: true });
    for (const { path, problem } of problems.slice(0, 3)) world.problem('verify', `${path}: ${problem}`);
  }, [late]);
}

/** On its disk, which keeps any time, each file has the time that its version says. */
function expectTimes(world: World, late: SimDevice): void {
  const { read } = must(late.running).index;
  for (const row of read.vaultRows()) {
    const local = read.localRow(row.id);
    if (row.kind !== 'file' || row.isDeleted || local === null) continue;
    if (local.mtimeUs !== row.mtimeUs) world.problem('times', `${row.name} is of ${local.mtimeUs}, not ${row.mtimeUs}`);
  }
}

/** All that a device takes for what the vault is. */
function vaultState({ running }: SimDevice): Set<string> {
  const { read } = must(running).index;
  const lines = new Set<string>();
  for (const row of read.vaultRows()) {
    lines.add(JSON.stringify(row));
    if (row.kind === 'file') for (const revision of read.revisionsOf(row.id)) lines.add(JSON.stringify(revision));
  }
  return lines;
}
