import { HoldfastError, isUselessReply, type SecurityCode, securityCodes } from '../common/errors.ts';
import type { DeviceId } from '../common/ids.ts';
import { parseEntryHeader } from '../crypto/entry-header.ts';
import { countIn, idIn, integerIn, objectIn, textIn } from './stored-json.ts';

/** A security stop, as it is stored: survives a restart, and is never lifted by what a server says. */
export interface Freeze {
  readonly code: SecurityCode;
  readonly message: string;
  /** What was refused: seq of the entry, if it came to that. */
  readonly seq: number | null;
  /** The author that it names, if any. */
  readonly device: DeviceId | null;
  readonly atUs: number;
}

/**
 * What a failure stops (FORMAT.md 11): a vault or account as a whole, one item of it (a name that no disk may hold), or
 * nothing.
 */
type FreezeScope = 'whole' | 'item' | 'nothing';

/** The reason of a stop that lasts as long as the server says that the account does not exist (F-REC-3). */
export const accountGone = 'account-gone';

/**
 * Of an error met while replaying, reading a checkpoint or an account chain. An object that fails is its file's matter alone,
 * and an answer that is none is nobody's: it is asked for again (F-FREEZE-2).
 */
export function freezeScope(error: unknown): FreezeScope {
  if (!(error instanceof HoldfastError) || error.kind !== 'security') return 'nothing';
  if (isUselessReply(error) || error.reason === accountGone) return 'nothing';
  return error.security === 'E_PATH' ? 'item' : 'whole';
}

/**
 * What to store about a security stop. `header`: of the entry that was refused; seq and device are what it claims. Null if
 * the error freezes nothing.
 */
function freezeOf(error: unknown, atUs: number, header?: Uint8Array): Freeze | null {
  if (!(error instanceof HoldfastError) || freezeScope(error) !== 'whole') return null;
  return { code: error.security ?? 'E_AUTH', message: error.message, ...claimOf(header), atUs };
}

/** The same position (of a log or an account), frozen; an earlier freeze stays. For errors that freeze nothing: as it was. */
export const freezePosition = <T extends { readonly frozen: Freeze | null }>(
  state: T,
  error: unknown,
  atUs: number,
  header?: Uint8Array,
): T => ({ ...state, frozen: state.frozen ?? freezeOf(error, atUs, header) });

function claimOf(header: Uint8Array | undefined): Pick<Freeze, 'seq' | 'device'> {
  try {
    if (header !== undefined) {
      const { seq, device } = parseEntryHeader(header);
      return { seq, device };
    }
  } catch {
    // A header that cannot be read names nobody.
  }
  return { seq: null, device: null };
}

/** The stored stop as the error that it was; null: there is none. */
export function storedStop({ frozen }: { readonly frozen: Freeze | null }): HoldfastError | null {
  return frozen === null
    ? null
    : new HoldfastError('security', frozen.message, { security: frozen.code, reason: 'frozen' });
}

/** Throws the stored stop again. */
export function assertNotFrozen(state: { readonly frozen: Freeze | null }): void {
  const stop = storedStop(state);
  if (stop !== null) throw stop;
}

/** From storage. Throws `corrupt`. */
export function parseFreeze(value: unknown): Freeze {
  const { code, message, seq, device, atUs } = objectIn(value);
  const known = securityCodes.find((item) => item === code);
  if (known === undefined) throw new HoldfastError('corrupt', 'A stored security stop cannot be read.');
  return {
    code: known,
    message: textIn(message),
    seq: seq === null ? null : countIn(seq),
    device: device === null ? null : idIn(device),
    atUs: integerIn(atUs),
  };
}
