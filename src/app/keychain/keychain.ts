/**
 * Where a device keeps the one secret that opens its sealed keys. The file implementation is for machines without a
 * keyring; a system's keyring fits behind the same port.
 */
export interface Keychain {
  /** For people: `file`, `file with passphrase`, … */
  readonly kind: string;
  /** 32 bytes; null if there is none of this name. `refused` if it is locked. */
  read(name: string): Promise<Uint8Array | null>;
  write(name: string, secret: Uint8Array): Promise<void>;
  remove(name: string): Promise<void>;
}

/** The secret under which `account.json` holds the device's keys. */
export const keychainName = 'device';
