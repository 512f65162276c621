import { type HoldfastError, securityError } from '../common/errors.ts';

/**
 * The one failure of authentication. Same words whatever failed, no cause attached: neither a server nor a log can tell
 * a wrong key from a wrong tag (F-SUITE-4).
 */
export const notAuthentic = (): HoldfastError =>
  securityError('E_AUTH', 'The data is not authentic: it was changed, or made for another place.');

/** A suite or parameters that this version does not accept. */
export const downgraded = (): HoldfastError =>
  securityError('E_DOWNGRADE', 'The data uses weaker or unknown cryptography; it is refused.');

/** Something larger or costlier than the declared limits. */
export const overLimit = (): HoldfastError =>
  securityError('E_LIMIT', 'The data exceeds a declared limit; it is refused.');
