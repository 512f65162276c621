/** Undici as a whole takes 40 ms to load, mostly for `fetch` and web sockets; a command that syncs needs its pool alone. */
declare module 'undici/lib/dispatcher/pool.js' {
  import { Pool } from 'undici';

  export default Pool;
}

declare module 'undici/lib/core/connect.js' {
  import { buildConnector } from 'undici';

  export default buildConnector;
}
