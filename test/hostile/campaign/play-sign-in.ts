import { accountFile } from '../../../src/app/account/account-file.ts';
import { openAccountSession } from '../../../src/app/account/account-session.ts';
import { logIn, recoverAccount } from '../../../src/app/account/sign-in.ts';
import { openOrMakeVault } from '../../../src/app/vaults/vault-directory.ts';
import { HoldfastError, isKind, must } from '../../../src/common/errors.ts';
import { newId } from '../../../src/common/ids.ts';
import { systemRandom } from '../../../src/crypto/random.ts';
import type { RouteName } from '../../../src/wire/route.ts';
import { type Dice, dice } from '../../sim/random.ts';
import { clientPorts, password } from '../harness/client.ts';
import { to } from '../harness/lies.ts';
import type { HostileWorld } from '../harness/world.ts';
import type { Habit } from './campaign-case.ts';
import { check, expectFitToShow, expectNoSecretSent, inTime, type Played, playing } from './checks.ts';
import { forgeries, troubles } from './lie-kinds.ts';
import { lyingLine } from './lying-line.ts';

const routes: readonly RouteName[] = [
  ...(['prelogin', 'challenge', 'login', 'getRecord', 'getChain', 'appendEvent'] as const),
  ...(['listVaults', 'createVault', 'getGrants', 'getLog', 'quota', 'putRecord'] as const),
];

/** Who signs in while the server lies, and asks for vaults, and does so again when it tells the truth. */
export const playSignIn = (world: HostileWorld, seed: number): Promise<Played> =>
  playing(async (story, closing) => {
    const draw = dice(seed, 'sign-in');
    const ports = await clientPorts(must(world.doors.get('fresh')));
    const place = {
      server: must(world.doors.get('fresh')),
      email: world.email,
      deviceName: `PlantedNameZ9ostrich ${seed}`,
    };
    const line = lyingLine({ seed, habits: drawHabits(draw), astray: 0 }, null);
    const mark = world.liar.asked.length;
    const end = world.liar.lie(to(['fresh'], line.lie));
    try {
      // Stretching the password takes long, so only once.
      await attempt('signing in', () => signIn());
      if (accountFile(ports.home).read() !== null)
        for (let n = 0; n < 3; n++) await attempt('asking for vaults', vaults);
    } finally {
      story.push(...line.told);
      end();
    }
    if (accountFile(ports.home).read() === null) await inTime(logIn(ports, place, password), 'told the truth');
    const stopped = await attempt('told the truth', vaults);
    if (stopped !== null) {
      check(line.hasForged(), 'told the truth, it does not get there', String(stopped), line.told);
      check(
        isKind(stopped, 'security'),
        'told the truth, it does not get there, and is not stopped',
        String(stopped),
        line.told,
      );
    }
    expectNoSecretSent(world, mark);
    world.liar.forget();
    return stopped === null ? 'converged' : 'account frozen';

    function signIn(): Promise<unknown> {
      return draw.chance(0.7) ? logIn(ports, place, password) : recoverAccount(ports, place, world.words, password);
    }

    async function vaults(): Promise<void> {
      const session = await openAccountSession(ports, must(accountFile(ports.home).read()));
      closing.push(() => session.close());
      await session.refresh();
      await session.storage.listVaults();
      await session.storage.quota();
      if (draw.chance(0.5)) await openOrMakeVault(ports, session, `PlantedNameZ9ostrich ${newId(systemRandom)}`);
    }

    async function attempt(what: string, act: () => Promise<unknown>): Promise<unknown> {
      try {
        await inTime(act(), what);
        return null;
      } catch (error) {
        story.push(`${what}: ${String(error)}`);
        const isExpected = error instanceof HoldfastError && error.kind !== 'bug';
        check(isExpected, `${what} fails`, String((error as Error)?.stack ?? error));
        const { message, hint = '' } = error as HoldfastError;
        expectFitToShow([message, hint], what);
        return error;
      }
    }
  });

function drawHabits(draw: Dice): Habit[] {
  const kinds = Object.keys(draw.chance(0.4) ? troubles : { ...troubles, ...forgeries });
  return Array.from({ length: 1 + draw.below(3) }, () => ({
    route: draw.chance(0.15) ? null : draw.pick(routes),
    kind: draw.pick(kinds),
    share: draw.pick([0.1, 0.3, 0.6, 1]),
  }));
}
