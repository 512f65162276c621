import { resolve } from 'node:path';
import type { Command } from 'commander';
import { HoldfastError } from '../common/errors.ts';
import { type Invocation, type Options, textOption } from './command.ts';

/** The option with which commands choose a pair. */
export const pairOption = (command: Command): Command =>
  command.option('--pair <pair>', 'which folder pair: its id, its folder or its vault');

export const chosenPair = (invocation: Invocation, options: Options): string | null => {
  const pair = textOption(options, 'pair');
  return pair === null ? null : pairWord(invocation, pair);
};

/** No id and no vault's name has a slash: with one, a folder is meant, from where the person is. */
export const pairWord = ({ workingFolder }: Invocation, word: string): string =>
  /[/\\]/.test(word) ? resolve(workingFolder, word) : localOrOther(workingFolder, word);

/** A folder of this computer. An empty text is refused: a script whose variable is empty does not mean the folder it runs in. */
export function localFolder({ workingFolder }: Invocation, word: string | null): string {
  if (word === null || word === '') throw new HoldfastError('usage', 'The folder is an empty text; name a folder.');
  return resolve(workingFolder, word);
}

/** A path in a vault stays as it is; `.`, `./x` and `../x` are meant from where the person is. */
export const vaultPath = ({ workingFolder }: Invocation, word: string | undefined): string =>
  localOrOther(workingFolder, word ?? '');

const localOrOther = (workingFolder: string, word: string): string =>
  /^\.{1,2}(?:$|[/\\])/.test(word) ? resolve(workingFolder, word) : word;
