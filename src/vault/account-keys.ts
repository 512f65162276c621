import { type AccountId, type DeviceId, newId, type Random } from '../common/ids.ts';
import { type IdentitySecrets, identityKeys } from '../crypto/account-keys.ts';
import type { DeviceState } from '../crypto/device-state.ts';
import { type SigningKey, signingKey } from '../crypto/sign.ts';
import { type AgreementKey, agreementKey } from '../crypto/x25519.ts';

/** An unlocked account: everything that its devices share. Lives in the engine's process only. */
export interface AccountKeys {
  readonly account: AccountId;
  readonly masterKey: Uint8Array;
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

/** Public halves are recomputed, never taken from elsewhere (F-KEY-1). */
export function accountKeys(account: AccountId, masterKey: Uint8Array, secrets: IdentitySecrets): AccountKeys {
  const { signing, sealing } = identityKeys(secrets);
  return { account, masterKey, identity: signing, sealing, secrets };
}

/** For a device that is about to join: made before the login, which names its public key. */
export const newDeviceKeys = (random: Random): DeviceKeys =>
  deviceKeysOf(newId<DeviceId>(random), { signingSeed: random.bytes(32), sealingPrivate: random.bytes(32) });

/** From an opened `device-state` box. */
export const deviceKeysOf = (
  device: DeviceId,
  state: Pick<DeviceState, 'signingSeed' | 'sealingPrivate'>,
): DeviceKeys => ({
  device,
  signing: signingKey(state.signingSeed),
  sealing: agreementKey(state.sealingPrivate),
  signingSeed: state.signingSeed,
  sealingPrivate: state.sealingPrivate,
});

/** What crypto's `sealDeviceState` seals under the keychain's secret, for the next start. */
export const deviceStateOf = (keys: AccountKeys, device: DeviceKeys): DeviceState => ({
  signingSeed: device.signingSeed,
  sealingPrivate: device.sealingPrivate,
  masterKey: keys.masterKey,
});
