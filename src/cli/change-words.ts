import { type Define, withService } from './command.ts';
import { exitCode } from './exit-code.ts';
import { keepWords, wordsText } from './recovery-text.ts';
import { readSecret } from './secret.ts';
import { assertSignedIn } from './signed-in.ts';

export const define: Define = (command, run) => {
  command.addHelpText('after', '\nThe password is read from HOLDFAST_PASSWORD, or asked for.');
  run(async (invocation) => {
    const { environment, output } = invocation;
    await assertSignedIn(invocation);
    const password = await readSecret({ variable: 'HOLDFAST_PASSWORD', prompt: 'Password' }, environment);
    const { recovery } = await withService(invocation, (service) => service['change-words']({ password }));
    output.result({ recovery }, () => wordsText(recovery));
    output.note(`${keepWords} The old ones no longer open the account.`);
    return exitCode.done;
  });
};
