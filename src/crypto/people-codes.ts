import { wordlist } from '@scure/bip39/wordlists/english.js';
import { concat } from '../common/bytes.ts';
import { must } from '../common/errors.ts';
import { type AccountId, idBytes, type VaultId } from '../common/ids.ts';
import { hkdfSha256 } from './hkdf.ts';
import { labelPrefix } from './labels.ts';
import { sha256 } from './sha256.ts';

/** Sixty digits in twelve groups that stand for an account's public keys, to compare with another person (FORMAT.md 7.5). */
export function fingerprint(account: AccountId, identityKey: Uint8Array, sealingKey: Uint8Array): string {
  const info = labelPrefix('fingerprint').subarray(0, -1);
  const bytes = hkdfSha256(concat(identityKey, sealingKey), idBytes(account), info, 60);
  const groups: string[] = [];
  for (let at = 0; at < 60; at += 5) {
    const number = bytes.subarray(at, at + 5).reduce((sum, byte) => sum * 256 + byte, 0);
    groups.push(String(number % 100_000).padStart(5, '0'));
  }
  return groups.join(' ');
}

/** Eight words for the history of a vault up to `seq`: two devices that show different ones were told different things. */
export function compareCode(vault: VaultId, seq: number, head: Uint8Array): string {
  const position = new Uint8Array(8);
  new DataView(position.buffer).setBigUint64(0, BigInt(seq));
  const hash = sha256(labelPrefix('compare'), idBytes(vault), position, head);
  let bits = 0n;
  for (const byte of hash.subarray(0, 11)) bits = (bits << 8n) | BigInt(byte);
  const words: string[] = [];
  for (let shift = 77n; shift >= 0n; shift -= 11n) words.push(must(wordlist[Number((bits >> shift) & 2047n)]));
  return words.join(' ');
}
