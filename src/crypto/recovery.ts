import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { HoldfastError } from '../common/errors.ts';
import type { Random } from '../common/ids.ts';

/** 256 bits that open the account without the password; written down as 24 words. */
export const newRecoveryKey = (random: Random): Uint8Array => random.bytes(32);

export const recoveryWords = (key: Uint8Array): string => entropyToMnemonic(key, wordlist);

/** What numbers the words of a list, as the one that a person can save. */
const place = /^\d{1,2}[.):]?$/;

/** The key that 24 words stand for; forgives case, spacing and numbering. Throws `usage`, without repeating the words. */
export function parseRecoveryWords(text: string): Uint8Array {
  const words = text
    .normalize('NFKD')
    .toLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== '' && !place.test(word));
  if (words.length !== 24) {
    throw new HoldfastError('usage', `A recovery key has 24 words; these are ${words.length}.`);
  }
  try {
    return new Uint8Array(mnemonicToEntropy(words.join(' '), wordlist));
  } catch {
    throw new HoldfastError('usage', 'These are not the recovery words: one is misspelt, missing or in another place.');
  }
}
