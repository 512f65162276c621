import { type Define, withService } from './command.ts';
import { exitCode } from './exit-code.ts';
import { readSecret } from './secret.ts';
import { assertSignedIn } from './signed-in.ts';

export const define: Define = (command, run) => {
  command.addHelpText(
    'after',
    '\nThe current password is read from HOLDFAST_PASSWORD and the new one from HOLDFAST_NEW_PASSWORD, or asked for.',
  );
  run(async (invocation) => {
    const { environment, output } = invocation;
    await assertSignedIn(invocation);
    const password = await readSecret({ variable: 'HOLDFAST_PASSWORD', prompt: 'Current password' }, environment);
    const newPassword = await readSecret(
      { variable: 'HOLDFAST_NEW_PASSWORD', prompt: 'New password', isNew: true },
      environment,
    );
    await withService(invocation, (service) => service['change-password']({ password, newPassword }));
    output.result({}, () => 'The account has the new password. Your devices stay signed in; the 24 words stay valid.');
    return exitCode.done;
  });
};
