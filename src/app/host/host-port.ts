import { z } from 'zod';
import { HoldfastError } from '../../common/errors.ts';
import { errorFrom, failure, failureFrom } from '../../rpc/failure.ts';
import { answerPort, type Port } from '../../rpc/port.ts';
import type { Host } from './host.ts';

/** What the engine's process asks of the desktop app that started it. The other direction is the UI's contract. */
const hostCommands = {
  'choose-folder': { input: z.strictObject({}), output: z.string().nullable() },
  'show-file': { input: z.strictObject({ path: z.string() }), output: z.null() },
  /** As a proxy script answers. */
  'find-proxy': { input: z.strictObject({ url: z.string() }), output: z.string() },
  'seal-secret': { input: z.strictObject({ plain: z.string() }), output: z.string() },
  'open-secret': { input: z.strictObject({ sealed: z.string() }), output: z.string() },
} as const;

type HostCommand = keyof typeof hostCommands;
type HostInput<N extends HostCommand> = z.output<(typeof hostCommands)[N]['input']>;
type HostOutput<N extends HostCommand> = z.output<(typeof hostCommands)[N]['output']>;
export type HostAnswers = { readonly [N in HostCommand]: (input: HostInput<N>) => Promise<HostOutput<N>> };
export type AskHost = <N extends HostCommand>(name: N, input: HostInput<N>) => Promise<HostOutput<N>>;

const reply = z.union([
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), failure }),
]);

/** The engine's side, over anything that asks. */
export function askHostOver(ask: (name: string, input: unknown) => Promise<unknown>): AskHost {
  return async (name, input) => {
    const answer = reply.parse(await ask(name, input));
    if (!answer.ok) throw errorFrom(answer.failure);
    return hostCommands[name].output.parse(answer.value) as never;
  };
}

const isHostCommand = (name: string): name is HostCommand => Object.hasOwn(hostCommands, name);

/** The app's side. Input is checked: the engine reads what comes from the network. */
export function answerHost(port: Port, answers: HostAnswers): () => void {
  return answerPort(port, async (name, input) => {
    try {
      if (!isHostCommand(name)) throw new HoldfastError('usage', 'There is no such command.');
      const run = answers[name] as (input: unknown) => Promise<unknown>;
      return { ok: true, value: await run(hostCommands[name].input.parse(input)) };
    } catch (error) {
      return { ok: false, failure: failureFrom(error) };
    }
  });
}

/** The desktop app as the engine's host. */
export const desktopHost = (ask: AskHost, startServer: Host['startServer']): Host => ({
  canChooseFolder: true,
  canOpenFiles: true,
  canStartAtLogin: true,
  chooseFolder: () => ask('choose-folder', {}),
  showFile: async (path) => void (await ask('show-file', { path })),
  startServer,
});
