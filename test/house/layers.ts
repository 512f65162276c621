/**
 * Who may import whom, and why not. This table is the law that `test/house/layers.test.ts` enforces on every run; a new
 * folder or package gets its line here first, with its reason.
 */
export interface Layer {
  /** What the folder is for, in a few words; opens the message of a breach. */
  readonly is: string;
  /** Neutral code runs anywhere: no Node, no DOM, no timers, no randomness. */
  readonly neutral?: true;
  /** Folders it may import: all of one, only its types, or only the named files (without `.ts`). */
  readonly imports: Readonly<Record<string, 'all' | 'types' | readonly string[]>>;
  /** Packages it may import, by name or by scope (`@noble/`). */
  readonly packages: readonly string[];
  /** Modules of Node that it may import. */
  readonly node: 'all' | readonly string[];
  /** Why the most tempting imports are banned: a folder, a package, or `node:`. */
  readonly never: Readonly<Record<string, string>>;
  /** Things of the platform that it may not touch. */
  readonly without: readonly Ban[];
}

/** What a source may be kept from, beyond imports. */
export type Ban = 'time' | 'randomness' | 'timers' | 'async' | 'locale' | 'process' | 'decryption';

export const banReasons: Readonly<Record<Ban, string>> = {
  time: 'the time is an input or the Clock port, so that simulation can drive it and a result can be repeated',
  randomness: 'randomness is the Random port, so that a seed repeats a run',
  timers: 'timers are the Clock port, so that a whole history runs on virtual time',
  async: 'a plan is computed in one synchronous step from its inputs; nothing may change in between',
  locale: 'the answer would differ between computers, and replicas would not converge',
  process: 'the environment is read once, in the composition root',
  decryption: 'the server cannot decrypt by construction',
};

const simulated: readonly Ban[] = ['time', 'randomness', 'timers', 'locale', 'process'];
const neutral = { neutral: true, node: [], without: simulated } as const;
const anywhere = 'neutral code also runs in a browser and in the simulation, and gives the same answer everywhere';

/** Files of crypto that the server may import: signatures, hashes and public headers. It checks; it never opens. */
const serverCrypto = [
  'account-chain',
  'account-event',
  'account-record',
  'cbor',
  'checkpoint-header',
  'constant-time',
  'entry-header',
  'failure',
  'fields',
  'grants',
  'id-list',
  'kdf',
  'labels',
  'login',
  'padme',
  'random',
  'sha256',
  'sign',
] as const;

/** Whatever can open a sealed box: the server reaches none of it, not through any number of imports. */
export const opensBoxes: readonly string[] = [
  'src/crypto/aes-gcm.ts',
  'src/crypto/argon2.ts',
  'src/crypto/box.ts',
  'src/crypto/chunk.ts',
  'src/crypto/device-state.ts',
  'src/crypto/grant.ts',
  'src/crypto/hpke.ts',
  'src/crypto/index-box.ts',
  'src/crypto/password.ts',
  'src/crypto/recovery.ts',
  'src/crypto/x25519.ts',
  'src/crypto/xchacha.ts',
  'src/vault/',
  'src/plan/',
  'src/engine/',
  '@noble/ciphers',
  '@node-rs/argon2',
  'hash-wasm',
];

