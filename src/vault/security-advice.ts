import type { HoldfastError, SecurityCode } from '../common/errors.ts';

const advice: Readonly<Record<SecurityCode, string>> = {
  E_AUTH: 'Check that the server is the one you trust, and tell whoever runs it. Keep a copy of your files.',
  E_ROLLBACK: 'Ask whoever runs the server whether it was restored. Do not sign up again with the same address.',
  E_FORK:
    'Compare the code of this vault that a check of the installation shows on each of your devices: those that show the same one agree.',
  E_KEYCHANGE: 'Check that the server is the one you trust. Do not sign in anew before you know what happened.',
  E_DOWNGRADE: 'Check that the server is the one you trust, and that Holdfast is up to date on all your devices.',
  E_MEMBER:
    'Look at the list of your devices. Remove any that you do not know or no longer have, and change your password.',
  E_PATH: 'See which device made it, and whether you know that device.',
  E_LIMIT: 'Check that the server is the one you trust, and tell whoever runs it.',
};

/** What a person reads about a security stop: what happened, and what to do. */
export const withAdvice = ({ message, security }: Pick<HoldfastError, 'message' | 'security'>): string =>
  security === undefined ? message : `${message} ${advice[security]}`;
