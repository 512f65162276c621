import { HoldfastError } from '../common/errors.ts';
import { byteCount } from './byte-count.ts';
import { type Define, type Options, textOption, withService } from './command.ts';
import { exitCode } from './exit-code.ts';
import { bytesText } from './format.ts';

export const define: Define = (command, run) => {
  command
    .option('--up <rate>', 'upload limit a second, like 500K (KiB), 2M (MiB) or 1G (GiB), or `none`')
    .option('--down <rate>', 'download limit, in the same form');
  run(async (invocation, options) => {
    const up = rateOf(options, 'up');
    const down = rateOf(options, 'down');
    const settings = await withService(invocation, (service) =>
      up === undefined && down === undefined
        ? service['settings-get']({})
        : service['settings-set']({
            ...(up === undefined ? {} : { upBytesPerSecond: up }),
            ...(down === undefined ? {} : { downBytesPerSecond: down }),
          }),
    );
    invocation.output.result(settings, () => {
      const rate = (value: number | null): string => (value === null ? noLimit : `${bytesText(value)}/s`);
      return `Up: ${rate(settings.upBytesPerSecond)}\nDown: ${rate(settings.downBytesPerSecond)}`;
    });
    return exitCode.done;
  });
};

const noLimit = 'no limit';

/** Takes what is printed, too. Undefined: not given. Null: no limit. */
export function rateOf(options: Options, name: string): number | null | undefined {
  const text = textOption(options, name)?.toLowerCase();
  if (text === undefined) return undefined;
  if (text === 'none' || text === noLimit) return null;
  const bytes = byteCount(text.replace(/\/s$/, ''));
  if (bytes === null || bytes < 1024 || bytes > 900 * 1024 ** 3) {
    throw new HoldfastError('usage', `--${name} takes a rate from 1K to 900G, like 500K or 2M, or none.`);
  }
  return bytes;
}
