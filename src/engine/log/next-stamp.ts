import type { Clock } from '../../common/clock.ts';
import type { Stamp } from '../../vault/vault-tree.ts';
import type { VaultLog } from './vault-log.ts';

/** What an entry that this device appended now would be stamped with. */
export const nextStamp = ({ position, device }: Pick<VaultLog, 'position' | 'device'>, clock: Clock): Stamp => ({
  seq: position.seq + 1,
  timeUs: clock.now() * 1000,
  deviceId: device,
});
