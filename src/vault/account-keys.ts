import type { AccountId, DeviceId } from '../common/ids.ts';
import type { IdentitySecrets } from '../crypto/account-keys.ts';
import type { SigningKey } from '../crypto/sign.ts';
import type { AgreementKey } from '../crypto/x25519.ts';

/** An unlocked account: everything that its devices share. Lives in the engine's process only. */
export interface AccountKeys {
  readonly account: AccountId;
  readonly masterKey: Uint8Array;
  readonly keyVersion: number;
  readonly identity: SigningKey;
  readonly sealing: AgreementKey;
  readonly secrets: IdentitySecrets;
}

/** This device's own keys, made here; they never leave. */
export interface DeviceKeys {
  readonly device: DeviceId;
  readonly signing: SigningKey;
  readonly sealing: AgreementKey;
  readonly signingSeed: Uint8Array;
  readonly sealingPrivate: Uint8Array;
}
