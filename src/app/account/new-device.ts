import { normalEmail } from '../../crypto/account-record.ts';
import { wipe } from '../../crypto/constant-time.ts';
import { sealDeviceState } from '../../crypto/device-state.ts';
import type { StorageApi } from '../../remote/storage-api.ts';
import { type AccountKeys, type DeviceKeys, deviceStateOf } from '../../vault/account-keys.ts';
import { pinOf } from '../../vault/account-pin.ts';
import { addDevice } from '../../vault/account-steps.ts';
import { isPinned, ownRecord, type SignedRecord } from '../../vault/signed-record.ts';
import { unlockWithDevice } from '../../vault/unlock.ts';
import { keychainName } from '../keychain/keychain.ts';
import { nowUs, type Ports } from '../ports.ts';
import { appendStep, extendChain, type KnownChain } from './account-chain-client.ts';
import { accountFile, type StoredAccount } from './account-file.ts';

/** The chain, and the record that it names as its newest. */
export interface KnownAccount {
  readonly known: KnownChain;
  readonly record: SignedRecord;
}

/** This device on its way into an account that was unlocked. */
export interface NewDevice {
  readonly keys: AccountKeys;
  readonly device: DeviceKeys;
  readonly name: string;
}

/** Adds the device to the account's chain. */
export async function join(
  { clock, random }: Ports,
  api: StorageApi,
  { keys, device, name }: NewDevice,
  { known, record: former }: KnownAccount,
): Promise<KnownAccount> {
  let record = former;
  const joined = await appendStep(
    (current) => extendChain(api, current),
    known,
    async ({ chain }) => {
      if (!isPinned(record, chain)) {
        // Another device changed it meanwhile: without the newest the keys would not open at the next start.
        ({ record } = await api.getRecord());
        ownRecord(record, chain);
        unlockWithDevice(record, chain, deviceStateOf(keys, device));
      }
      return addDevice(keys, chain, device, name, nowUs(clock), random);
    },
    ({ event }) => api.appendEvent(event),
  );
  return { known: joined.known, record };
}

/** Stores what the next start needs. The secret goes first: sealed keys without it would be lost. */
export async function keep(
  { home, keychain, random }: Ports,
  { server, email }: { readonly server: string; readonly email: string },
  { keys, device, name }: NewDevice,
  { known: { chain, events }, record }: KnownAccount,
): Promise<StoredAccount> {
  const secret = random.bytes(32);
  await keychain.write(keychainName, secret);
  const stored: StoredAccount = {
    server,
    email: normalEmail(email),
    account: keys.account,
    device: device.device,
    deviceName: name,
    deviceState: sealDeviceState(secret, keys.account, device.device, deviceStateOf(keys, device), random),
    record: { body: record.body, signature: record.signature },
    events: [...events],
    pin: pinOf(chain),
    vaultNames: {},
  };
  wipe(secret);
  accountFile(home).write(stored);
  return stored;
}
