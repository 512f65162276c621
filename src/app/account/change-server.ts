import { toHex } from '../../common/bytes.ts';
import { HoldfastError, isKind } from '../../common/errors.ts';
import type { VaultId } from '../../common/ids.ts';
import { sha256 } from '../../crypto/sha256.ts';
import type { StorageApi } from '../../remote/storage-api.ts';
import type { PinnedPlace } from '../../vault/position.ts';
import type { Device } from '../device.ts';
import type { PairRecord } from '../home/config.ts';
import { parseServerUrl } from '../own-server/server-url.ts';
import { positionPin } from '../vaults/position-pin.ts';
import { extendChain } from './account-chain-client.ts';
import type { AccountSession } from './account-session.ts';
import { proveLogin, wrong } from './prove-login.ts';
import { withStorage } from './with-storage.ts';

/**
 * Goes on with the account at another address of its server; folders, what is left out of them, and how far all was verified
 * stay. Nothing of what answers there is kept before it has shown all that this device has seen: a mistyped address, or an older
 * copy, would stop the account for good. Throws `refused` (reason `other-server`) for such a one.
 */
export async function changeServer(device: Device, address: string): Promise<void> {
  const server = parseServerUrl(address);
  const session = await device.session();
  try {
    await assertKnows(device, server, session);
  } catch (error) {
    if (isKind(error, 'offline') || isKind(error, 'usage')) throw error;
    if (isKind(error, 'refused') && error.reason !== 'login') throw error;
    if (isKind(error, 'refused') || isKind(error, 'security') || isKind(error, 'missing')) throw otherServer(error);
    throw error;
  }
  await device.movedTo(server);
}

async function assertKnows(device: Device, server: string, session: AccountSession): Promise<void> {
  await withStorage(device.ports, server, async (api, setSession) => {
    const proof = { method: 'device', key: session.device.signing } as const;
    const { account } = session.stored();
    const login = proveLogin(api, { account, device: session.device, proof }, device.ports.random);
    setSession(await login.catch(wrong('The server does not know this device.')));
    await extendChain(api, session.known());
    const heads = new Map<VaultId, number>((await api.listVaults()).map(({ vault, head }) => [vault, head.seq]));
    // One that is not there may have been deleted, and stops nothing.
    if (device.status().pairs.some(({ vault, seq }) => (heads.get(vault) ?? seq) < seq)) throw otherServer();
    for (const record of device.config().pairs) {
      const seen = seenOf(device, record);
      if (seen !== null && heads.has(record.vault) && !(await holds(api, record.vault, seen))) throw otherServer();
    }
  });
}

const seenOf = (device: Device, { pair, vault }: PairRecord): PinnedPlace | null =>
  device.running()?.host(pair).seen() ?? positionPin(device.ports.home, vault, device.ports.clock.monotonic).read();

/** A copy to which others wrote since may be as long as what was seen here, and yet be another history. */
async function holds(api: StorageApi, vault: VaultId, { seq, head }: PinnedPlace): Promise<boolean> {
  if (seq === 0) return true;
  const [entry] = (await api.getLog(vault, seq - 1, { maxCount: 1 })).entries;
  return entry !== undefined && toHex(sha256(entry.header)) === head;
}

const otherServer = (cause?: unknown): HoldfastError =>
  new HoldfastError(
    'refused',
    'The server at that address is another one, or holds an older copy: it does not know all that this computer has seen. Nothing was changed.',
    { reason: 'other-server', cause },
  );
