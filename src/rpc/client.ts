import { z } from 'zod';
import { HoldfastError } from '../common/errors.ts';
import { type Calls, type CommandName, commandNames, commands, type Service } from './contract.ts';
import { errorFrom, failure } from './failure.ts';
import { type RpcEvent, rpcEvent } from './home-report.ts';

/** How questions and events travel, whatever carries them. */
export interface Transport {
  /** Resolves with what `dispatch` answered on the other side, unchecked. Rejects if no answer comes. */
  ask(name: CommandName, input: unknown): Promise<unknown>;
  /** Hands on each event, unchecked, until the returned function is called. */
  listen(onEvent: (event: unknown) => void): () => void;
}

const reply = z.union([
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), failure }),
]);

/** The contract over a transport. Calls reject with a HoldfastError; answers and events are checked before they are believed. */
export function rpcClient(transport: Transport): Service {
  const call = async (name: CommandName, input: unknown): Promise<unknown> => {
    const answer = reply.safeParse(await transport.ask(name, input));
    if (!answer.success) throw new HoldfastError('bug', 'Holdfast gave an answer that cannot be read.');
    if (!answer.data.ok) throw errorFrom(answer.data.failure);
    return commands[name].output.parse(answer.data.value);
  };
  const calls = Object.fromEntries(commandNames.map((name) => [name, (input: unknown) => call(name, input)]));
  return {
    ...(calls as unknown as Calls),
    listen: (listener: (event: RpcEvent) => void) =>
      transport.listen((event) => {
        const checked = rpcEvent.safeParse(event);
        if (checked.success) listener(checked.data);
      }),
  };
}
