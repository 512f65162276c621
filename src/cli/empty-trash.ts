import { type Define, withService } from './command.ts';
import { confirm, yesOption } from './confirm.ts';
import { exitCode } from './exit-code.ts';
import { bytesText, countText } from './format.ts';
import { chosenPair, pairOption } from './place.ts';

export const define: Define = (command, run) => {
  yesOption(pairOption(command)).addHelpText(
    'after',
    '\nFrees the space of what syncing deleted or replaced in the folders of this computer. Deleted files and older versions in\n' +
      'the vault stay as long as before.',
  );
  run(async (invocation, options) => {
    const pair = chosenPair(invocation, options);
    const { trash } = await withService(invocation, (service) => service.trash({ pair }));
    const here = trash.filter(({ where }) => where === 'local');
    if (here.length > 0) {
      const size = bytesText(here.reduce((sum, item) => sum + item.size, 0));
      await confirm(
        `Remove ${countText(here.length, 'file')} (${size}) from the trash of this computer for good?`,
        options,
      );
    }
    const done = await withService(invocation, (service) => service['empty-trash']({ pair }));
    invocation.output.result(done, () =>
      done.files === 0
        ? 'The trash of this computer is empty.'
        : `${countText(done.files, 'file')} removed from the disk.`,
    );
    return exitCode.done;
  });
};
