import type { AccountSession } from '../../../src/app/account/account-session.ts';
import { type NodeId, newId, type ObjectId, type RevisionId, type VaultId } from '../../../src/common/ids.ts';
import { type SealedChunk, sealChunk } from '../../../src/crypto/chunk.ts';
import { systemRandom as random } from '../../../src/crypto/random.ts';
import type { ChunkRef, Manifest } from '../../../src/model/manifest.ts';
import type { Operation } from '../../../src/model/operation.ts';
import { emptyKeyRing } from '../../../src/vault/key-ring.ts';
import { packManifest } from '../../../src/vault/manifest-pages.ts';
import { startOf } from '../../../src/vault/position.ts';
import { beginsEpoch, openEntry, type RawEntry } from '../../../src/vault/replay.ts';
import { type SealedEntry, sealEntry } from '../../../src/vault/seal-entry.ts';

export interface Content {
  readonly manifest: Manifest;
  readonly objects: readonly SealedChunk[];
}

export interface ContentFacts {
  readonly mtimeUs?: number;
  readonly exec?: boolean;
  /** The chunks repeated so many times. */
  readonly times?: number;
}

/** Writes a vault's log as a device does, operation by operation, without a folder and without the engine's care. */
export interface VaultAuthor {
  /** What was sealed, sent or not. */
  readonly sealed: readonly RawEntry[];
  /** From now on nothing is sent: what is sealed is a history that the server does not have. */
  goOffline(): void;
  append(operations: readonly Operation[], objects?: readonly SealedChunk[]): Promise<void>;
  /** A content in the given pieces. */
  content(node: NodeId, pieces: readonly (string | Uint8Array)[], facts?: ContentFacts): Content;
  folder(name: string, parent: NodeId): Promise<NodeId>;
  file(name: string, parent: NodeId, pieces: readonly (string | Uint8Array)[], facts?: ContentFacts): Promise<NodeId>;
  revise(node: NodeId, pieces: readonly (string | Uint8Array)[], facts?: ContentFacts): Promise<void>;
}

export const newNode = (): NodeId => newId<NodeId>(random);

/** `nowUs`: the author's clock, for each entry. */
export async function vaultAuthor(
  session: AccountSession,
  vault: VaultId,
  nowUs: () => number = () => Date.now() * 1000,
): Promise<VaultAuthor> {
  const { storage } = session;
  let position = startOf(vault);
  let ring = emptyKeyRing(session.keys, vault);
  const { entries } = await storage.getLog(vault, 0);
  for (const raw of entries) {
    const epoch = beginsEpoch(position, raw);
    const grants = epoch === null ? undefined : await storage.getGrants(vault, epoch);
    const opened = openEntry(position, ring, session.known().chain, raw, grants);
    position = opened.position;
    ring = opened.keyRing;
  }

  const log: RawEntry[] = [];
  let isOffline = false;

  async function send({ raw, grants }: SealedEntry, objects: readonly SealedChunk[]): Promise<void> {
    const sent = new Map(objects.map(({ objectId, sealed: bytes }) => [objectId, { id: objectId, bytes }]));
    await storage.putObjects(vault, [...sent.values()]);
    const outcome = await storage.appendEntry(vault, raw, grants === null ? {} : { grants });
    if (outcome.status !== 'done') throw new Error(`the entry was not taken: ${outcome.status}`);
  }

  const author: VaultAuthor = {
    sealed: log,
    goOffline: () => {
      isOffline = true;
    },
    append: async (operations, objects = []) => {
      const retained = [...new Set(objects.map(({ objectId }) => objectId))].sort() as ObjectId[];
      const draft = { operations, retained, released: [] };
      const sealed = sealEntry(position, ring, session.author(), draft, nowUs(), random);
      log.push(sealed.raw);
      if (!isOffline) await send(sealed, objects);
      position = sealed.opened.position;
      ring = sealed.opened.keyRing;
    },
    content: (node, pieces, { mtimeUs = 1_700_000_000_000_000, exec = false, times = 1 } = {}) => {
      const sealed = pieces.map((piece) => sealChunk(typeof piece === 'string' ? Buffer.from(piece) : piece, random));
      const chunks: ChunkRef[] = [];
      for (let i = 0; i < times; i++) chunks.push(...sealed);
      const packed = packManifest({ node, revision: newId<RevisionId>(random), mtimeUs, exec, chunks }, random);
      return { manifest: packed.manifest, objects: [...sealed, ...packed.pages] };
    },
    folder: async (name, parent) => {
      const node = newNode();
      await author.append([{ type: 'create-folder', node, parent, name }]);
      return node;
    },
    file: async (name, parent, pieces, facts) => {
      const node = newNode();
      const { manifest, objects } = author.content(node, pieces, facts);
      await author.append([{ type: 'create-file', node, parent, name, manifest }], objects);
      return node;
    },
    revise: async (node, pieces, facts) => {
      const { manifest, objects } = author.content(node, pieces, facts);
      await author.append([{ type: 'revise', node, manifest }], objects);
    },
  };
  return author;
}
