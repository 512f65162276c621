import type { AccountId, DeviceId } from '../common/ids.ts';
import type { AccountChain } from '../crypto/account-chain.ts';
import type { SigningKey } from '../crypto/sign.ts';

/** Who signs entries and checkpoints here: this device, under the newest account chain that it has verified (F-EPOCH-4). */
export interface Author {
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly signing: SigningKey;
  readonly chain: AccountChain;
}
