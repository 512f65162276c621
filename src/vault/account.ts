import type { DeviceId, Random, VaultId } from '../common/ids.ts';
import type { AccountChain } from '../crypto/account-chain.ts';
import type { SignedAccountEvent } from '../crypto/account-event.ts';
import type { UnlockKeys } from '../crypto/account-keys.ts';
import type { DeviceState } from '../crypto/device-state.ts';
import type { KdfParams } from '../crypto/kdf.ts';
import type { AccountKeys, DeviceKeys } from './account-keys.ts';

export interface SignedRecord {
  readonly body: Uint8Array;
  readonly signature: Uint8Array;
}

/** An event of this account to append, and the chain once it is. */
export interface ChainStep {
  readonly event: SignedAccountEvent;
  readonly chain: AccountChain;
}

/** A step that comes with a new account record. */
export interface RecordStep extends ChainStep {
  readonly record: SignedRecord;
}

/** For `createAccount` and others that stretch a password; tests make it cheaper. */
export interface KdfCost {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly lanes: number;
}

export interface NewAccount {
  readonly keys: AccountKeys;
  readonly device: DeviceKeys;
  readonly record: SignedRecord;
  /** Genesis, device-add, record 1: sent together. */
  readonly events: readonly SignedAccountEvent[];
  readonly chain: AccountChain;
  /** 24 words, to be shown once. */
  readonly recoveryWords: string;
}

/** Slow by design (Argon2id). Throws `usage` for a weak password or an address that is none. */
export async function createAccount(_input: {
  readonly email: string;
  readonly password: string;
  readonly deviceName: string;
  readonly nowUs: number;
  readonly random: Random;
  readonly cost?: KdfCost;
}): Promise<NewAccount> {
  throw new Error('not yet');
}

export function newDeviceKeys(_random: Random): DeviceKeys {
  throw new Error('not yet');
}

/** From an opened `device-state` box. */
export function deviceKeysOf(_device: DeviceId, _state: DeviceState): DeviceKeys {
  throw new Error('not yet');
}

/** What `sealDeviceState` of crypto seals under the keychain's secret. */
export function deviceStateOf(_keys: AccountKeys, _device: DeviceKeys): DeviceState {
  throw new Error('not yet');
}

/** Opens the account with the keys of the password or the recovery words (crypto `passwordKeys`, `recoveryKeys`). Everything is checked before anything is used (F-REC-1). Throws E_AUTH, E_ROLLBACK, E_KEYCHANGE. */
export function unlockAccount(
  _record: SignedRecord,
  _chain: AccountChain,
  _slot: 'password' | 'recovery',
  _keys: UnlockKeys,
): AccountKeys {
  throw new Error('not yet');
}

/** Opens the account with the master key that this device keeps. Throws as `unlockAccount`; `refused` (reason `sign-in`) when the master key was changed since. */
export function unlockWithDevice(_record: SignedRecord, _chain: AccountChain, _state: DeviceState): AccountKeys {
  throw new Error('not yet');
}

/** Refuses, before the password is touched, parameters other than those of the newest record that this device accepted (F-PWD-2). */
export function checkKnownKdf(_known: SignedRecord, _kdf: KdfParams): void {
  throw new Error('not yet');
}

export function addDevice(
  _keys: AccountKeys,
  _chain: AccountChain,
  _device: DeviceKeys,
  _name: string,
  _nowUs: number,
  _random: Random,
): ChainStep {
  throw new Error('not yet');
}

/** After it, write an entry in every vault at once (F-EPOCH-4). */
export function revokeDevice(_keys: AccountKeys, _chain: AccountChain, _device: DeviceId, _nowUs: number): ChainStep {
  throw new Error('not yet');
}

export function addVault(
  _keys: AccountKeys,
  _chain: AccountChain,
  _vault: VaultId,
  _genesisHash: Uint8Array,
  _nowUs: number,
): ChainStep {
  throw new Error('not yet');
}

/** Also sets the password after `unlockAccount` with recovery words. The recovery words stay. */
export async function changePassword(_input: {
  readonly keys: AccountKeys;
  readonly chain: AccountChain;
  readonly record: SignedRecord;
  readonly password: string;
  readonly nowUs: number;
  readonly random: Random;
  readonly cost?: KdfCost;
}): Promise<RecordStep> {
  throw new Error('not yet');
}

/** The old words no longer open the newest record. */
export function changeRecoveryWords(_input: {
  readonly keys: AccountKeys;
  readonly chain: AccountChain;
  readonly record: SignedRecord;
  readonly nowUs: number;
  readonly random: Random;
}): RecordStep & { readonly recoveryWords: string } {
  throw new Error('not yet');
}

/** The name that a device of this account was given. Throws E_AUTH. */
export function deviceName(_keys: AccountKeys, _chain: AccountChain, _device: DeviceId): string {
  throw new Error('not yet');
}
