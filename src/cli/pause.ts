import { HoldfastError } from '../common/errors.ts';
import { longestPauseMinutes } from '../rpc/fields.ts';
import { type Define, type Options, textOption, withService } from './command.ts';
import { exitCode } from './exit-code.ts';
import { pairsText } from './pairs-text.ts';
import { chosenPair, pairOption } from './place.ts';

export const define: Define = (command, run) => {
  pairOption(command).option(
    '--minutes <count>',
    `resume after this many minutes, at most ${longestPauseMinutes} (a week)`,
  );
  run(async (invocation, options) => {
    const pair = chosenPair(invocation, options);
    const minutes = minutesOf(options);
    const list = await withService(invocation, (service) => service.pause({ pair, minutes }));
    invocation.output.result(list, () => pairsText(list.pairs));
    return exitCode.done;
  });
};

/** Null: until someone resumes. */
function minutesOf(options: Options): number | null {
  const text = textOption(options, 'minutes');
  if (text === null) return null;
  const minutes = Number(text);
  if (!/^\d+$/.test(text) || minutes < 1 || minutes > longestPauseMinutes) {
    throw new HoldfastError('usage', `--minutes is a number from 1 to ${longestPauseMinutes}.`);
  }
  return minutes;
}
