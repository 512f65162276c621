import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type Invocation, type Options, textOption } from './command.ts';

/** The option with which commands choose a pair. */
export const pairOption = (command: Command): Command =>
  command.option('--pair <pair>', 'which folder pair: its id, its folder or its vault');

export const chosenPair = ({ workingFolder }: Invocation, options: Options): string | null => {
  const pair = textOption(options, 'pair');
  return pair === null ? null : localOrOther(workingFolder, pair);
};

/** A path in a vault stays as it is; `.`, `./x` and `../x` are meant from where the person is. */
export const vaultPath = ({ workingFolder }: Invocation, word: string | undefined): string =>
  localOrOther(workingFolder, word ?? '');

const localOrOther = (workingFolder: string, word: string): string =>
  /^\.{1,2}(?:$|[/\\])/.test(word) ? resolve(workingFolder, word) : word;