export const layers: Readonly<Record<string, Layer>> = {
  common: {
    ...neutral,
    is: 'the floor of the house, which stands on nothing',
    imports: {},
    packages: [],
    never: { 'node:': anywhere },
  },
  model: {
    ...neutral,
    is: 'the words of the domain as types',
    imports: { common: 'all' },
    packages: [],
    never: {
      'node:': anywhere,
      wire: 'the domain does not know how it travels',
      zod: 'parsing belongs to the borders',
    },
  },
  wire: {
    ...neutral,
    is: 'what client and server both know',
    imports: { common: 'all' },
    packages: ['zod'],
    never: { 'node:': anywhere, model: 'the server imports wire and must not learn what a node or a name is' },
  },
  rpc: {
    ...neutral,
    is: 'the contract of the UI',
    imports: { common: 'all', model: 'types' },
    packages: ['zod'],
    never: {
      'node:': anywhere,
      model: 'the UI contract uses only types of model, so that the renderer carries no domain code',
      engine: 'the UI talks to a contract, never to the engine',
    },
  },
  plan: {
    ...neutral,
    is: 'the planner: pure, total, deterministic',
    imports: { common: 'all', model: 'all' },
    packages: [],
    without: [...simulated, 'async'],
    never: {
      'node:': anywhere,
      db: 'a plan is a function of three trees that are handed in',
      engine: 'the engine calls the planner, never the other way round',
      remote: 'a planner does no I/O',
      local: 'a planner does no I/O',
    },
  },
  crypto: {
    is: 'primitives and sealed formats',
    imports: { common: 'all' },
    packages: ['@noble/', '@scure/', '@node-rs/argon2', 'hash-wasm', '@napi-rs/blake-hash'],
    node: ['node:crypto', 'node:module', 'node:buffer', 'node:worker_threads'],
    without: ['time', 'timers', 'locale', 'process'],
    never: {
      model: 'formats are bytes; what they mean is the vault’s business',
      vault: 'the vault is built on crypto, never the other way round',
      'node:fs': 'crypto does no I/O: bytes in, bytes out',
      'node:http': 'crypto does no I/O: bytes in, bytes out',
      'node:net': 'crypto does no I/O: bytes in, bytes out',
    },
  },
  chunk: {
    is: 'splitting and delta: arithmetic on bytes that others read',
    imports: { common: 'all' },
    packages: [],
    node: [],
    without: simulated,
    never: {
      'node:': 'chunk does no I/O: a reader and a hash are handed in',
      crypto: 'the strong hash is a port; chunk knows no keys',
      model: 'chunk knows lengths and offsets, not manifests',
    },
  },
  vault: {
    is: 'keys, the change log and its verification',
    imports: { common: 'all', model: 'all', crypto: 'all' },
    packages: [],
    node: [],
    without: simulated,
    never: {
      remote: 'what is verified must not depend on how it was fetched',
      db: 'the vault gets its state as arguments and gives its result back',
      local: 'keys and files do not meet',
      engine: 'the engine is built on the vault, never the other way round',
      wire: 'what is verified must not depend on how it was fetched',
      'node:': 'the vault does no I/O; primitives come from crypto',
    },
  },
  db: {
    is: 'the local index',
    imports: { common: 'all', model: 'all' },
    packages: ['better-sqlite3'],
    node: 'all',
    without: ['randomness'],
    never: {
      local: 'db, local and remote meet only in the engine, through ports',
      remote: 'db, local and remote meet only in the engine, through ports',
      vault: 'the index stores what was verified; it cannot verify',
      crypto: 'sealing of secret columns is a port that app hands in',
    },
  },
  local: {
    is: 'the local file system',
    imports: { common: 'all', model: 'all' },
    packages: ['ignore'],
    node: 'all',
    without: ['randomness'],
    never: {
      db: 'db, local and remote meet only in the engine, through ports',
      remote: 'db, local and remote meet only in the engine, through ports',
      vault: 'keys and files do not meet',
      crypto: 'keys and files do not meet',
    },
  },
  remote: {
    is: 'the client of the storage API',
    imports: { common: 'all', model: 'all', wire: 'all' },
    packages: ['got', 'undici', 'zod'],
    node: 'all',
    without: [],
    never: {
      vault: 'what travels is opaque to the one who carries it',
      crypto: 'what travels is opaque to the one who carries it',
      db: 'db, local and remote meet only in the engine, through ports',
      local: 'db, local and remote meet only in the engine, through ports',
      server: 'client and server share wire and nothing else',
    },
  },
  engine: {
    is: 'the loop of a folder pair',
    imports: {
      common: 'all',
      model: 'all',
      plan: 'all',
      chunk: 'all',
      vault: 'all',
      db: 'types',
      local: 'types',
      remote: 'types',
    },
    packages: [],
    node: [],
    without: simulated,
    never: {
      db: 'the engine takes only types of it: the real one is handed in, so that the simulation can hand in a fake',
      local: 'the engine takes only types of it: the real one is handed in, so that the simulation can hand in a fake',
      remote: 'the engine takes only types of it: the real one is handed in, so that the simulation can hand in a fake',
      app: 'the composition root wires the engine, never the other way round',
      server: 'the engine knows the storage API as a port',
      crypto: 'keys are the vault’s; hashing and sealing are ports',
      'node:': 'the engine runs in one thread on virtual time over fakes; the platform is behind ports',
    },
  },
  server: {
    is: 'the storage server, which can read nothing',
    imports: { common: 'all', wire: 'all', crypto: serverCrypto },
    packages: ['fastify', 'better-sqlite3', 'zod'],
    node: 'all',
    without: ['decryption'],
    never: {
      vault: 'the server cannot decrypt by construction',
      plan: 'the server orders entries; it does not understand them',
      engine: 'client and server share wire and nothing else',
      model: 'the server must not learn what a node or a name is',
      remote: 'client and server share wire and nothing else',
      crypto: 'the server takes only signature and hash checks from crypto (see serverCrypto in test/house/layers.ts)',
    },
  },
  app: {
    is: 'the composition root',
    imports: {
      common: 'all',
      model: 'all',
      wire: 'all',
      plan: 'all',
      rpc: 'all',
      crypto: 'all',
      chunk: 'all',
      vault: 'all',
      db: 'all',
      local: 'all',
      remote: 'all',
      engine: 'all',
      server: 'all',
    },
    packages: ['env-paths', 'zod', 'better-sqlite3'],
    node: 'all',
    without: [],
    never: {
      electron: 'the core runs on plain Node as well; Electron’s parts are handed in by main/',
      cli: 'the command line is a client of app, never the other way round',
    },
  },
  cli: {
    is: 'the command line',
    imports: { app: 'all', rpc: 'all', common: 'all' },
    packages: ['commander'],
    node: 'all',
    without: [],
    never: {
      engine: 'commands go through app and rpc, as the window’s do',
      db: 'commands go through app and rpc, as the window’s do',
      local: 'commands go through app and rpc, as the window’s do',
      vault: 'commands go through app and rpc, as the window’s do',
      electron: 'the command line runs on plain Node',
    },
  },
  main: {
    is: 'Electron’s main process, thin',
    imports: { app: 'all', rpc: 'all', common: 'all' },
    packages: ['electron', 'electron-updater', 'zod'],
    node: 'all',
    without: [],
    never: {
      engine: 'the engine lives in its own process (main/engine.ts starts app there); main talks rpc to it',
      db: 'the engine lives in its own process; main talks rpc to it',
      local: 'the engine lives in its own process; main talks rpc to it',
      vault: 'keys live only in the engine’s process',
    },
  },
  resources: {
    is: 'pictures and packaging, and the programs that build them',
    imports: {
      app: 'all',
      rpc: 'all',
      common: 'all',
      cli: ['built-command.mjs'],
      crypto: ['raw-key', 'sign', 'update-statement'],
      main: ['tray-icon', 'tray-state'],
    },
    packages: ['vite', 'playwright-core', 'electron-builder'],
    node: 'all',
    without: [],
    never: { electron: 'what builds the app runs on plain Node' },
  },
  renderer: {
    is: 'the window, which also runs in a browser',
    imports: { rpc: 'all', common: 'all', model: 'types' },
    packages: ['react', 'react-dom', '@base-ui/react', '@tanstack/', 'lucide-react', 'zod', 'vite'],
    node: [],
    without: [],
    never: {
      'node:': 'the same build runs in a browser over loopback, and in a sandbox in Electron',
      electron: 'the same build runs in a browser over loopback; it talks rpc',
      app: 'the window knows the contract in rpc and nothing behind it',
      model: 'the window takes only types of model',
    },
  },
};

/** It starts what was built of the commands, which only a build brings about. */
export const mayComputeImports: ReadonlySet<string> = new Set(['src/cli/holdfast.mjs']);

export const maxLines = 800;
export const manyLines = 400;
