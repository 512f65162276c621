import { type Define, withService } from './command.ts';
import { exitCode } from './exit-code.ts';
import { readSecret } from './secret.ts';
import { signedInText, signInInput, signInOptions } from './sign-in-options.ts';

export const define: Define = (command, run) => {
  signInOptions(command).addHelpText(
    'after',
    '\nThe 24 words are read from HOLDFAST_RECOVERY and the new password from HOLDFAST_PASSWORD, or asked for.',
  );
  run(async (invocation, options) => {
    const { environment, output } = invocation;
    const words = await readSecret({ variable: 'HOLDFAST_RECOVERY', prompt: 'The 24 recovery words' }, environment);
    const newPassword = await readSecret(
      { variable: 'HOLDFAST_PASSWORD', prompt: 'New password', isNew: true },
      environment,
    );
    const input = { ...signInInput(options), words, newPassword };
    const account = await withService(invocation, (service) => service.recover(input));
    output.result(
      account,
      () => `${signedInText(account)}\nThe account has the new password; the 24 words stay valid.`,
    );
    return exitCode.done;
  });
};
