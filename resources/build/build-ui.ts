import { mkdir, rename, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { build } from 'vite';
import { type HomeLock, tryLock } from '../../src/app/home/home-lock.ts';
import { isFresh } from './is-fresh.ts';
import { licences } from './licences.ts';
import { repository } from './repository.ts';

const sources = ['package-lock.json', 'resources/build', 'renderer', 'src/rpc', 'src/common', 'src/model'];

interface BuildUi {
  /** The folder that gets `dist/ui`. */
  readonly into: string;
  /** Only if it is older than its sources. */
  readonly staleOnly: boolean;
}

/**
 * Builds the window into `dist/ui` of a folder, by its own configuration. One build at a time, in whatever processes: the
 * next one waits, and finds the window fresh. What is at `dist/ui` is always whole, also after a build that was killed.
 */
export async function buildUi({ into, staleOnly }: BuildUi): Promise<void> {
  const dist = join(into, 'dist');
  await mkdir(dist, { recursive: true });
  const lock = await whenFree(join(dist, 'ui.lock'));
  try {
    const done = join(dist, 'ui');
    if (staleOnly && isFresh(join(done, 'index.html'), sources)) return;
    const started = new Date();
    const made = join(dist, 'ui.new');
    await asForPeople(() =>
      build({
        configFile: join(repository, 'renderer', 'vite.config.ts'),
        logLevel: 'warn',
        plugins: [licences()],
        build: { outDir: made, emptyOutDir: true },
      }),
    );
    // As old as what it was built of: a source that was saved meanwhile is newer.
    await utimes(join(made, 'index.html'), started, started);
    await rm(done, { recursive: true, force: true });
    await rename(made, done);
  } finally {
    lock.release();
  }
}

/** Packages have a larger and slower form for developers, which Vite takes unless the environment says otherwise. */
async function asForPeople(make: () => Promise<unknown>): Promise<void> {
  const { NODE_ENV: before } = process.env;
  process.env['NODE_ENV'] = 'production';
  try {
    await make();
  } finally {
    if (before === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = before;
  }
}

async function whenFree(file: string): Promise<HomeLock> {
  for (;;) {
    const lock = tryLock(file);
    if (lock !== null) return lock;
    await pause(50);
  }
}
