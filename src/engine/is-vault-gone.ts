import { isKind } from '../common/errors.ts';

/**
 * Whether the server said that there is no such vault. It is taken for no more than a server that does not serve: what was
 * seen of the vault stays known, nothing local is touched, and should the vault be there again it goes on where it was.
 */
export const isVaultGone = (error: unknown): boolean => isKind(error, 'missing') && error.reason === 'vault';
