import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isKind, must } from '../../../src/common/errors.ts';
import type { NodeId, ObjectId, RevisionId } from '../../../src/common/ids.ts';
import { lastPath } from '../../../src/engine/history/last-path.ts';
import { restore } from '../../../src/engine/history/restore.ts';
import { defaultRetention } from '../../../src/engine/log/expired-revisions.ts';
import { pruneHistory } from '../../../src/engine/log/retention.ts';
import { manifestChunks } from '../../../src/engine/transfer/manifest-chunks.ts';
import { dayMs, type VaultContextWorld, type VaultDevice, vaultContextWorld } from '../../helpers/vault-context.ts';

type Step =
  | { readonly do: 'create' | 'edit'; readonly file: number; readonly content: number; readonly skewDays: number }
  | { readonly do: 'delete' | 'restore' | 'older'; readonly file: number; readonly skewDays: number }
  | { readonly do: 'days'; readonly days: number }
  | { readonly do: 'switch' };

const file = fc.nat({ max: 4 });
/** Few contents, so that files share pieces; the last ones are long, and have pages. */
const content = fc.nat({ max: 5 });
const skewDays = fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: -5000, max: 60 }));
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('create' as const), file, content, skewDays }),
  { weight: 4, arbitrary: fc.record({ do: fc.constant('edit' as const), file, content, skewDays }) },
  fc.record({ do: fc.constantFrom('delete' as const, 'restore' as const, 'older' as const), file, skewDays }),
  { weight: 4, arbitrary: fc.record({ do: fc.constant('days' as const), days: fc.integer({ min: 1, max: 40 }) }) },
  fc.record({ do: fc.constant('switch' as const) }),
);

const bytesOf = (n: number): Uint8Array =>
  n < 4 ? new TextEncoder().encode(`content ${n}`) : Uint8Array.from({ length: 400 }, (_, i) => (i * n) % 11);

const policy = { ...defaultRetention, newest: 2 };

/** Objects of each kept version, as a device sees them. */
async function needed(device: VaultDevice): Promise<Map<RevisionId, ObjectId[]>> {
  const found = new Map<RevisionId, ObjectId[]>();
  const { crypto, source } = device.context.content;
  for (const row of device.index.read.vaultRows()) {
    for (const { revision } of device.index.read.revisionsOf(row.id)) {
      const manifest = crypto.openManifest(revision, must(device.index.read.revision(revision)).manifest);
      const refs = [...(await manifestChunks(manifest, { crypto, source }))];
      if (manifest.content.kind === 'pages') refs.push(...manifest.content.pages);
      found.set(
        revision,
        refs.map((ref) => ref.objectId),
      );
    }
  }
  return found;
}

function heldByServer(world: VaultContextWorld): Set<ObjectId> {
  const held = new Set<ObjectId>();
  for (const { retained, released } of world.storage.vault(world.vault).entries) {
    for (const id of retained) held.add(id);
    for (const id of released) held.delete(id);
  }
  return held;
}

/** When each version ceased to be the current one of a live file, by the true time. */
class Ends {
  readonly #at = new Map<RevisionId, number>();
  note(device: VaultDevice, now: number): void {
    for (const row of device.index.read.vaultRows()) {
      for (const { revision } of device.index.read.revisionsOf(row.id)) {
        const isCurrent = !row.isDeleted && row.revision === revision;
        if (isCurrent) this.#at.delete(revision);
        else if (!this.#at.has(revision)) this.#at.set(revision, now);
      }
    }
  }
  of(revision: RevisionId): number {
    return this.#at.get(revision) ?? Number.POSITIVE_INFINITY;
  }
}

async function perform(device: VaultDevice, nodes: Map<number, NodeId>, each: Step): Promise<void> {
  if (each.do === 'days' || each.do === 'switch') return;
  const node = nodes.get(each.file);
  const row = node === undefined ? null : device.index.read.vaultRow(node);
  if (each.do === 'create') {
    if (row === null) nodes.set(each.file, await device.file(`f${each.file}`, bytesOf(each.content)));
    return;
  }
  if (row === null) return;
  if (each.do === 'edit' && !row.isDeleted) await device.edit(row.id, bytesOf(each.content));
  if (each.do === 'delete' && !row.isDeleted) await device.append({ type: 'delete', node: row.id });
  try {
    const isWanted = each.do === 'restore' ? row.isDeleted : each.do === 'older' && !row.isDeleted;
    if (isWanted) await restore(device.context, must(lastPath(device.index.read, row.id)), { revision: null });
  } catch (error) {
    // There may be nothing left to bring back.
    if (!isKind(error, 'missing')) throw error;
  }
}

test('expiry only takes what is past its time, never live content, and names exactly what nothing needs (SAF-11)', async () => {
  let pruned = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), fc.nat(), async (steps, seed) => {
      const world = vaultContextWorld(seed);
      const devices = [world.device(0), world.device(1)];
      const nodes = new Map<number, NodeId>();
      const ends = new Ends();
      let at = 0;
      for (const each of steps) {
        if (each.do === 'switch') at = 1 - at;
        const device = must(devices[at]);
        await device.context.pull();
        const trueTime = world.clock.time;
        if (each.do !== 'days' && each.do !== 'switch') {
          // The author's clock may be wrong.
          world.clock.time += each.skewDays * dayMs;
          await perform(device, nodes, each);
          world.clock.time = trueTime;
        }
        ends.note(device, trueTime);
        for (let day = 0; each.do === 'days' && day < each.days; day++) {
          world.clock.time += dayMs;
          const before = await needed(device);
          const count = await pruneHistory(device.context, policy);
          if (count === 0) continue;
          pruned += count;
          const after = await needed(device);
          const gone = [...before.keys()].filter((revision) => !after.has(revision));
          expect(gone).toHaveLength(count);
          for (const revision of gone) {
            expect(world.clock.time - ends.of(revision)).toBeGreaterThanOrEqual(policy.historyMs);
          }
        }
        const live = [...device.index.read.vaultRows()].filter((row) => row.kind === 'file' && !row.isDeleted);
        for (const row of live) expect(device.index.read.revision(must(row.revision))).not.toBeNull();
        const wanted = new Set([...(await needed(device)).values()].flat());
        expect(heldByServer(world)).toEqual(wanted);
      }
      for (const device of devices) {
        await device.context.pull();
        expect(device.index.integrityCheck()).toEqual([]);
        device.index.close();
      }
    }),
    { numRuns: 40 },
  );
  expect(pruned).toBeGreaterThan(0);
}, 120_000);
