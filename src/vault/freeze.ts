import type { SecurityCode } from '../common/errors.ts';
import type { DeviceId } from '../common/ids.ts';
import type { LogPosition } from './position.ts';

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

/** What a person reads about a security stop. */
export interface SecurityNotice {
  readonly what: string;
  readonly meaning: string;
  readonly todo: string;
}

/** What a failure stops (FORMAT.md 11): everything of one vault, one item of it, or nothing. */
export type FreezeScope = 'vault' | 'item' | 'nothing';

/** Of an error thrown while replaying, checkpoints or chains included. */
export function freezeScope(_error: unknown): FreezeScope {
  throw new Error('not yet');
}

/** The same position, frozen. `header`: of the entry that was refused, if there is one. Keeps an earlier freeze. */
export function freezePosition(
  _position: LogPosition,
  _error: unknown,
  _atUs: number,
  _header?: Uint8Array,
): LogPosition {
  throw new Error('not yet');
}

/** Throws the stored stop again. */
export function assertNotFrozen(_state: { readonly frozen: Freeze | null }): void {
  throw new Error('not yet');
}

export function securityNotice(_code: SecurityCode): SecurityNotice {
  throw new Error('not yet');
}
