import { must } from '../common/errors.ts';
import { type Define, withService } from './command.ts';
import { exitCode } from './exit-code.ts';
import { readSecret } from './secret.ts';
import { assertSignedIn } from './signed-in.ts';

export const define: Define = (command, run) => {
  command
    .argument('<email>', 'the e-mail address of the account that is signed in, to make sure that you mean this one')
    .addHelpText(
      'after',
      '\nFiles in the folders of your computers stay. What only the server has is gone for good: older versions, deleted files,\n' +
        'and what you keep off your computers. The password is read from HOLDFAST_PASSWORD, or asked for.',
    );
  run(async (invocation, _options, [email]) => {
    await assertSignedIn(invocation);
    const password = await readSecret({ variable: 'HOLDFAST_PASSWORD', prompt: 'Password' }, invocation.environment);
    const done = await withService(invocation, (service) =>
      service['delete-account']({ email: must(email), password }),
    );
    invocation.output.result(
      done,
      () =>
        'The account is deleted, and what its server stored of it is being removed. Your files stay. ' +
        'On your other computers: `logout --force`.',
    );
    return exitCode.done;
  });
};
