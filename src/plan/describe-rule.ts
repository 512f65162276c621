import type { Rule } from './plan.ts';

const sentences: Readonly<Record<Rule, string>> = {
  'both-agree': 'Both sides are the same; there is nothing to move.',
  'both-gone': 'It was deleted on both sides.',
  'same-place-same-content': 'The same file is already on both sides.',
  'same-place-folders-merge': 'The same folder is on both sides, so the two are merged.',
  'content-in-doubt': 'Both sides have a file of this size here; the contents are compared before anything is done.',
  'created-here': 'It is new on this device.',
  'edited-here': 'It was edited on this device.',
  'replaced-here': 'It was replaced by another one of the same name on this device.',
  'moved-here': 'It was moved or renamed on this device.',
  'deleted-here': 'It was deleted on this device and not changed elsewhere since.',
  'created-there': 'It is new in the vault.',
  'edited-there': 'It was edited on another device.',
  'moved-there': 'It was moved or renamed on another device.',
  'deleted-there': 'It was deleted on another device and not changed here since.',
  'edit-beats-delete': 'One side deleted it while the other one changed it; the change is kept.',
  'move-keeps-content':
    'One side deleted the folder while the other one moved or renamed it; it is kept, with what is in it.',
  'delete-keeps-ancestors':
    'The folder was deleted on one side, but something in it was changed on the other; the folder is kept.',
  'edited-on-both-sides': 'It was edited on both sides; the version of this device is kept as a conflict copy.',
  'name-taken': 'Another one in the vault has this name; the one of this device gets a new name.',
  'moved-on-both-sides-first-wins': 'It was moved to two places; the one that reached the vault first holds.',
  'cycle-first-wins': 'Two moves would put folders into each other; the one that reached the vault first holds.',
  'name-not-possible-here': 'This computer cannot hold that name in this folder, so it is shown under another one.',
  'swap-by-way-of-a-temporary-name': 'Names or places are exchanged, which takes a step in between.',
};

/** Why an operation was planned, as a sentence for a person. */
export const describeRule = (rule: Rule): string => sentences[rule];
