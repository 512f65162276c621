/** What machines say more exactly than a person wants to read it, and numbers as the rest of the window writes them. */
export const englishPhrases: Readonly<Record<string, string>> = {
  'All known answers are right. Argon2id by %p, local hash %p.':
    'The cryptography gives the right answers (Argon2id by %p, local hash %p).',
  'File %p: %b bytes of %t, revision %p.': '%b, changed %t.',
  'Folder %p, placed there by change %n of %t.': 'A folder, there since %t.',
  'File %p, placed there by change %n of %t: %b bytes of %t, revision %p.': '%b, changed %t2, there since %t.',
  'Deleted from %p by change %n of %t.': 'Deleted %t; it was %p.',
  'File %p, revision %p.': 'The file %p.',
  'Folder %p.': 'The folder %p.',
  '%n files and folders were deleted in the folder here.': '%n files and folders were deleted in the folder here.',
  '%n files and folders were deleted on another device.': '%n files and folders were deleted on another device.',
  '%n folders to watch; the system allows %n.': '%n folders to watch; the system allows %n.',
  '%n folders to watch, but the system allows %n for all programs.':
    '%n folders to watch, but the system allows %n for all programs.',
  'the file is larger than %b bytes': 'the file is larger than %b',
  'If it is gone for good, remove the pair.': 'If it is gone for good, stop syncing it.',
  'If it was put back from a backup, remove the pair and add the folder again.':
    'If it was put back from a backup, stop syncing it and add it again.',
  'Remove the pair and add the folder again; until then nothing is synced and nothing is deleted.':
    'Stop syncing it and add it again; until then nothing is synced and nothing is deleted.',
  'Never agreed.': 'Never yet.',
  "This device's keys are not in the keychain any more.":
    'This computer’s keys are not in the keychain any more. Sign out in the settings, then sign in again; your files stay.',
  "The system’s keychain does not open this device's keys.":
    'The system’s keychain does not open this computer’s keys. Unlock it, and syncing goes on. If it was made anew, sign out in the settings, then sign in again; your files stay.',
  'The server does not let this device in any more.':
    'The server does not let this computer in any more. If it was removed from your devices, sign out in the settings, then sign in again; your files stay.',
  'This device was removed from the account.':
    'This computer was removed from your devices. Sign out in the settings; to use it again, sign in. Your files stay.',
};
