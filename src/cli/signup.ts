import { type Define, withService } from './command.ts';
import { exitCode } from './exit-code.ts';
import { keepWords, wordsText } from './recovery-text.ts';
import { readSecret } from './secret.ts';
import { signedInText, signInInput, signInOptions } from './sign-in-options.ts';

export const define: Define = (command, run) => {
  signInOptions(command).addHelpText('after', '\nThe password is read from HOLDFAST_PASSWORD, or asked for.');
  run(async (invocation, options) => {
    const password = await readSecret(
      { variable: 'HOLDFAST_PASSWORD', prompt: 'New password', isNew: true },
      invocation.environment,
    );
    const made = await withService(invocation, (service) => service.signup({ ...signInInput(options), password }));
    const { recovery, ...account } = made;
    invocation.output.result({ recovery, ...account }, () => `${signedInText(account)}\n\n${wordsText(recovery)}`);
    invocation.output.note(keepWords);
    return exitCode.done;
  });
};
