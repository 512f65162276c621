import type { Pool } from 'undici';

/** A pool of connections in the place of which another can be put. */
interface RenewablePool {
  current(): Pool;
  /** What is under way on the former connections is broken off. */
  renew(): void;
  close(): Promise<void>;
}

export function renewable(open: () => Pool): RenewablePool {
  let pool = open();
  return {
    current: () => pool,
    renew: () => {
      const former = pool;
      pool = open();
      void former.destroy(new Error('the connections are opened anew'));
    },
    close: () => pool.destroy(),
  };
}
