import type { AccountSession } from '../../../src/app/account/account-session.ts';
import type { ObjectId, VaultId } from '../../../src/common/ids.ts';
import { systemRandom } from '../../../src/crypto/random.ts';
import { writeCheckpoint } from '../../../src/vault/write-checkpoint.ts';
import { openLog } from './open-log.ts';

/** This device's checkpoint of the vault as it is; gives the ids of its pages. */
export async function writeState(session: AccountSession, vault: VaultId): Promise<ObjectId[]> {
  const { position, ring, tree } = await openLog(session, vault);
  const raw = await writeCheckpoint({
    position,
    keyRing: ring,
    author: session.author(),
    rows: tree.rows(),
    storePage: ({ objectId, sealed }) => session.storage.putObjects(vault, [{ id: objectId, bytes: sealed }]),
    random: systemRandom,
  });
  await session.storage.putCheckpoint(vault, { ...raw, pages: [...raw.pages] });
  return [...raw.pages];
}
