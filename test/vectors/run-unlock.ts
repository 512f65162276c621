import type { AccountId } from '../../src/common/ids.ts';
import { recoveryKeys } from '../../src/crypto/account-keys.ts';
import type { KdfParams } from '../../src/crypto/kdf.ts';
import { openAccountChain } from '../../src/vault/account-pin.ts';
import { checkOfferedKdf, unlockAccount } from '../../src/vault/unlock.ts';
import { bytesIn, eventsIn, type Input } from './run-history.ts';

export function unlockIn(input: Input) {
  const account = input['account'] as AccountId;
  const seen = input['pin'] as { readonly position: number; readonly head: string } | null;
  const pin = seen === null ? null : { account, ...seen, frozen: null };
  const chain = openAccountChain(account, eventsIn(input), pin);
  const record = { body: bytesIn(input['record']), signature: bytesIn(input['signature']) };
  const keys = unlockAccount(record, chain, 'recovery', recoveryKeys(bytesIn(input['recoveryKey'])));
  return {
    identityKey: keys.identity.publicKey,
    sealingKey: keys.sealing.publicKey,
    masterKey: keys.masterKey,
    position: chain.position,
  };
}

export function offerIn(input: Input, kdf: KdfParams): void {
  const known = input['known'] === null ? null : { body: bytesIn(input['known']), signature: new Uint8Array(64) };
  checkOfferedKdf(kdf, known);
}
