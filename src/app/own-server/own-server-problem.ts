import type { Ports } from '../ports.ts';
import { localServerOrigin } from './local-server.ts';

/** Why the server at `origin` cannot be reached, where it is the one that this home keeps. */
export function ownServerProblem(
  { home, ownServerProblem: problem = () => null }: Pick<Ports, 'home' | 'ownServerProblem'>,
  origin: string | undefined,
): string | null {
  const why = problem();
  return why === null || origin !== localServerOrigin(home) ? null : `The server of this computer does not run: ${why}`;
}
