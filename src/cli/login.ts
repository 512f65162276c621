import { type Define, withService } from './command.ts';
import { exitCode } from './exit-code.ts';
import { readSecret } from './secret.ts';
import { signedInText, signInInput, signInOptions } from './sign-in-options.ts';

export const define: Define = (command, run) => {
  signInOptions(command).addHelpText('after', '\nThe password is read from HOLDFAST_PASSWORD, or asked for.');
  run(async (invocation, options) => {
    const password = await readSecret({ variable: 'HOLDFAST_PASSWORD', prompt: 'Password' }, invocation.environment);
    const account = await withService(invocation, (service) => service.login({ ...signInInput(options), password }));
    invocation.output.result(account, () => signedInText(account));
    return exitCode.done;
  });
};
