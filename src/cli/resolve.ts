import { type Define, withService } from './command.ts';
import { exitCode } from './exit-code.ts';
import { chosenPair, pairOption } from './place.ts';

export const define: Define = (command, run) => {
  pairOption(command)
    .argument('<issue>', 'the issue, as `issues` lists it')
    .argument('<choice>', 'one of its choices, as `issues` lists them');
  run(async (invocation, options, [issue = '', choice = '']) => {
    const pair = chosenPair(invocation, options);
    const done = await withService(invocation, (service) => service.resolve({ pair, issue, choice }));
    invocation.output.result(done, () => `Decided: ${done.choice}. The next sync acts on it.`);
    return exitCode.done;
  });
};
