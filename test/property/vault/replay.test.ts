import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HoldfastError, must } from '../../../src/common/errors.ts';
import { type NodeId, newId, type ObjectId, type RevisionId, rootNode } from '../../../src/common/ids.ts';
import type { SealedChunk } from '../../../src/crypto/chunk.ts';
import type { Operation } from '../../../src/model/operation.ts';
import { revokeDevice } from '../../../src/vault/account-steps.ts';
import type { Author } from '../../../src/vault/author.ts';
import { openCheckpoint, readState } from '../../../src/vault/read-checkpoint.ts';
import { openEntry, type RawEntry } from '../../../src/vault/replay.ts';
import { emptyDraft, needsRotation, sealEntry } from '../../../src/vault/seal-entry.ts';
import type { StateRow } from '../../../src/vault/state-row.ts';
import { validOperations } from '../../../src/vault/tree-overlay.ts';
import { hashState, writeCheckpoint } from '../../../src/vault/write-checkpoint.ts';
import { type MemoryVaultTree, memoryVaultTree } from '../../fakes/memory-vault-tree.ts';
import {
  accept,
  authorOf,
  draftOf,
  freshReplica,
  nowUs,
  pull,
  type Replica,
  type StoredEntry,
  type TestVault,
  testManifest,
  testVault,
} from '../../fakes/vault-world.ts';

/** What one author does next: with which of the nodes that it knows, under which name. */
interface Step {
  readonly who: number;
  readonly act: 'write' | 'pull';
  readonly kinds: readonly number[];
  readonly dice: readonly number[];
}

const step: fc.Arbitrary<Step> = fc.record({
  who: fc.nat(3),
  act: fc.constantFrom('write' as const, 'write' as const, 'pull' as const),
  kinds: fc.array(fc.nat(7), { minLength: 1, maxLength: 4 }),
  dice: fc.array(fc.nat(1000), { minLength: 3, maxLength: 3 }),
});

/** Operations that this author would try on its tree; some will be void. */
function wishes(tree: MemoryVaultTree, { kinds, dice }: Step, world: TestVault): Operation[] {
  const [a, b, c] = dice as [number, number, number];
  const all = [...tree.nodes.values()];
  const folders = [rootNode, ...all.filter((node) => node.kind === 'folder').map((node) => node.id)];
  const pick = <T>(from: readonly T[], by: number): T | undefined => from[by % Math.max(1, from.length)];
  const parent = must(pick(folders, b));
  const name = `n${c % 5}`;
  return kinds.flatMap((kind, at): Operation[] => {
    const known = pick(all, a + at)?.id;
    const made = newId<NodeId>(world.random);
    if (kind === 0) return [{ type: 'create-folder', node: made, parent, name }];
    if (kind === 1)
      return [{ type: 'create-file', node: made, parent, name, manifest: testManifest(world.random, made) }];
    if (known === undefined) return [];
    if (kind === 2) return [{ type: 'place', node: known, parent, name }];
    if (kind === 3) return [{ type: 'revise', node: known, manifest: testManifest(world.random, known) }];
    if (kind === 4) return [{ type: 'delete', node: known }];
    if (kind === 5) return [{ type: 'restore', node: known, parent, name }];
    const old = pick([...tree.revisions.keys()], c) as RevisionId | undefined;
    return kind === 6 && old !== undefined ? [{ type: 'release', revisions: [old] }] : [{ type: 'vault', name }];
  });
}

/** The server's only honest duty: append by compare-and-swap. */
function append(log: StoredEntry[], entry: StoredEntry, seq: number): boolean {
  if (log.length + 1 !== seq) return false;
  log.push(entry);
  return true;
}

/** One author tries until it wins or has nothing left to say; it loses to whoever wrote meanwhile. */
function write(world: TestVault, replica: Replica, author: Author, step: Step): void {
  let wanted = wishes(replica.tree, step, world);
  for (let tries = 0; tries < 3; tries++) {
    const stamp = { seq: replica.position.seq + 1, timeUs: nowUs, deviceId: author.device };
    // What is still valid after others were first: the rebase.
    wanted = [...validOperations(replica.tree, wanted, stamp).valid];
    if (wanted.length === 0) return;
    const sealed = sealEntry(replica.position, replica.keyRing, author, draftOf(wanted), nowUs, world.random);
    if (append(world.log, { raw: sealed.raw, grants: sealed.grants }, sealed.opened.position.seq)) {
      accept(replica, sealed.opened);
      return;
    }
    pull(world, replica);
  }
}

function run(seed: number, authors: number, steps: readonly Step[]): { world: TestVault; replicas: Replica[] } {
  const world = testVault(seed, authors);
  const replicas = Array.from({ length: authors }, () => freshReplica(world.account, world.vault));
  for (const replica of replicas) pull(world, replica);
  for (const each of steps) {
    const who = each.who % authors;
    const replica = must(replicas[who]);
    if (each.act === 'pull') pull(world, replica);
    else write(world, replica, authorOf(world.account, who), each);
  }
  for (const replica of replicas) pull(world, replica);
  return { world, replicas };
}

const steps = fc.array(step, { minLength: 4, maxLength: 24 });
const seed = fc.nat(1_000_000);

