import { HoldfastError } from '../common/errors.ts';
import { type Calls, type CommandName, commandNames, commands, type Input, type Service } from './contract.ts';

/** What was asked for with a command, as the contract has it. Throws `usage` (reason `bad-input`) for anything else. */
export function checkedInput<N extends CommandName>(name: N, input: unknown): Input<N> {
  const checked = commands[name].input.safeParse(input);
  if (checked.success) return checked.data as Input<N>;
  // Which fields, never their values: a password may be among them.
  const fields = [...new Set(checked.error.issues.map((problem) => problem.path.join('.') || problem.code))];
  throw new HoldfastError('usage', `The input of “${name}” is not valid: ${fields.join(', ')}.`, {
    reason: 'bad-input',
  });
}

/** The service for a caller in the same process, who is held to the contract as one at its border is. */
export function withCheckedInput(service: Service): Service {
  const call = async <N extends CommandName>(name: N, input: unknown): Promise<unknown> => {
    const command = service[name] as (input: Input<N>) => Promise<unknown>;
    return command(checkedInput(name, input));
  };
  const calls = Object.fromEntries(commandNames.map((name) => [name, (input: unknown) => call(name, input)]));
  return { ...(calls as unknown as Calls), listen: service.listen };
}
