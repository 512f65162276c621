import { checkedInput } from './checked-input.ts';
import { type Calls, type CommandName, commands, type Input, type Output } from './contract.ts';
import { type Failure, failureFrom } from './failure.ts';

export type Reply = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly failure: Failure };

const usage = (message: string): Reply => ({
  ok: false,
  failure: { kind: 'usage', reason: 'bad-input', message, hint: null, security: null },
});

const isCommand = (name: string): name is CommandName => Object.hasOwn(commands, name);

/**
 * Runs one command for whoever sent `input` over any transport. Never rejects. What a service throws beyond its own
 * errors is told to `onBug` and becomes a failure without details.
 */
export async function dispatch(
  service: Calls,
  name: string,
  input: unknown,
  onBug: (error: unknown) => void = () => undefined,
): Promise<Reply> {
  if (!isCommand(name)) return usage('There is no such command.');
  try {
    return await run(service, name, input);
  } catch (error) {
    const failure = failureFrom(error);
    if (failure.kind === 'bug') onBug(error);
    return { ok: false, failure };
  }
}

async function run<N extends CommandName>(service: Calls, name: N, input: unknown): Promise<Reply> {
  const command: (input: Input<N>) => Promise<Output<N>> = service[name];
  const output = await command(checkedInput(name, input));
  return { ok: true, value: commands[name].output.parse(output) };
}
