import { type AccountId, type DeviceId, idBytes, type Random } from '../common/ids.ts';
import { openBox, sealBox } from './box.ts';
import { type Cbor, encodeCbor } from './cbor.ts';
import { wipe } from './constant-time.ts';
import { deriveKey } from './derive.ts';
import { bytesOf, decodeStructure } from './fields.ts';
import { suite } from './labels.ts';

/** What a signed-in device keeps on disk, sealed under a secret in the system's keychain (FORMAT.md 3.2). */
export interface DeviceState {
  readonly signingSeed: Uint8Array;
  readonly sealingPrivate: Uint8Array;
  readonly masterKey: Uint8Array;
}

const place = (account: AccountId, device: DeviceId): readonly Cbor[] => [idBytes(account), idBytes(device)];

const boxKey = (keychainSecret: Uint8Array, account: AccountId, device: DeviceId): Uint8Array =>
  deriveKey(keychainSecret, 'device-state', place(account, device));

export function sealDeviceState(
  keychainSecret: Uint8Array,
  account: AccountId,
  device: DeviceId,
  state: DeviceState,
  random: Random,
): Uint8Array {
  const plain = encodeCbor(['device-state', suite, state.signingSeed, state.sealingPrivate, state.masterKey]);
  const key = boxKey(keychainSecret, account, device);
  const box = sealBox('device-state', key, place(account, device), plain, random);
  wipe(plain, key);
  return box;
}

/** Throws E_AUTH. */
export function openDeviceState(
  keychainSecret: Uint8Array,
  account: AccountId,
  device: DeviceId,
  box: Uint8Array,
): DeviceState {
  const key = boxKey(keychainSecret, account, device);
  try {
    const plain = openBox('device-state', key, place(account, device), box);
    const fields = decodeStructure(plain, 'device-state', 5, 256);
    wipe(plain);
    return {
      signingSeed: bytesOf(fields[2], 32),
      sealingPrivate: bytesOf(fields[3], 32),
      masterKey: bytesOf(fields[4], 32),
    };
  } finally {
    wipe(key);
  }
}
