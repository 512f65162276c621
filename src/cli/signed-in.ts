import type { Invocation } from './command.ts';

/** Throws `refused` if nobody is signed in, before a person is asked for secrets that could open nothing. */
export async function assertSignedIn({ homeFolder }: Pick<Invocation, 'homeFolder'>): Promise<void> {
  const { readStatus } = await import('../app/read-status.ts');
  if ((await readStatus(homeFolder)).account !== null) return;
  const { notSignedIn } = await import('../app/device.ts');
  throw notSignedIn();
}
