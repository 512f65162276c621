import { printable } from '../common/printable.ts';
import { type Define, withService } from './command.ts';
import { exitCode } from './exit-code.ts';
import { timeText } from './format.ts';
import { chosenPair, pairOption } from './place.ts';

export const define: Define = (command, run) => {
  pairOption(command);
  run(async (invocation, options) => {
    const pair = chosenPair(invocation, options);
    const list = await withService(invocation, (service) => service.issues({ pair }));
    invocation.output.result(list, () => {
      if (list.issues.length === 0) return 'Nothing needs your attention.';
      return list.issues
        .map((issue) => {
          // Of what keeps a pair from being opened, nobody knows since when.
          const since = issue.createdAt === 0 ? '' : `  ${timeText(issue.createdAt)}`;
          const lines = [`${issue.id}${since}  ${issue.kind}`, `  ${printable(issue.message)}`];
          if (issue.path !== null) lines.push(`  ${printable(issue.path)}`);
          if (issue.choices.length > 0) lines.push(`  Choices: ${issue.choices.join(', ')}`);
          return lines.join('\n');
        })
        .join('\n');
    });
    return exitCode.done;
  });
};
