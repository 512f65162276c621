import { toHex } from '../../common/bytes.ts';
import { securityError } from '../../common/errors.ts';
import {
  isReleaseVersion,
  isUpdateSigned,
  parseSignedUpdate,
  parseUpdateStatement,
  type SignedUpdate,
  type UpdateStatement,
} from '../../crypto/update-statement.ts';
import { canRelease, type ReleaseKeys } from './release-keys.ts';

export interface UpdateCase {
  readonly release: ReleaseKeys;
  /** Version and platform of the app that runs: `1.2.3`, `darwin-arm64`. */
  readonly running: { readonly version: string; readonly platform: string };
  /** The version that the feed speaks of. */
  readonly offered: string;
}

/** The statement, if it is one that this app may install (F-UPDATE-1 and 2). Throws a security error that says why not. */
export function judgeUpdate(bytes: Uint8Array, { release, running, offered }: UpdateCase): UpdateStatement {
  const signed = parseSignedUpdate(bytes);
  if (!canRelease(release) || countSigners(signed, release) < release.threshold) {
    throw securityError('E_AUTH', 'The update is not signed by enough of those who may release one.');
  }
  const statement = parseUpdateStatement(signed.body);
  if (statement.platform !== running.platform) {
    throw securityError('E_AUTH', `The update is made for ${statement.platform}, not for this computer.`);
  }
  if (statement.version !== offered) {
    throw securityError('E_AUTH', `The feed offers another version than ${statement.version}, which is signed.`);
  }
  if (!isNewer(statement.version, running.version)) {
    throw securityError('E_ROLLBACK', `The update, ${statement.version}, is not newer than what runs.`);
  }
  return statement;
}

/** How many different keys of those who may release have signed. */
export function countSigners(signed: SignedUpdate, { keys }: ReleaseKeys): number {
  const good = signed.signatures.filter((each) => isUpdateSigned(signed.body, each));
  const signers = new Set(good.map(({ publicKey }) => toHex(publicKey)));
  return keys.filter((key, at) => signers.has(key) && keys.indexOf(key) === at).length;
}

/** By number, not by letter. Nothing is newer than a version that is none of a release. */
function isNewer(version: string, than: string): boolean {
  if (!isReleaseVersion(than)) return false;
  const before = numbersOf(than);
  const numbers = numbersOf(version);
  const at = numbers.findIndex((number, index) => number !== before[index]);
  return at >= 0 && (numbers[at] as number) > (before[at] as number);
}

const numbersOf = (version: string): number[] => version.split('.').map(Number);
