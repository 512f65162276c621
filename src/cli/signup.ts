import { type Define, withService } from './command.ts';
import { exitCode } from './exit-code.ts';
import { readSecret } from './secret.ts';
import { signedInText, signInInput, signInOptions } from './sign-in-options.ts';

export const define: Define = (command, run) => {
  signInOptions(command);
  run(async (invocation, options) => {
    const password = await readSecret(
      { variable: 'HOLDFAST_PASSWORD', prompt: 'New password', isNew: true },
      invocation.environment,
    );
    const made = await withService(invocation, (service) => service.signup({ ...signInInput(options), password }));
    const { recovery, ...account } = made;
    invocation.output.result({ recovery, ...account }, () => `${signedInText(account)}\n\n${wordsText(recovery)}`);
    invocation.output.note(
      'Write the 24 words down and keep them safe: they are shown only now. Whoever has them has your data, and ' +
        'without them a lost password cannot be replaced.',
    );
    return exitCode.done;
  });
};

/** Numbered, four in a row. */
function wordsText(recovery: string): string {
  const words = recovery.split(' ').map((word, i) => `${String(i + 1).padStart(2)} ${word}`.padEnd(14));
  const rows: string[] = [];
  for (let at = 0; at < words.length; at += 4)
    rows.push(
      words
        .slice(at, at + 4)
        .join('')
        .trimEnd(),
    );
  return `Recovery words:\n${rows.join('\n')}`;
}
