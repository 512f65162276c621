import type { VaultId } from '../../src/common/ids.ts';
import { manifestChunks } from '../../src/engine/transfer/manifest-chunks.ts';
import type { ObjectSource } from '../../src/engine/transfer/object-source.ts';
import { contentName } from './content-book.ts';
import type { Running } from './device.ts';
import type { SimServer } from './server/sim-server.ts';

/** Names of all contents that the vault keeps a revision of, fetched from the server's stores and opened. */
export async function historyContents(running: Running, server: SimServer, vault: VaultId): Promise<Set<string>> {
  const found = new Set<string>();
  const crypto = running.crypto();
  if (crypto === null) throw new Error('the keys of the vault are not known');
  const fetch: ObjectSource['fetch'] = async (id) => {
    const place = (await server.metadata.objects.find(vault, [id])).get(id);
    const [bytes] = place === undefined ? [] : await server.store.read([{ vault, id, place }]);
    if (bytes === null || bytes === undefined) throw new Error(`the server does not hold ${id}`);
    return bytes;
  };
  const { read } = running.index;
  for (const row of [...read.vaultRows()]) {
    for (const { revision } of read.revisionsOf(row.id)) {
      const stored = read.revision(revision);
      if (stored === null) continue;
      const manifest = crypto.openManifest(revision, stored.manifest);
      const pieces: Uint8Array[] = [];
      for (const chunk of await manifestChunks(manifest, { crypto, source: { fetch } })) {
        pieces.push(await crypto.openChunk(chunk, await fetch(chunk.objectId, 0)));
      }
      found.add(contentName(Buffer.concat(pieces)));
    }
  }
  return found;
}
