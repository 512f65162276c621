import type { SecurityCode } from '../common/errors.ts';

/** What a person reads about a security stop: what happened, what it means, what to do. */
export interface SecurityNotice {
  readonly what: string;
  readonly meaning: string;
  readonly todo: string;
}

const untouched = 'Your files on this computer are as they were; nothing of this is synced any more.';

const notices: Readonly<Record<SecurityCode, SecurityNotice>> = {
  E_AUTH: {
    what: 'The server sent something that none of your devices made, or that was changed on the way.',
    meaning: `It was refused, and syncing was stopped. ${untouched}`,
    todo: 'Check that the server is the one you trust, and tell whoever runs it. Keep a copy of your files.',
  },
  E_ROLLBACK: {
    what: 'The server shows an older state than this computer has already seen.',
    meaning: `Changes are missing on the server: it was restored from an old backup, or it hides them. ${untouched}`,
    todo: 'Ask whoever runs the server whether it was restored. Do not sign up again with the same address.',
  },
  E_FORK: {
    what: 'The server shows a different history than the one this computer has seen.',
    meaning: `It may be telling your devices different things, or one of them was restored from a backup and went on writing. ${untouched}`,
    todo: 'Compare the eight words of this vault on all your devices: those that show the same words agree.',
  },
  E_KEYCHANGE: {
    what: 'The keys of an account are not the ones that this computer knows.',
    meaning: `Someone may be trying to read what you seal with them. ${untouched}`,
    todo: 'Compare the sixty digits of the account with the person or on your other devices, by another way than this server.',
  },
  E_DOWNGRADE: {
    what: 'The server asked for weaker or unknown cryptography.',
    meaning: `Holdfast does not use it. ${untouched}`,
    todo: 'Check that the server is the one you trust, and that Holdfast is up to date on all your devices.',
  },
  E_MEMBER: {
    what: 'A change came from a device that may not make it: unknown, removed, or with an old key.',
    meaning: `It was not applied. ${untouched}`,
    todo: 'Look at the list of your devices. Remove any that you do not know or no longer have, and change your password.',
  },
  E_PATH: {
    what: 'A file or folder has a name that could reach outside its place.',
    meaning: 'It is left out on this computer; everything else syncs.',
    todo: 'See which device made it, and whether you know that device.',
  },
  E_LIMIT: {
    what: 'The server sent something far larger than it may be.',
    meaning: `It was refused before it could do harm. ${untouched}`,
    todo: 'Check that the server is the one you trust, and tell whoever runs it.',
  },
};

export const securityNotice = (code: SecurityCode): SecurityNotice => notices[code];
