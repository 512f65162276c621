import type { Clock } from '../../common/clock.ts';
import { must } from '../../common/errors.ts';
import type { IndexReader, IndexWriter } from '../../db/index-port.ts';
import type { StateRow } from '../../vault/state-row.ts';
import type { KeptRevision, VaultNode } from '../../vault/vault-tree.ts';
import type { ContentCrypto } from '../transfer/content-crypto.ts';
import { nodeOf } from './index-tree.ts';

/** Nodes read before other work gets its turn. */
const slice = 256;

/** The vault's state as the index has it, in the order of a checkpoint. The index must not change meanwhile. */
export async function* stateRows(
  read: IndexReader,
  crypto: Pick<ContentCrypto, 'openManifest'>,
  clock: Pick<Clock, 'sleep'>,
): AsyncGenerator<StateRow> {
  let count = 0;
  for (const row of read.vaultRows()) {
    yield { type: 'node', node: nodeOf(row) };
    for (const { revision } of row.kind === 'file' ? [...read.revisionsOf(row.id)].reverse() : []) {
      const { node, seq, timeUs, deviceId, manifest } = must(read.revision(revision));
      yield {
        type: 'revision',
        revision: { node, revision, seq, timeUs, deviceId, manifest: crypto.openManifest(revision, manifest) },
      };
    }
    if (++count % slice === 0) await clock.sleep(0);
  }
}

/** Writes the rows of a state into the index, in order; a node is written once its revisions are known. */
export interface StateWriter {
  add(write: IndexWriter, row: StateRow): void;
  /** After the last row. */
  finish(write: IndexWriter): void;
}

export function stateWriter(crypto: Pick<ContentCrypto, 'sealManifest'>): StateWriter {
  let node: VaultNode | null = null;
  let revisions: KeptRevision[] = [];

  const finish = (write: IndexWriter): void => {
    if (node === null) return;
    const { revision } = node;
    const current = revisions.find((kept) => kept.revision === revision)?.manifest;
    write.putVaultRow({
      ...node,
      size: current?.size ?? 0,
      mtimeUs: current?.mtimeUs ?? 0,
      exec: current?.exec ?? false,
    });
    // After their node, which has a row then.
    for (const { manifest, ...kept } of revisions) {
      const { size, mtimeUs, exec } = manifest;
      write.addRevision({ ...kept, size, mtimeUs, exec, manifest: crypto.sealManifest(manifest) });
    }
    node = null;
    revisions = [];
  };

  return {
    add(write, row) {
      if (row.type === 'revision') {
        revisions.push(row.revision);
        return;
      }
      finish(write);
      node = row.node;
    },
    finish,
  };
}
