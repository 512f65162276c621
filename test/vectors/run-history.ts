import { fromHex, toHex } from '../../src/common/bytes.ts';
import { must } from '../../src/common/errors.ts';
import type { AccountId, ObjectId, VaultId } from '../../src/common/ids.ts';
import { type AccountChain, extendAccountChain } from '../../src/crypto/account-chain.ts';
import type { SignedAccountEvent } from '../../src/crypto/account-event.ts';
import { encodeCbor } from '../../src/crypto/cbor.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import { agreementKey } from '../../src/crypto/x25519.ts';
import { emptyKeyRing } from '../../src/vault/key-ring.ts';
import { checkLogEnd, startOf } from '../../src/vault/position.ts';
import { openEntry } from '../../src/vault/replay.ts';
import { rowFields } from '../../src/vault/state-row.ts';
import { applyOperations } from '../../src/vault/tree-rules.ts';
import { memoryVaultTree } from '../fakes/memory-vault-tree.ts';
import type { Json, VectorCase } from './case.ts';

export type Input = VectorCase['input'];
/** Is told what a reader may have given out so far. */
export type Tell = (released: Json) => void;

export const bytesIn = (value: Json | undefined): Uint8Array => must(fromHex(value as string));

export const eventsIn = (input: Input): SignedAccountEvent[] =>
  (input['events'] as readonly (readonly (string | null)[])[]).map(([event, signature, second]) => ({
    event: bytesIn(event as string),
    signature: bytesIn(signature as string),
    deviceSignature: second === null ? null : bytesIn(second as string),
  }));

export const chainIn = (input: Input): AccountChain =>
  extendAccountChain(null, input['account'] as AccountId, eventsIn(input));

export interface GivenEntry {
  readonly header: string;
  readonly signature: string;
  readonly ciphertext: string;
  readonly retained: readonly ObjectId[];
  readonly released: readonly ObjectId[];
  readonly grants: string | null;
}

export const entriesIn = (input: Input): readonly GivenEntry[] => input['entries'] as unknown as readonly GivenEntry[];

/** Verifies the chain, replays all entries, and tells after each one where it stands. */
export function replayed(input: Input, tell: Tell = () => undefined): Json {
  const chain = chainIn(input);
  const vault = input['vault'] as VaultId;
  const keys = { account: chain.account, sealing: agreementKey(bytesIn(input['sealingPrivate'])) };
  let position = startOf(vault);
  let ring = emptyKeyRing(keys, vault);
  const tree = memoryVaultTree();
  const effects: Json[] = [];
  const state = (): Json => ({
    seq: position.seq,
    head: position.head,
    name: position.name,
    epoch: position.epochs.length,
    effects: [...effects],
    nodes: [...tree.nodes.values()]
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map(({ id, kind, parent, name, isDeleted, revision }) => [id, kind, parent, name, isDeleted, revision]),
    revisions: [...tree.revisions.keys()].sort(),
    rows: toHex(sha256(...tree.rows().map((row) => encodeCbor(rowFields(row))))),
  });
  tell(state());
  for (const entry of entriesIn(input)) {
    const raw = {
      header: bytesIn(entry.header),
      signature: bytesIn(entry.signature),
      ciphertext: bytesIn(entry.ciphertext),
      retained: entry.retained,
      released: entry.released,
    };
    const grants = entry.grants === null ? undefined : bytesIn(entry.grants);
    const opened = openEntry(position, ring, chain, raw, grants);
    effects.push(applyOperations(tree, opened.operations, opened.stamp).map(({ status }) => status));
    position = opened.position;
    ring = opened.keyRing;
    tell(state());
  }
  const end = input['end'] as { readonly seq: number; readonly hash: string } | undefined;
  if (end !== undefined) checkLogEnd(position, { seq: end.seq, hash: bytesIn(end.hash) });
  return state();
}