describe('several authors, one log', () => {
  it('all that were behind, lost and rebased are equal at the end, with a fresh reader, and wrote nothing void', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 2, max: 4 }), steps, (from, authors, script) => {
        const { world, replicas } = run(from, authors, script);
        const fresh = freshReplica(world.account, world.vault);
        for (const applied of pull(world, fresh)) expect(applied.status).toBe('applied');
        for (const replica of replicas) {
          expect(replica.position).toEqual(fresh.position);
          expect(replica.tree.rows()).toEqual(fresh.tree.rows());
        }
      }),
      { numRuns: 40 },
    );
  });

  it('a server that drops, repeats, swaps, cuts or changes an entry is found out, and nothing of it is applied', () => {
    fc.assert(
      fc.property(seed, steps, fc.nat(), fc.nat(4), fc.nat(), (from, script, pick, how, spot) => {
        const { world } = run(from, 2, script);
        if (world.log.length < 3) return;
        const at = 1 + (pick % (world.log.length - 2));
        const bad = tamper(world.log, at, how, spot);
        const reader = freshReplica(world.account, world.vault);
        const honest = freshReplica(world.account, world.vault);
        let failure: unknown = null;
        try {
          pull({ ...world, log: bad }, reader);
        } catch (error) {
          failure = error;
        }
        expect((failure as HoldfastError).kind).toBe('security');
        pull({ ...world, log: world.log.slice(0, reader.position.seq) }, honest);
        expect(reader.position).toEqual(honest.position);
        expect(reader.tree.rows()).toEqual(honest.tree.rows());
        // A repeated entry is refused after its first time.
        expect(reader.position.seq).toBe(how === 1 ? at + 1 : at);
      }),
      { numRuns: 60 },
    );
  });

  it('a revocation in the middle: the next entry of anyone rotates, all go on, the revoked one is refused', () => {
    fc.assert(
      fc.property(seed, steps, steps, (from, before, after) => {
        const { world, replicas } = run(from, 3, before);
        const author = authorOf(world.account, 0);
        const lost = must(world.account.devices[2]);
        const { chain } = revokeDevice(world.account.keys, author.chain, lost.device, nowUs);
        const next: TestVault = { ...world, account: { ...world.account, chain } };
        const [first] = replicas as [Replica];
        expect(needsRotation(first.position, chain)).toBe(true);
        const late = forgedByRevoked(next, must(replicas[2]), authorOf(world.account, 2));
        const rotation = sealEntry(
          first.position,
          first.keyRing,
          authorOf(next.account),
          emptyDraft,
          nowUs,
          world.random,
        );
        world.log.push({ raw: rotation.raw, grants: rotation.grants });
        for (const each of after) {
          const replica = must(replicas[each.who % 2]);
          pull(next, replica);
          write(next, replica, authorOf(next.account, each.who % 2), each);
        }
        const fresh = freshReplica(next.account, next.vault);
        pull(next, fresh);
        expect(fresh.position.epochs).toHaveLength(2);
        expect(() => openEntry(fresh.position, fresh.keyRing, chain, late)).toThrowError(HoldfastError);
        for (const replica of replicas.slice(0, 2)) {
          pull(next, replica);
          expect(replica.tree.rows()).toEqual(fresh.tree.rows());
        }
      }),
      { numRuns: 15 },
    );
  });
});

/** An entry that the revoked device sealed while it could. */
const forgedByRevoked = (world: TestVault, replica: Replica, author: Author): RawEntry =>
  sealEntry(replica.position, replica.keyRing, author, draftOf([{ type: 'vault', name: 'late' }]), nowUs, world.random)
    .raw;

function tamper(log: readonly StoredEntry[], at: number, how: number, spot: number): StoredEntry[] {
  const bad = [...log];
  const victim = must(bad[at]);
  const flip = (bytes: Uint8Array): Uint8Array => {
    const copy = bytes.slice();
    const place = spot % copy.length;
    copy[place] = (copy[place] ?? 0) ^ (1 + (spot % 255));
    return copy;
  };
  switch (how) {
    case 0:
      bad.splice(at, 1);
      break;
    case 1:
      bad.splice(at, 0, victim);
      break;
    case 2:
      bad[at] = must(bad[at + 1]);
      bad[at + 1] = victim;
      break;
    case 3:
      bad[at] = { ...victim, raw: { ...victim.raw, ciphertext: flip(victim.raw.ciphertext) } };
      break;
    default:
      bad[at] = { ...victim, raw: { ...victim.raw, header: flip(victim.raw.header) } };
  }
  return bad;
}

describe('a checkpoint of a random history', () => {
  it('equals replay, whoever writes it, and replay goes on from it', async () => {
    await fc.assert(
      fc.asyncProperty(seed, steps, fc.nat(), async (from, script, cut) => {
        const { world, replicas } = run(from, 2, script);
        const writer = freshReplica(world.account, world.vault);
        pull({ ...world, log: world.log.slice(0, 1 + (cut % world.log.length)) }, writer);
        const objects = new Map<ObjectId, Uint8Array>();
        const raw = await writeCheckpoint({
          position: writer.position,
          keyRing: writer.keyRing,
          author: authorOf(world.account, cut % 2),
          rows: writer.tree.rows(),
          storePage: async (page: SealedChunk) => void objects.set(page.objectId, page.sealed),
          random: world.random,
        });
        const grants = new Map([[1, must(world.log[0]?.grants)]]);
        const opened = openCheckpoint(world.vault, world.account.keys, world.account.chain, raw, grants);
        expect(opened.position).toEqual(writer.position);
        const rows: StateRow[] = [];
        for await (const page of readState(opened, async (ref) => must(objects.get(ref.objectId)))) rows.push(...page);
        expect(rows).toEqual(writer.tree.rows());
        expect(opened.stateHash).toEqual(await hashState(world.vault, rows));
        const reader: Replica = { position: opened.position, keyRing: opened.keyRing, tree: memoryVaultTree(rows) };
        pull(world, reader);
        expect(reader.tree.rows()).toEqual(must(replicas[0]).tree.rows());
        expect(reader.position).toEqual(must(replicas[0]).position);
      }),
      { numRuns: 30 },
    );
  });
});
