import { assert, HoldfastError } from '../common/errors.ts';
import type { DeviceId, Random, VaultId } from '../common/ids.ts';
import { type AccountChain, extendAccountChain, isLiveAt } from '../crypto/account-chain.ts';
import {
  type AccountFact,
  encodeAccountEvent,
  type SignedAccountEvent,
  signAccountEvent,
} from '../crypto/account-event.ts';
import { openDeviceName, sealDeviceName } from '../crypto/account-keys.ts';
import type { SigningKey } from '../crypto/sign.ts';
import type { AccountKeys, DeviceKeys } from './account-keys.ts';

/** An event of this account to append, and the chain once it is. If the chain moved meanwhile, take the step again. */
export interface ChainStep {
  readonly event: SignedAccountEvent;
  readonly chain: AccountChain;
}

/** Adds a device, with which a login was proved, to the account. `name`: cut to 128 bytes; only this account reads it. */
export function addDevice(
  keys: AccountKeys,
  chain: AccountChain,
  device: DeviceKeys,
  name: string,
  nowUs: number,
  random: Random,
): ChainStep {
  const fact = deviceFact(keys, device, name, random);
  return takeStep(keys, chain, fact, nowUs, device.signing);
}

export const deviceFact = (keys: AccountKeys, device: DeviceKeys, name: string, random: Random): AccountFact => ({
  kind: 'device-add',
  device: device.device,
  signingKey: device.signing.publicKey,
  sealingKey: device.sealing.publicKey,
  name: sealDeviceName(keys.secrets.accountSecret, keys.account, device.device, name, random),
});

/** Throws `missing` if the device is not in the account. After it, write an entry in every vault at once (F-EPOCH-4). */
export function revokeDevice(keys: AccountKeys, chain: AccountChain, device: DeviceId, nowUs: number): ChainStep {
  if (!isLiveAt(chain, device, chain.position)) {
    throw new HoldfastError('missing', 'There is no such device in this account.');
  }
  return takeStep(keys, chain, { kind: 'device-revoke', device }, nowUs);
}

/** Pins a vault by the hash of its first entry. */
export const addVault = (
  keys: AccountKeys,
  chain: AccountChain,
  vault: VaultId,
  genesisHash: Uint8Array,
  nowUs: number,
): ChainStep => takeStep(keys, chain, { kind: 'vault-add', vault, genesisHash }, nowUs);

/** Signs the event that follows `chain` and checks it as readers will. `device`: signs too, for a device-add. */
export function takeStep(
  keys: AccountKeys,
  chain: AccountChain,
  fact: AccountFact,
  nowUs: number,
  device?: SigningKey,
): ChainStep {
  assert(chain.account === keys.account, 'the chain is of another account');
  const event = encodeAccountEvent({
    account: keys.account,
    seq: chain.position + 1,
    prevHash: chain.head,
    timeUs: nowUs,
    fact,
  });
  const signed = signAccountEvent(event, keys.identity, device);
  return { event: signed, chain: extendAccountChain(chain, keys.account, [signed]) };
}

/** The name that a device of this account was given. Throws `missing`, E_AUTH. */
export function deviceName(keys: AccountKeys, chain: AccountChain, device: DeviceId): string {
  const known = chain.devices.get(device);
  if (known === undefined) throw new HoldfastError('missing', 'There is no such device in this account.');
  return openDeviceName(keys.secrets.accountSecret, keys.account, device, known.sealedName);
}
