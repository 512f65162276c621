/** The one suite. Bound into every derivation, signature, box and structure; anything else is refused. */
export const suite = 1;

/** What a small box may hold (FORMAT.md 3.2); closed, so that no blob opens in another's place. */
export type BoxLabel =
  | 'wrap-password'
  | 'wrap-recovery'
  | 'identity'
  | 'device-name'
  | 'device-state'
  | 'keychain'
  | 'entry'
  | 'checkpoint';

/** What a signature may say (FORMAT.md 1). */
export type SignLabel =
  | 'entry'
  | 'account'
  | 'account-event'
  | 'device-add'
  | 'checkpoint'
  | 'login-password'
  | 'login-recovery'
  | 'login-device'
  | 'update';

/** What a key may be derived for (FORMAT.md 3.1). */
export type KeyName =
  | 'password-kek'
  | 'password-login'
  | 'recovery-kek'
  | 'recovery-login'
  | 'identity'
  | 'device-name'
  | 'device-state'
  | 'keychain-kek'
  | 'log'
  | 'checkpoint'
  | 'dedup'
  | 'index';

const encoder = new TextEncoder();
const prefixes = new Map<string, Uint8Array>();

/** `"holdfast/1/" ‖ path ‖ 0x00`, the start of every info and signed message. */
export function labelPrefix(path: string): Uint8Array {
  let bytes = prefixes.get(path);
  if (bytes === undefined) {
    bytes = encoder.encode(`holdfast/${suite}/${path}\0`);
    prefixes.set(path, bytes);
  }
  return bytes;
}
